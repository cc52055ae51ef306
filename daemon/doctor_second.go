package daemon

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/internal/service"
	"github.com/unhunch/unhunch/daemon/words"
)

// secondDaemons finds daemons besides the one that answers as process pid, 0 where none does: whoever has the lock of
// our state, and those that run on this desktop.
func secondDaemons(pid int, silent bool) []api.Check {
	return daemonsBeside(pid, silent, lockHolder(), service.Daemons())
}

func lockHolder() int {
	state, err := files.StatePath()
	if err != nil {
		return 0
	}
	if pid := files.Holder(filepath.Join(state, "lock")); service.IsDaemon(pid) {
		return pid
	}
	return 0
}

// daemonsBeside is secondDaemons for what was found. One that hangs is the holder of the lock, and has been told of.
func daemonsBeside(pid int, silent bool, holder int, running []int) []api.Check {
	if pid == 0 && silent {
		pid = holder
	}
	var checks []api.Check
	if holder != 0 && !slices.Contains(running, holder) {
		running = append(running, holder)
	}
	for _, other := range running {
		code := words.DoctorSecond
		switch {
		case other == pid, other == os.Getpid():
			continue
		case other == holder, pid == 0:
			code = words.DoctorUnreached
		}
		checks = append(checks, found("daemon", code, words.DoctorFacts{PID: other}))
	}
	return checks
}
