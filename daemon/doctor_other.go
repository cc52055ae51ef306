//go:build !linux

package daemon

import (
	"context"
	"runtime"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// systemLooks say that nobody has tested the program on this system.
func systemLooks() []look {
	name := map[string]string{"windows": "Windows", "darwin": "macOS"}[runtime.GOOS]
	if name == "" {
		name = runtime.GOOS
	}
	return []look{{"system", func(context.Context) []api.Check {
		return []api.Check{found("system", words.DoctorUntested, words.DoctorFacts{Name: name})}
	}}}
}

// hasScreen takes for granted what these systems always have.
func hasScreen() bool { return true }

// sessionSource is what tells of locks.
const sessionSource = "the system, untested so far"
