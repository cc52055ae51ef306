package bus

import (
	"net/url"
	"slices"
	"testing"

	"github.com/godbus/dbus/v5"
)

func TestSockets(t *testing.T) {
	for _, test := range []struct {
		address string
		want    []string
	}{
		{"unix:path=/run/user/1000/bus", []string{"/run/user/1000/bus"}},
		{"unix:path=/run/user/1000/bus,guid=0123", []string{"/run/user/1000/bus"}},
		{"unix:abstract=/tmp/dbus-x,guid=1", []string{"@/tmp/dbus-x"}},
		{"unix:guid=1,path=/a%20b%2cc", []string{"/a b,c"}},
		{"tcp:host=localhost,port=1;unix:path=/a;unix:path=/b", []string{"/a", "/b"}},
		{"autolaunch:", nil},
		{"unix:", nil},
		{"unix:path=", nil},
		{"unix:path=/%zz", nil},
		{"", nil},
	} {
		if got := sockets(test.address); !slices.Equal(got, test.want) {
			t.Errorf("sockets(%q) = %q, want %q", test.address, got, test.want)
		}
	}
}

func FuzzSockets(f *testing.F) {
	f.Add("unix:path=/run/user/1000/bus,guid=0123")
	f.Add("a;b=c,%")
	f.Fuzz(func(t *testing.T, text string) {
		sockets(text)
		if text == "" {
			return
		}
		if got := sockets("unix:path=" + url.PathEscape(text)); !slices.Equal(got, []string{text}) {
			t.Errorf("the path %q came back as %q", text, got)
		}
	})
}

func TestMatchFits(t *testing.T) {
	signal := &dbus.Signal{Sender: ":1.5", Path: "/a/b", Name: "x.Y.Member", Body: []any{"one"}}
	for _, test := range []struct {
		match Match
		want  bool
	}{
		{Match{}, true},
		{Match{Interface: "x.Y", Member: "Member", Path: "/a/b", Arg0: "one"}, true},
		{Match{PathNamespace: "/a"}, true},
		{Match{PathNamespace: "/a/b"}, true},
		{Match{PathNamespace: "/a/b/c"}, false},
		{Match{PathNamespace: "/a/bb"}, false},
		{Match{Interface: "x"}, false},
		{Match{Member: "Other"}, false},
		{Match{Path: "/a"}, false},
		{Match{Arg0: "two"}, false},
		{Match{Sender: "org.example"}, true}, // owners are compared by the bus and the tenant
		{Match{Sender: driver}, false},
	} {
		if got := test.match.fits(signal); got != test.want {
			t.Errorf("%s fits = %v, want %v", test.match.rule(), got, test.want)
		}
	}
}
