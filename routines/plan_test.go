package routines

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPlanOfTwoMinutes(t *testing.T) {
	for _, place := range []string{Chair, Standing} {
		p, err := Default().Plan(Request{Length: 2 * time.Minute, Place: place})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := p.Length(), 2*time.Minute; got != want {
			t.Errorf("%s: length %s, want %s", place, got, want)
		}
		if got := len(p.Moves()); got < 4 {
			t.Errorf("%s: %v, want at least four exercises", place, p.Moves())
		}
	}
}

func TestStandingBeginsWithStandingUpSlowly(t *testing.T) {
	for _, r := range []Request{{Length: time.Minute}, {Routine: "standing-reset"}} {
		p, err := Default().Plan(r)
		if err != nil {
			t.Fatal(err)
		}
		first := p.Steps[0]
		if first.Setup[0] != "Stand up slowly." || first.Ready != readyStand {
			t.Errorf("%+v: begins with %q in %s", r, first.Setup, first.Ready)
		}
	}
}

// A session begins with a warm-up. Half a minute has room for one exercise: that is a stretch.
func TestWhatASessionBeginsWith(t *testing.T) {
	for _, place := range []string{Chair, Standing} {
		for _, length := range []time.Duration{MinLength, time.Minute, 2 * time.Minute, 5 * time.Minute} {
			begins := map[string]bool{}
			r := Request{Length: length, Place: place, At: monday}
			for range 10 {
				p, err := Default().Plan(r)
				if err != nil {
					t.Fatal(err)
				}
				first, _ := Default().Exercise(p.Steps[0].Exercise)
				if got, want := first.Kind == warmup, length > MinLength; got != want {
					t.Errorf("%s in %s begins with %s, a %s", length, place, first.ID, first.Kind)
				}
				begins[first.ID] = true
				r = r.after(p)
			}
			if len(begins) < 2 {
				t.Errorf("%s in %s always begins with %v", length, place, begins)
			}
		}
	}
}

// A named walk is nothing but walking, on the feet.
func TestWalk(t *testing.T) {
	for _, length := range []time.Duration{0, time.Minute, 2 * time.Minute, 5 * time.Minute} {
		p, err := Default().Plan(Request{Routine: "walk", Length: length})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Steps) != 1 || p.Steps[0].Exercise != "window-walk" || p.Place != Standing {
			t.Errorf("%s: %+v", length, p)
		}
	}
}

// anybody is a person for whom everything is allowed.
func anybody() Profile {
	p := Profile{
		Screening: map[string]Answer{}, Level: advanced, Places: []string{Floor, bar, table},
		Equipment: []string{"bar", "inversion-table"},
	}
	for _, tag := range tags {
		p.Screening[tag] = No
	}
	for _, e := range Default().Exercises {
		p.Enabled = append(p.Enabled, e.ID)
		p.Equipment = append(p.Equipment, e.Equipment...)
	}
	return p
}

func TestNamedRoutine(t *testing.T) {
	for _, r := range Default().Routines {
		p, err := Default().Plan(Request{Routine: r.ID, Place: Chair, Profile: anybody(), At: monday})
		if err != nil {
			t.Fatal(err)
		}
		written, err := Default().AsWritten(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := p.Length(), written.Length(); got != want || p.Note != "" {
			t.Errorf("%s takes %s (note %q), want %s", r.ID, got, p.Note, want)
		}
		if p.Place != r.Place {
			t.Errorf("%s is planned for the place %s, want its own, %s", r.ID, p.Place, r.Place)
		}
		for _, length := range []time.Duration{time.Minute, 5 * time.Minute, MaxLength} {
			p, err := Default().Plan(Request{Routine: r.ID, Length: length, Profile: anybody(), At: monday})
			if err != nil {
				t.Errorf("%s in %s: %v", r.ID, length, err)
			}
			if off := (p.Length() - length).Abs(); off > length/20 && p.Note != NoteShorter {
				t.Errorf("%s in %s takes %s", r.ID, length, p.Length())
			}
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	var all []string
	for _, e := range Default().Exercises {
		all = append(all, e.ID)
	}
	tests := []struct {
		name string
		r    Request
		want error
	}{
		{"too short", Request{Length: 29 * time.Second}, ErrLength},
		{"too long", Request{Length: 16 * time.Minute}, ErrLength},
		{"negative", Request{Length: -time.Minute}, ErrLength},
		{"no length", Request{}, ErrLength},
		{"routine too long", Request{Routine: "chair-reset", Length: time.Hour}, ErrLength},
		{"unknown place", Request{Length: time.Minute, Place: "roof"}, ErrUnknownPlace},
		{"unknown routine", Request{Routine: "moonwalk"}, ErrUnknownRoutine},
		{"nobody who cannot get down is sent there", Request{
			Length: 5 * time.Minute, Place: Floor, Profile: Profile{Abilities: []string{Wheelchair}},
		}, ErrNothingFits},
		{"everything retired", Request{Length: time.Minute, Profile: Profile{Retired: all}}, ErrNothingFits},
		{"all of the routine retired", Request{Routine: "chair-reset", Profile: Profile{Retired: all}}, ErrNothingFits},
	}
	for _, tt := range tests {
		if _, err := Default().Plan(tt.r); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

// With one exercise left, which takes 40 s at most in a short session, 5 % is where it ends. What is shorter says so.
func TestPlanIsWithinFivePercent(t *testing.T) {
	var others []string
	for _, e := range Default().Exercises {
		if e.ID != "neck-tilts" {
			others = append(others, e.ID)
		}
	}
	for length, want := range map[time.Duration]string{42 * time.Second: "", 43 * time.Second: NoteShorter} {
		p, err := Default().Plan(Request{Length: length, Place: Chair, Profile: Profile{Retired: others}})
		if err != nil || p.Note != want || p.Length() != 40*time.Second {
			t.Errorf("%s: %s, %q, %v; want %q", length, p.Length(), p.Note, err, want)
		}
	}
}

func TestSlowPaceDoublesGettingReady(t *testing.T) {
	p, err := Default().Plan(Request{Length: 2 * time.Minute, Place: Standing, Pace: PaceSlow})
	if err != nil {
		t.Fatal(err)
	}
	if p.Steps[0].Ready != 2*readyStand || p.Steps[1].Ready != 2*readySame || p.Length() != 2*time.Minute {
		t.Errorf("ready %s then %s, in all %s", p.Steps[0].Ready, p.Steps[1].Ready, p.Length())
	}
}

// monday is a working morning.
var monday = time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)

// after is the same request half an hour after the plan was carried out.
func (r Request) after(p Plan) Request {
	h, ok := r.History.(past)
	if !ok {
		h = newPast()
	}
	next := past{done: maps.Clone(h.done), first: h.first}
	for _, s := range p.Steps {
		if s.Side != Right {
			next.add(s.Exercise, r.At)
		}
	}
	r.History, r.At = next, r.At.Add(30*time.Minute)
	return r
}

// Ten sessions running differ, and every way of moving that the place allows comes at least twice.
func TestTenSessionsDiffer(t *testing.T) {
	for _, place := range []string{Chair, Standing} {
		r := Request{Length: 2 * time.Minute, Place: place, At: monday}
		var seen []string
		count := map[string]int{}
		for range 10 {
			p, err := Default().Plan(r)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Moves()) < 4 {
				t.Errorf("%s: only %v in two minutes", place, p.Moves())
			}
			moves, _ := json.Marshal(p.Moves())
			if len(seen) > 0 && seen[len(seen)-1] == string(moves) {
				t.Errorf("%s: twice running %s", place, moves)
			}
			seen = append(seen, string(moves))
			for _, s := range p.Steps {
				for _, d := range s.Direction {
					count[d]++
				}
			}
			r = r.after(p)
		}
		rules := newRules(r, 120)
		for i := range Default().Exercises {
			if e := &Default().Exercises[i]; rules.refuse(e) == "" {
				for _, d := range e.Direction {
					if count[d] < 2 {
						t.Errorf("%s: direction %s came %d times in ten sessions", place, d, count[d])
					}
				}
			}
		}
		t.Logf("%s: %d different of %d\n%s", place, len(slices.Compact(slices.Sorted(slices.Values(seen)))), len(seen), strings.Join(seen, "\n"))
	}
}

// TestNeighboursDifferWhereTheyCan is the case where taking the best next exercise leads into a corner.
func TestNeighboursDifferWhereTheyCan(t *testing.T) {
	e := func(id, direction string) *block {
		return &block{exercise: &Exercise{ID: id}, moves: moves([]string{direction})}
	}
	order := func(blocks []*block) (ids string) {
		for _, b := range blocks {
			ids += b.exercise.ID
		}
		return ids
	}
	tests := []struct {
		eligible []*block
		want     string
	}{
		{[]*block{e("b", "legs"), e("1", "hinge"), e("2", "hinge")}, "1b2"},
		{[]*block{e("1", "hinge"), e("2", "hinge"), e("3", "hinge"), e("b", "legs")}, "1b23"},
		{[]*block{e("1", "hinge"), e("2", "hinge")}, "12"},
	}
	for _, tt := range tests {
		if got := order(arrange(nil, tt.eligible)); got != tt.want {
			t.Errorf("%s: got %s, want %s", order(tt.eligible), got, tt.want)
		}
	}
}

// BenchmarkPlan is what the design has a budget for. The worst is the longest session for somebody who may do
// everything and has done all of it.
func BenchmarkPlan(b *testing.B) {
	everything := newPast()
	for i, e := range Default().Exercises {
		everything.done[e.ID] = Done{Last: monday.AddDate(0, 0, -3).Add(-time.Duration(i) * time.Hour)}
	}
	for _, length := range []time.Duration{2 * time.Minute, MaxLength} {
		for _, place := range []string{Chair, Standing, Floor} {
			r := Request{Length: length, Place: place, Profile: anybody(), History: everything, At: monday}
			b.Run(fmt.Sprintf("%s/%s", place, length), func(b *testing.B) {
				for b.Loop() {
					if _, err := Default().Plan(r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
