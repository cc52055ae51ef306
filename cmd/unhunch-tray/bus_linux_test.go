//go:build cgo

package main

import (
	"net"
	"path/filepath"
	"slices"
	"testing"
)

func TestWhereTheSessionBusIs(t *testing.T) {
	tests := []struct {
		address string
		want    []string
	}{
		{"", []string{"/run/user/1/bus"}},
		{"unix:path=/a/b", []string{"/a/b"}},
		{"unix:path=/a%20b,guid=0123", []string{"/a b"}},
		{"unix:abstract=/tmp/dbus-x,guid=0123", []string{"@/tmp/dbus-x"}},
		{"unix:path=/a;unix:path=/b", []string{"/a", "/b"}},
		{"tcp:host=localhost,port=1", nil},
		{"nonsense", nil},
	}
	t.Setenv("XDG_RUNTIME_DIR", "/run/user/1")
	for _, tt := range tests {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", tt.address)
		if got := busSockets(); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.address, got, tt.want)
		}
	}
}

func TestCheckBus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	if err := checkBus(); err == nil {
		t.Error("found a bus where there is none")
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := checkBus(); err != nil {
		t.Errorf("got %v", err)
	}
}
