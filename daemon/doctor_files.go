package daemon

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/words"
)

// A keptFile is one that the daemon keeps, and that should be the person's alone.
type keptFile struct {
	path string
	mode fs.FileMode // what it should be
	read bool        // others may read it
}

// filesLook looks at who can read and write what the daemon keeps. It changes nothing: what is open is closed by the
// daemon at its start.
func filesLook(configPath string) func(context.Context) []api.Check {
	return func(context.Context) []api.Check {
		var checks []api.Check
		for _, w := range ourFiles(configPath) {
			if code, facts := lookAtFile(w); code != "" {
				checks = append(checks, found("files", code, facts))
			}
		}
		if checks == nil {
			checks = append(checks, found("files", words.DoctorFilesYours, words.DoctorFacts{}))
		}
		return checks
	}
}

// ourFiles are all there may be.
func ourFiles(configPath string) []keptFile {
	const dir, file = 0o700, 0o600
	var all []keptFile
	if state, err := files.StatePath(); err == nil {
		all = append(all, keptFile{path: state, mode: dir})
		for _, name := range []string{"state.json", "profile.json", "history.db", "history.db-wal", "history.db-shm", "lock"} {
			all = append(all, keptFile{path: filepath.Join(state, name), mode: file})
		}
	}
	if socket, err := files.SocketPath(); err == nil {
		all = append(all, keptFile{path: filepath.Dir(socket), mode: dir}, keptFile{path: socket, mode: file})
	}
	if configPath != "" {
		all = append(all, keptFile{path: configPath, mode: file, read: true}) // many keep their settings where others may look
	}
	return all
}

// lookAtFile says what is wrong with a file, "" for nothing. What is not there is not wrong.
func lookAtFile(w keptFile) (code string, facts words.DoctorFacts) {
	facts.Path, facts.Want = w.path, uint32(w.mode)
	info, err := os.Stat(w.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", facts
	}
	if err != nil {
		facts.Detail = reason(err)
		return words.DoctorFileUnseen, facts
	}
	mode := info.Mode().Perm()
	facts.Mode = uint32(mode)
	const others, writing = 0o077, 0o022
	switch {
	case !permissionsCount:
		return "", facts
	case !files.Owned(info):
		return words.DoctorFileOthers, facts
	case mode&w.mode != w.mode:
		return words.DoctorFileShut, facts
	case w.read && mode&writing != 0:
		return words.DoctorFileWritten, facts
	case !w.read && mode&others != 0:
		return words.DoctorFileOpen, facts
	}
	return "", facts
}

// runtimeLook says whether the socket has a place of its own.
func runtimeLook(context.Context) []api.Check {
	if !permissionsCount {
		return nil
	}
	const part = "runtime directory"
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return []api.Check{found(part, words.DoctorNoRuntime, words.DoctorFacts{})}
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() || !filepath.IsAbs(dir) || !files.Owned(info) {
		return []api.Check{found(part, words.DoctorRuntimeAbsent, words.DoctorFacts{})}
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return []api.Check{found(part, words.DoctorRuntimeOpen, words.DoctorFacts{Path: dir, Mode: uint32(mode)})}
	}
	return []api.Check{found(part, words.DoctorRuntime, words.DoctorFacts{})}
}
