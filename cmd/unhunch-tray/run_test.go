//go:build windows || cgo

package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	version = "1.2.3"
	t.Cleanup(func() { version = "" })
	tests := []struct {
		args     string
		code     int
		out, err string // what each begins with
	}{
		{"--help", exitDone, "Shows how long", ""},
		{"-h", exitDone, "Shows how long", ""},
		{"--version", exitDone, "unhunch-tray 1.2.3\n", ""},
		{"--loud", exitUsage, "", "unhunch-tray: flag provided but not defined: -loud\nsee: unhunch-tray --help\n"},
		{"now", exitUsage, "", "unhunch-tray: unknown argument \"now\"\nsee: unhunch-tray --help\n"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(strings.Fields(tt.args), &out, &errs); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if !strings.HasPrefix(out.String(), tt.out) || tt.out == "" && out.Len() > 0 {
				t.Errorf("wrote %q", out.String())
			}
			if !strings.HasPrefix(errs.String(), tt.err) || tt.err == "" && errs.Len() > 0 {
				t.Errorf("complained %q", errs.String())
			}
		})
	}
}

func TestReport(t *testing.T) {
	tests := []struct {
		err  error
		code int
		want string
	}{
		{nil, exitDone, ""},
		{errors.New("no room on the disk"), exitFailed, "unhunch-tray: no room on the disk\n"},
		{errSecond, exitRefused, "unhunch-tray: another tray icon of yours is running already\n" + errSecond.hint + "\n"},
	}
	for _, tt := range tests {
		var errs bytes.Buffer
		if code := report(&errs, tt.err); code != tt.code || errs.String() != tt.want {
			t.Errorf("%v: exit code %d and %q", tt.err, code, errs.String())
		}
	}
}

func TestOneTrayAPerson(t *testing.T) {
	dir := t.TempDir()
	first, err := lockOnly(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockOnly(dir); !errors.Is(err, errSecond) {
		t.Errorf("the second: %v", err)
	}
	first.Close()
	again, err := lockOnly(dir)
	if err != nil {
		t.Fatalf("after the first: %v", err)
	}
	again.Close()
}
