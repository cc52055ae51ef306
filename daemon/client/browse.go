package client

import (
	"fmt"
	"os/exec"
	"time"
)

// browseTime is how long the program that opens links may take to say that it cannot. One that goes on longer is the
// browser itself.
const browseTime = 1500 * time.Millisecond

// Browse opens a link in the person's own browser. It returns once that has begun; an error means that it cannot.
func Browse(link string) error {
	command := browser(link)
	cmd := exec.Command(command[0], command[1:]...)
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s: %w", command[0], err)
		}
	case <-time.After(browseTime):
	}
	return nil
}
