// Package clienttest plays the daemon for tests of its clients: the real server on a real socket, in front of a
// fake that answers what the test tells it to.
package clienttest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/server"
)

// A Fake answers as a daemon would that keeps no rules. It is made by New and told what to answer by its methods.
type Fake struct {
	mu       sync.Mutex // guards what follows
	state    api.State
	changed  chan struct{} // closed and replaced when state changes
	did      []string
	react    func(did string, s *api.State)
	refusal  error
	plan     api.Plan
	routines api.Routines
	doctor   api.Doctor
	quit     bool

	profile    api.Profile
	setProfile func(changes map[string]string, p *api.Profile) error
}

// New makes a fake in the given state.
func New(s api.State) *Fake {
	return &Fake{state: s, changed: make(chan struct{})}
}

// Serve puts f on a socket at path until the returned function is called, which waits for the end.
func Serve(path string, f *Fake) (stop func(), err error) {
	l, err := server.Listen(path)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.New(f, slog.New(slog.DiscardHandler)).Serve(ctx, l)
	}()
	return func() { cancel(); <-done }, nil
}

// Start is Serve for the length of a test. It returns the path of the socket.
func Start(t testing.TB, f *Fake) string {
	t.Helper()
	path := t.TempDir() + "/run/api.sock"
	stop, err := Serve(path, f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return path
}

// Set changes the state, gives it the next rev and tells the watchers.
func (f *Fake) Set(change func(*api.State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.setLocked(change)
}

func (f *Fake) setLocked(change func(*api.State)) {
	change(&f.state)
	f.state.Rev++
	close(f.changed)
	f.changed = make(chan struct{})
}

// React has f change its state after each command, which is written as Did gives it.
func (f *Fake) React(react func(did string, s *api.State)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.react = react
}

// Refuse makes every command and plan fail with a rule's message; an empty one ends that.
func (f *Fake) Refuse(message, hint string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusal = nil
	if message != "" {
		f.refusal = &server.Refusal{Message: message, Hint: hint}
	}
}

// Answer sets what f answers to questions besides its state.
func (f *Fake) Answer(p api.Plan, r api.Routines, d api.Doctor) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plan, f.routines, f.doctor = p, r, d
}

// Did is the commands so far and forgets them: "snooze 5m0s", "was away 0s", "session/next".
func (f *Fake) Did() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	did := f.did
	f.did = nil
	return did
}

// HasQuit says whether somebody asked f to end.
func (f *Fake) HasQuit() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.quit
}

// State implements server.Backend, as do the methods below.
func (f *Fake) State(context.Context) api.State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

func (f *Fake) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}

func (f *Fake) Do(_ context.Context, c server.Command) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refusal != nil {
		return f.refusal
	}
	did := describe(c)
	f.did = append(f.did, did)
	f.setLocked(func(s *api.State) {
		if f.react != nil {
			f.react(did, s)
		}
	})
	return nil
}

// describe writes a command on one line.
func describe(c server.Command) string {
	switch {
	case c.Name == "stretch":
		return fmt.Sprintf("stretch routine=%s length=%s place=%s guide=%s",
			c.Stretch.Routine, c.Stretch.Length, c.Stretch.Place, c.Stretch.Guide)
	case c.Name == "session/feeling":
		return fmt.Sprintf("%s %s", c.Name, c.Feeling)
	case c.Name == "was":
		return fmt.Sprintf("was %s %v", c.Posture, c.Duration)
	case c.Tomorrow:
		return c.Name + " tomorrow"
	case c.Off:
		return c.Name + " off"
	case c.Duration > 0:
		return fmt.Sprintf("%s %v", c.Name, c.Duration)
	}
	return c.Name
}

func (f *Fake) Plan(context.Context, api.PlanRequest) (api.Plan, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.plan, f.refusal
}

func (f *Fake) Routines() api.Routines {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.routines
}

func (f *Fake) Settings() api.Settings { return api.Settings{} }

func (f *Fake) SetSetting(context.Context, string, string) error { return nil }

// Page is noted down as Did gives it, and opened nothing.
func (f *Fake) Page(context.Context, api.PageRequest) (api.PageLink, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, "page")
	return api.PageLink{Opened: true}, nil
}

// Links never has one.
func (f *Fake) Links() <-chan string { return nil }

func (f *Fake) Doctor(context.Context) api.Doctor {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.doctor
}

// History is empty but for its period.
func (f *Fake) History(_ context.Context, period string) (api.History, error) {
	return api.History{Period: period}, nil
}

// Knows sets the profile, and what becomes of it when it is changed.
func (f *Fake) Knows(p api.Profile, set func(changes map[string]string, p *api.Profile) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.profile, f.setProfile = p, set
}

func (f *Fake) Profile(context.Context) api.Profile {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.profile
}

// SetProfile is noted down as Did gives it: "profile level=gentle screening.bone=no".
func (f *Fake) SetProfile(_ context.Context, changes map[string]string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refusal != nil {
		return f.refusal
	}
	did := "profile"
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		did += fmt.Sprintf(" %s=%s", key, changes[key])
	}
	f.did = append(f.did, did)
	if f.setProfile == nil {
		return nil
	}
	return f.setProfile(changes, &f.profile)
}

// Erase is noted down as Did gives it.
func (f *Fake) Erase(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.did = append(f.did, "erase")
	return nil
}

func (f *Fake) EventLog(w io.Writer) error {
	_, err := io.WriteString(w, `{"format":1}`+"\n")
	return err
}

func (f *Fake) Quit() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.quit = true
}
