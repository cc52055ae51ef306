package files

import (
	"context"
	"os"
	"os/exec"
	"time"
)

// A Binary is the file that this process was started from, as it was then.
type Binary struct {
	path string
	info os.FileInfo // nil where it could not be looked at
}

// Self looks at the file that this process was started from.
func Self() Binary {
	path, err := os.Executable()
	if err != nil {
		return Binary{}
	}
	info, _ := os.Stat(path)
	return Binary{path, info}
}

// trialTime is how long a new program may take to say its version.
const trialTime = 5 * time.Second

// Replaced tells whether another program is in its place now, such as a newer version. One that cannot even be asked for
// its version, with the argument ask, is none: it may be half copied, or for another machine.
func (b Binary) Replaced(ctx context.Context, ask string) bool {
	if b.info == nil {
		return false
	}
	now, err := os.Stat(b.path)
	if err != nil || os.SameFile(b.info, now) && b.info.ModTime().Equal(now.ModTime()) && b.info.Size() == now.Size() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	return exec.CommandContext(ctx, b.path, ask).Run() == nil
}

// Path is where it is.
func (b Binary) Path() string { return b.path }
