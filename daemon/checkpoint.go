package daemon

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/files"
)

// The format of state.json.
const (
	stateFormat  = "unhunch-state"
	stateVersion = 1
)

// A checkpoint is the content of state.json.
type checkpoint struct {
	Format  string        `json:"format"`
	Version int           `json:"version"`
	BootID  string        `json:"boot_id"`
	Boot    time.Duration `json:"boot"` // nanoseconds since that boot
	Wall    time.Time     `json:"wall"`
	Core    core.State    `json:"core"`
}

// errNewer is a state file that a newer unhunch wrote. It is not touched.
var errNewer = errors.New("the saved state is from a newer unhunch")

// loadState reads the last checkpoint. With errNewer nothing may be written; any other error says what became of a
// file that could not be read, and the state is a new one.
func loadState(path string, fresh core.State, now time.Time) (core.State, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fresh, nil
	case err != nil:
		return fresh, err
	}
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if json.Unmarshal(data, &head) == nil && head.Format == stateFormat && head.Version > stateVersion {
		return fresh, errNewer
	}
	var c checkpoint
	if err := c.parse(data); err != nil {
		aside := fmt.Sprintf("%s.unreadable-%s", path, now.Format("20060102-150405"))
		return fresh, errors.Join(fmt.Errorf("the saved state could not be read and was set aside as %s", aside),
			err, os.Rename(path, aside))
	}
	return c.Core, nil
}

func (c *checkpoint) parse(data []byte) error {
	if err := json.Unmarshal(data, c); err != nil {
		return err
	}
	if c.Format != stateFormat {
		return fmt.Errorf("its format is %q, not %q", c.Format, stateFormat)
	}
	return c.Core.Check()
}

// A saver writes checkpoints on its own goroutine: always the newest state, never two at once.
type saver struct {
	path    string
	failing func(error) // told of each change between nil and an error

	mu    sync.Mutex
	work  *sync.Cond
	next  *core.State // to be written, nil for none
	asked uint64      // saves asked for
	done  uint64      // of them, how many are on disk, or have failed
	ended bool
}

func newSaver(path string, failing func(error)) *saver {
	s := &saver{path: path, failing: failing}
	s.work = sync.NewCond(&s.mu)
	return s
}

// save orders st to be written. It does not wait.
func (s *saver) save(st core.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = &st
	s.asked++
	s.work.Broadcast()
}

// flush waits until everything ordered so far has been written, or could not be.
func (s *saver) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for want := s.asked; s.done < want && !s.ended; {
		s.work.Wait()
	}
}

// run writes until end is called and nothing is left to write.
func (s *saver) run() {
	var last error
	for {
		s.mu.Lock()
		for s.next == nil && !s.ended {
			s.work.Wait()
		}
		st, n := s.next, s.asked
		s.next = nil
		s.mu.Unlock()
		if st == nil {
			return
		}
		err := s.write(*st)
		s.mu.Lock()
		s.done = n
		s.work.Broadcast()
		s.mu.Unlock()
		if (err == nil) != (last == nil) {
			s.failing(err)
		}
		last = err
	}
}

func (s *saver) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.work.Broadcast()
}

func (s *saver) write(st core.State) error {
	data, err := json.Marshal(checkpoint{
		Format: stateFormat, Version: stateVersion,
		BootID: st.BootID, Boot: st.At.Boot, Wall: st.At.Wall, Core: st,
	})
	if err != nil {
		return err
	}
	return files.WriteAtomic(s.path, data)
}
