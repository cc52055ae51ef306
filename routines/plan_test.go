package routines

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
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
			var recent []string
			begins := map[string]bool{}
			for range 10 {
				p, err := Default().Plan(Request{Length: length, Place: place, Recent: recent})
				if err != nil {
					t.Fatal(err)
				}
				first, _ := Default().Exercise(p.Steps[0].Exercise)
				if got, want := first.Kind == warmup, length > MinLength; got != want {
					t.Errorf("%s in %s begins with %s, a %s", length, place, first.ID, first.Kind)
				}
				begins[first.ID] = true
				for _, s := range p.Steps {
					recent = append(recent, s.Exercise)
				}
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

func TestNamedRoutine(t *testing.T) {
	for _, r := range Default().Routines {
		if Default().LevelOf(r) != gentle {
			continue // planned only for those who are known well enough
		}
		written, err := Default().AsWritten(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Default().Plan(Request{Routine: r.ID, Place: Floor})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := p.Length(), written.Length(); got != want {
			t.Errorf("%s takes %s, want %s", r.ID, got, want)
		}
		if p.Place != r.Place {
			t.Errorf("%s is planned for the place %s, want its own, %s", r.ID, p.Place, r.Place)
		}
		for _, length := range []time.Duration{time.Minute, 5 * time.Minute, MaxLength} {
			p, err := Default().Plan(Request{Routine: r.ID, Length: length})
			if err != nil {
				t.Errorf("%s in %s: %v", r.ID, length, err)
			}
			if off := (p.Length() - length).Abs(); off > length/20 {
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
		{"nothing for the floor yet", Request{Length: 5 * time.Minute, Place: Floor}, ErrNothingFits},
		{"everything retired", Request{Length: time.Minute, Retired: all}, ErrNothingFits},
		{"all of the routine retired", Request{Routine: "chair-reset", Retired: all}, ErrNothingFits},
	}
	for _, tt := range tests {
		if _, err := Default().Plan(tt.r); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

// With one exercise left, which takes 40 s at most in a short session, 5 % is where it ends.
func TestPlanIsWithinFivePercent(t *testing.T) {
	var others []string
	for _, e := range Default().Exercises {
		if e.ID != "neck-tilts" {
			others = append(others, e.ID)
		}
	}
	for length, want := range map[time.Duration]error{42 * time.Second: nil, 43 * time.Second: ErrNothingFits} {
		_, err := Default().Plan(Request{Length: length, Place: Chair, Retired: others})
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", length, err, want)
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

func TestTenSessionsDiffer(t *testing.T) {
	for _, place := range []string{Chair, Standing} {
		var recent []string
		var seen []string
		count := map[string]int{}
		for range 10 {
			p, err := Default().Plan(Request{Length: 2 * time.Minute, Place: place, Recent: recent})
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
				recent = append(recent, s.Exercise)
				for _, d := range s.Direction {
					count[d]++
				}
			}
		}
		for _, e := range (Default().eligible(Request{Place: place})) {
			for _, d := range e.Direction {
				if count[d] < 2 {
					t.Errorf("%s: direction %s came %d times in ten sessions", place, d, count[d])
				}
			}
			if !slices.Contains(recent, e.ID) {
				t.Errorf("%s: %s never came in ten sessions", place, e.ID)
			}
		}
	}
}

// TestNeighboursDifferWhereTheyCan is the case where taking the best next exercise leads into a corner.
func TestNeighboursDifferWhereTheyCan(t *testing.T) {
	e := func(id, direction string) block {
		return block{exercise: &Exercise{ID: id, Direction: []string{direction}}}
	}
	order := func(blocks []block) (ids string) {
		for _, b := range blocks {
			ids += b.exercise.ID
		}
		return ids
	}
	tests := []struct {
		eligible []block
		want     string
	}{
		{[]block{e("b", "y"), e("1", "x"), e("2", "x")}, "1b2"},
		{[]block{e("1", "x"), e("2", "x"), e("3", "x"), e("b", "y")}, "1b23"},
		{[]block{e("1", "x"), e("2", "x")}, "12"},
	}
	for _, tt := range tests {
		if got := order(arrange(nil, tt.eligible)); got != tt.want {
			t.Errorf("%s: got %s, want %s", order(tt.eligible), got, tt.want)
		}
	}
}

func anyRequest(t *rapid.T) Request {
	var ids []string
	for _, e := range Default().Exercises {
		ids = append(ids, e.ID)
	}
	return Request{
		Length:  time.Duration(rapid.Int64Range(int64(MinLength), int64(MaxLength)).Draw(t, "length")),
		Place:   rapid.SampledFrom([]string{"", Chair, Standing}).Draw(t, "place"),
		Retired: rapid.SliceOfDistinct(rapid.SampledFrom(ids), rapid.ID).Draw(t, "retired"),
		Recent:  rapid.SliceOf(rapid.SampledFrom(ids)).Draw(t, "recent"),
		Pace:    rapid.SampledFrom([]string{"", PaceNormal, PaceSlow, PaceWait}).Draw(t, "pace"),
	}
}

// checkPlan holds the rules of a composed session.
func checkPlan(t *rapid.T) {
	r := anyRequest(t)
	p, err := Default().Plan(r)
	again, _ := Default().Plan(r)
	if !reflect.DeepEqual(p, again) {
		t.Fatalf("the same request gave another plan")
	}
	place := r.Place
	if place == "" {
		place = Standing
	}
	r.Place = place
	eligible := Default().eligible(r)
	if err != nil {
		if len(eligible) > 2 || !errors.Is(err, ErrNothingFits) {
			t.Fatalf("with %d exercises: %v", len(eligible), err)
		}
		return
	}
	if off := (p.Length() - r.Length).Abs(); off > r.Length/20+time.Second/2 {
		t.Fatalf("asked for %s, got %s", r.Length, p.Length())
	}
	checkSteps(t, r, p)
	checkOrder(t, p, eligible)
}

func checkSteps(t *rapid.T, r Request, p Plan) {
	sides := map[string]time.Duration{}
	for i, s := range p.Steps {
		e, ok := Default().Exercise(s.Exercise)
		if !ok || !e.in(r.Place) || slices.Contains(r.Retired, e.ID) || len(e.AvoidWith) > 0 {
			t.Fatalf("step %d is %s", i, s.Exercise)
		}
		if s.Work < 10*time.Second || s.Work > seconds(e.WorkS.Max) || s.Why == "" || len(s.Cues) == 0 {
			t.Fatalf("step %d is %+v", i, s)
		}
		if e.Kind == warmup && r.Length < 5*time.Minute-time.Second && s.Work > 30*time.Second {
			t.Fatalf("step %d warms up for %s in a session of %s", i, s.Work, r.Length)
		}
		if s.Side != "" {
			sides[s.Exercise+s.Side] += s.Work
		}
	}
	for _, e := range Default().Exercises {
		if sides[e.ID+Left] != sides[e.ID+Right] {
			t.Fatalf("%s: left %s, right %s", e.ID, sides[e.ID+Left], sides[e.ID+Right])
		}
	}
}

func checkOrder(t *rapid.T, p Plan, eligible []Exercise) {
	round := map[string]bool{}
	for i, s := range p.Steps {
		if i > 0 && s.Exercise == p.Steps[i-1].Exercise && s.Side == Right {
			continue
		}
		if len(round) == len(eligible) {
			clear(round)
		}
		if round[s.Exercise] {
			t.Fatalf("step %d: %s again before every other exercise was used", i, s.Exercise)
		}
		if i > 0 && sharesDirection(s, p.Steps[i-1]) && len(eligible) == len(Default().eligible(Request{Place: p.Place})) {
			t.Fatalf("step %d: %s after %s loads the same direction", i, s.Exercise, p.Steps[i-1].Exercise)
		}
		round[s.Exercise] = true
	}
}

func sharesDirection(a, b Step) bool {
	return slices.ContainsFunc(a.Direction, func(d string) bool { return slices.Contains(b.Direction, d) })
}

func TestPlanKeepsItsRules(t *testing.T) { rapid.Check(t, checkPlan) }

func FuzzPlanKeepsItsRules(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkPlan)) }

func BenchmarkPlan(b *testing.B) {
	for _, length := range []time.Duration{2 * time.Minute, MaxLength} {
		b.Run(length.String(), func(b *testing.B) {
			for b.Loop() {
				if _, err := Default().Plan(Request{Length: length}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
