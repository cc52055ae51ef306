package daemon

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/hold"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/words"
)

// holds are what the daemon keeps of looking for reasons to stay quiet: names, which the core is not told.
type holds struct {
	found     atomic.Pointer[[]hold.Found]  // by the last look
	recording atomic.Pointer[[]hold.Stream] // from microphones, when it was last asked who is there in silence

	mu      sync.Mutex // guards these
	looking bool
	again   bool // another look is to follow the one that is under way
}

// look looks for reasons to stay quiet, and tells the loop what there is. Who asks while a look is under way may know more
// than that has seen: another follows it.
func (d *daemon) look() {
	d.holds.mu.Lock()
	defer d.holds.mu.Unlock()
	if d.holds.looking {
		d.holds.again = true
		return
	}
	d.holds.looking = true
	go func() {
		for again := true; again; {
			d.lookOnce()
			d.holds.mu.Lock()
			again = d.holds.again
			d.holds.looking, d.holds.again = again, false
			d.holds.mu.Unlock()
		}
	}()
}

func (d *daemon) lookOnce() {
	found := d.rooms.hold.Look(context.Background(), holdWants(*d.cfg.Load()))
	d.holds.found.Store(&found)
	e := core.Holds{}
	for _, f := range found {
		e.Found = append(e.Found, sighting(f))
	}
	d.loop.post(core.Event{Holds: &e})
}

func sighting(f hold.Found) reminder.Sighting { return reminder.Sighting{Reason: f.Reason, ID: f.ID} }

// await has another look follow as soon as one of these may be over. What is no longer there needs no listening to.
func (d *daemon) await(what []reminder.Sighting) {
	var to []hold.Found
	if found := d.holds.found.Load(); found != nil {
		for _, f := range *found {
			if slices.Contains(what, sighting(f)) {
				to = append(to, f)
			}
		}
	}
	d.rooms.hold.Listen(to)
}

func holdWants(c config.Config) hold.Wants {
	return hold.Wants{
		DoNotDisturb: c.Hold.DoNotDisturb, Fullscreen: c.Hold.Fullscreen, Call: c.Hold.Call, Ignore: c.Hold.IgnoreApps,
	}
}

// overFacts name what a prompt has waited for, as it is still there.
func (d *daemon) overFacts(h *reminder.Hold) (by, program string) {
	if h == nil {
		return "", ""
	}
	by = map[string]string{reminder.ReasonCall: hold.ByMicrophone, reminder.ReasonFullscreen: hold.ByScreen}[h.Reason]
	if found := d.holds.found.Load(); found != nil {
		for _, f := range *found {
			if f.Reason == h.Reason && f.ID == h.ID {
				return f.By, f.Program
			}
		}
	}
	return by, ""
}

// holdPart is the part of the reasons to stay quiet.
const holdPart = "hold"

// holdTime is how long what is looked at gets for the doctor, who waits for the whole daemon no longer than a second.
const holdTime = 500 * time.Millisecond

// holdChecks say which reasons to stay quiet can be seen, which there are, and which are no reasons.
func (d *daemon) holdChecks(ctx context.Context) []api.Check {
	cfg := d.cfg.Load()
	want := holdWants(*cfg)
	if !want.DoNotDisturb && !want.Fullscreen && !want.Call {
		return []api.Check{found(holdPart, words.DoctorHoldOff, words.DoctorFacts{})}
	}
	ctx, cancel := context.WithTimeout(ctx, holdTime)
	defer cancel()
	return holdFindings(d.rooms.hold.Examine(ctx, want), want, d.loop.snapshot.Load().state.Rem.Sights)
}

// holdFindings words what has become of looking.
func holdFindings(seen []hold.Sight, want hold.Wants, remembered []reminder.Sight) []api.Check {
	var by []string
	var rest []api.Check
	say := func(code string, f words.DoctorFacts) { rest = append(rest, found(holdPart, code, f)) }
	for _, s := range seen {
		facts := words.DoctorFacts{Name: s.By}
		unseen := errors.Is(s.Err, hold.ErrUnseen)
		switch {
		case unseen && s.Source == hold.ByScreen:
			say(words.DoctorHoldNoScreen, facts)
		case unseen: // there is no camera, or nothing that could disturb
		case errors.Is(s.Err, hold.ErrNoSound):
			say(words.DoctorHoldNoSound, facts)
		case s.Err != nil:
			facts.Name, facts.Detail = words.HoldSource(s.Source, ""), s.Err.Error()
			say(words.DoctorHoldFails, facts)
		default:
			by = append(by, words.HoldSource(s.Source, s.By))
		}
		for _, f := range s.Found {
			facts := words.DoctorFacts{Name: f.Program}
			switch {
			case s.Source == hold.DoNotDisturb:
				say(words.DoctorHoldDisturb, facts)
			case want.Ignores(f):
				say(words.DoctorHoldIgnored, facts)
			case slices.ContainsFunc(remembered, func(r reminder.Sight) bool { return r.ID == f.ID && r.Fixture }):
				say(map[string]string{
					hold.ByMicrophone: words.DoctorHoldMicrophoneStays, hold.ByCamera: words.DoctorHoldCameraStays,
				}[f.By], facts)
			default:
				say(map[string]string{
					hold.ByMicrophone: words.DoctorHoldMicrophone, hold.ByCamera: words.DoctorHoldCamera, hold.ByScreen: words.DoctorHoldScreen,
				}[f.By], facts)
			}
		}
	}
	if by == nil {
		return rest
	}
	return append([]api.Check{found(holdPart, words.DoctorHoldSeen, words.DoctorFacts{Name: strings.Join(by, ", ")})}, rest...)
}
