package service

import (
	"os"
	"testing"
)

func TestParseEnvironment(t *testing.T) {
	got := parseEnvironment("DISPLAY=:0\nXAUTHORITY=$'/run/my dir/it\\'s'\nEMPTY=\nnonsense\n")
	want := map[string]string{"DISPLAY": ":0", "XAUTHORITY": "/run/my dir/it's", "EMPTY": ""}
	if len(got) != len(want) {
		t.Errorf("got %q", got)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
}

// Root is refused before anything is looked at.
func TestRoot(t *testing.T) {
	err := refuseRoot()
	if e, ok := err.(*Error); (os.Geteuid() == 0) != (ok && e.Refused && e.Hint != "") {
		t.Errorf("user id %d: %v", os.Geteuid(), err)
	}
}
