package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/unhunch/unhunch/daemon/api"
)

// rehearsal is a guide in front of a daemon that does what playSession does.
type rehearsal struct {
	guide
	out    bytes.Buffer
	states chan api.State
	ended  chan error
	keys   chan byte
	sig    chan os.Signal
	now    api.State
	did    []string
	refuse error
	done   chan error
}

func rehearse(t *testing.T, change ...func(*rehearsal)) *rehearsal {
	r := &rehearsal{
		states: make(chan api.State), ended: make(chan error), keys: make(chan byte), sig: make(chan os.Signal),
		done: make(chan error, 1), now: afternoon(),
	}
	playSession("stretch", &r.now)
	r.guide = guide{
		control: r.control, feel: r.feel, states: r.states, ended: r.ended, keys: r.keys, signals: r.sig,
		view: &lines{out: &r.out}, id: "s1",
	}
	for _, c := range change {
		c(r)
	}
	go func() { r.done <- r.run(t.Context(), r.now) }()
	return r
}

// control runs on the guide's goroutine, while the test waits for the guide to take what comes next.
func (r *rehearsal) control(_ context.Context, name string) (api.State, error) {
	r.did = append(r.did, name)
	if r.refuse != nil {
		return api.State{}, r.refuse
	}
	playSession("session/"+name, &r.now)
	r.now.Rev++
	return r.now, nil
}

func (r *rehearsal) feel(_ context.Context, feeling string) (api.State, error) {
	r.did = append(r.did, feeling)
	if r.refuse != nil {
		return api.State{}, r.refuse
	}
	playSession("session/feeling "+feeling, &r.now)
	r.now.Rev++
	return r.now, nil
}

// go to a step as if time had passed.
func (r *rehearsal) step(step int, phase string) {
	s := r.now
	s.Rev += 100
	s.Session = exercise(step, phase)
	r.states <- s
}

func TestPlainGuideSaysEachPhaseOnce(t *testing.T) {
	r := rehearse(t)
	r.step(1, "work")
	r.step(1, "paused")
	r.step(1, "work")
	r.step(2, "ready")
	r.step(2, "work")
	r.step(2, "done")
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/guide-plain.golden", r.out.String())
}

func TestGuideKeys(t *testing.T) {
	tests := []struct {
		keys string
		want []string
		says string
	}{
		{" \x20", []string{"pause", "resume"}, "Paused at Shoulder rolls"},
		{"nb", []string{"next", "back"}, "Get ready for Shoulder rolls"},
		{"nn", []string{"next", "next"}, "Nicely done."},
		{"? ", []string{"pause", "resume"}, "Paused at Shoulder rolls"}, // reads the signs, then goes on
		{"q", []string{"stop"}, "Stopped. Come up slowly."},
		{"\x03", []string{"stop"}, "Stopped. Come up slowly."},
		{"h\r", []string{"hurt", "stop"}, "Stopped. Come up slowly.\nStop at sharp pain"},
		{"hnb g", []string{"hurt", "resume"}, "To go on gently"}, // nothing but the two answers is open then
		{"HQ", []string{"hurt", "stop"}, "Stopped. Come up slowly."},
		{"x\x1b[A\x1b[H\x1bOQ\x1b[15~", nil, "Shoulder rolls"},  // keys whose codes end in letters of ours
		{"\x1bh", []string{"hurt"}, "Stopped. Come up slowly."}, // Esc, to be rid of it, then what matters
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%q", tt.keys), func(t *testing.T) {
			r := rehearse(t)
			for _, key := range []byte(tt.keys) {
				select {
				case r.keys <- key:
				case err := <-r.done:
					t.Fatalf("left before the key %q: %v", key, err)
				}
			}
			select {
			case r.sig <- syscall.SIGTERM: // leaves what is still running
				<-r.done
			case <-r.done:
			}
			if fmt.Sprint(r.did) != fmt.Sprint(tt.want) {
				t.Errorf("the daemon was told %q, want %q", r.did, tt.want)
			}
			if !strings.Contains(r.out.String(), tt.says) {
				t.Errorf("said %q, want %q in it", r.out.String(), tt.says)
			}
		})
	}
}

// A patient view waits for a key after the end, as a screen does.
type patient struct{ lines }

func (*patient) lingers() time.Duration { return time.Hour }

// TestGuideAsksHowYouFeel finishes a session that is asked about on a view that waits, and presses a key.
func TestGuideAsksHowYouFeel(t *testing.T) {
	for _, tt := range []struct {
		name   string
		keys   string
		worse  int
		silent bool
		did    string
		says   string
	}{
		{"better", "b", 0, false, "[better]", "Good to hear."},
		{"same", "S", 0, false, "[same]", "Nicely done."},
		{"worse", "w", 0, false, "[worse]", "shorter and slower"},
		{"worse again", "w", 1, false, "[worse]", "Again you felt worse"},
		{"another key", "n", 0, false, "[]", "Nicely done."},
		{"not asked", "w", 0, true, "[]", "Nicely done."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := rehearse(t, func(r *rehearsal) { r.view = &patient{lines{out: &r.out}} })
			done := r.now
			done.Rev += 100
			done.WorseRunning = tt.worse
			done.Session = exercise(2, "done")
			done.Session.CheckIn = !tt.silent
			r.states <- done
			r.now = done
			for _, key := range []byte(tt.keys) {
				r.keys <- key
			}
			if err := <-r.done; err != nil {
				t.Fatal(err)
			}
			said := r.out.String()
			if got := fmt.Sprint(r.did); got != tt.did || !strings.Contains(said, tt.says) {
				t.Errorf("told the daemon %s and said %q", got, said)
			}
			if signs := strings.Contains(said, "emergency number"); signs != (tt.worse > 0) {
				t.Errorf("the stop signs are shown: %t", signs)
			}
		})
	}
}

func TestPlainGuideAsksAndLeaves(t *testing.T) {
	r := rehearse(t)
	s := r.now
	s.Rev++
	s.Session = exercise(2, "done")
	s.Session.CheckIn = true
	r.states <- s
	if err := <-r.done; err != nil || !strings.Contains(r.out.String(), "Say: unhunch session feeling better, same or worse\n") {
		t.Errorf("got %v, said %q", err, r.out.String())
	}
}

func TestGuideEnds(t *testing.T) {
	broken := errors.New("broken")
	tests := []struct {
		name string
		end  func(r *rehearsal)
		did  string
		says string
		err  error
	}{
		{"Ctrl-C stops the session", func(r *rehearsal) { r.sig <- os.Interrupt }, "[stop]", "Stopped.", nil},
		{"a closed terminal leaves it running", func(r *rehearsal) { r.sig <- syscall.SIGHUP }, "[]", "", nil},
		{"so does a keyboard that is gone", func(r *rehearsal) { close(r.keys) }, "[]", "", nil},
		{"the session ended elsewhere", func(r *rehearsal) { s := r.now; s.Rev++; s.Session = nil; r.states <- s }, "[]", "ended", nil},
		{"another session began", func(r *rehearsal) {
			s := r.now
			s.Rev++
			s.Session = exercise(1, "work")
			s.Session.ID = "s2"
			r.states <- s
		}, "[]", "ended", nil},
		{"the daemon ended", func(r *rehearsal) { r.ended <- broken }, "[]", "", broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := rehearse(t)
			tt.end(r)
			if err := <-r.done; !errors.Is(err, tt.err) {
				t.Errorf("got error %v, want %v", err, tt.err)
			}
			if got := fmt.Sprint(r.did); got != tt.did || !strings.Contains(r.out.String(), tt.says) {
				t.Errorf("told the daemon %s and said %q", got, r.out.String())
			}
		})
	}
}

func TestGuideShowsARefusalAndGoesOn(t *testing.T) {
	r := rehearse(t)
	r.refuse = errors.New("the daemon is busy")
	r.keys <- 'n'
	r.step(2, "done")
	if err := <-r.done; err != nil || !strings.Contains(r.out.String(), "the daemon is busy") {
		t.Errorf("got %v, said %q", err, r.out.String())
	}
}

// TestGuideIgnoresOlderStates sends the state of before a key after the answer to it, as a slow stream does.
func TestGuideIgnoresOlderStates(t *testing.T) {
	r := rehearse(t)
	before := r.now
	r.keys <- 'n'
	r.states <- before
	r.sig <- syscall.SIGHUP
	<-r.done
	if got := strings.Count(r.out.String(), "1 of 2"); got != 1 {
		t.Errorf("went back in time:\n%s", r.out.String())
	}
}

func TestFrames(t *testing.T) {
	moment := func(step int, phase string, change func(*api.Session)) api.Session {
		p := exercise(step, phase)
		change(p)
		return *p
	}
	same := func(*api.Session) {}
	var b strings.Builder
	for _, f := range []struct {
		name          string
		session       api.Session
		note          string
		signs         bool
		width, height int
	}{
		{"ready", moment(1, "ready", func(p *api.Session) { p.StepLeftS, p.StepS = 3, 5 }), "", false, 80, 24},
		{"work, second step", moment(2, "work", func(p *api.Session) { p.StepLeftS = 9.2 }), "", false, 80, 24},
		{"paused", moment(1, "paused", same), "", false, 80, 24},
		{"hurt", moment(1, "paused", func(p *api.Session) { p.Hurt = true }), "", false, 80, 24},
		{"refused", moment(1, "work", same), "the daemon is busy", false, 80, 24},
		{"when to stop", moment(1, "paused", same), "", true, 80, 24},
		{"done", moment(2, "done", same), "", false, 80, 24},
		{"done, asks", moment(2, "done", func(p *api.Session) { p.CheckIn = true }), "", false, 80, 24},
		{"done, asks in a small window", moment(2, "done", func(p *api.Session) { p.CheckIn = true }), "", false, 40, 6},
		{"narrow and low", moment(2, "work", func(p *api.Session) { p.Next, p.NextSide = p.Name, "right" }), "", false, 40, 12},
		{"a low window", moment(1, "work", same), "", false, 80, 14},
		{"a window too low", moment(1, "work", same), "", false, 80, 5},
		{"a narrow window", moment(1, "work", same), "", false, 30, 24},
		{"hurt, narrow and low", moment(1, "paused", func(p *api.Session) { p.Hurt = true }), "", false, 40, 12},
		{"hurt, low", moment(1, "paused", func(p *api.Session) { p.Hurt = true }), "", false, 80, 16},
		{"hurt in a small window", moment(1, "paused", func(p *api.Session) { p.Hurt = true }), "", false, 40, 6},
	} {
		rows := frame(f.session, f.signs, f.note, f.width, f.height, palette(false), nil)
		fmt.Fprintf(&b, "# %s\n%s\n", f.name, strings.Join(rows, "\n"))
		if len(rows) > f.height {
			t.Errorf("%s: %d rows in a window of %d", f.name, len(rows), f.height)
		}
		for _, row := range rows {
			if n := utf8.RuneCountInString(row); n > f.width {
				t.Errorf("%s: %q is %d columns wide in a window of %d", f.name, row, n, f.width)
			}
		}
	}
	golden(t, "testdata/guide-frames.golden", b.String())
}

func TestWrap(t *testing.T) {
	tests := []struct {
		text  string
		width int
		want  []string
	}{
		{"short", 10, []string{"short"}},
		{"two words", 5, []string{"two", "words"}},
		{"exactly ten", 11, []string{"exactly ten"}},
		{"  - a bullet of words", 12, []string{"  - a bullet", "    of words"}},
		{"unbreakable", 5, []string{"unbr…"}},
		{"", 5, []string{""}},
	}
	for _, tt := range tests {
		if got := wrap(tt.text, tt.width); fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%q in %d: got %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}
