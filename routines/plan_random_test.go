package routines

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A past is a History for tests.
type past struct {
	done  map[string]Done
	first time.Time
}

func (p past) Done(id string) Done      { return p.done[id] }
func (p past) FirstActivity() time.Time { return p.first }
func newPast() past                     { return past{done: map[string]Done{}} }
func (p past) add(id string, at time.Time) { // a session that held the exercise today
	d := p.done[id]
	d.Last, d.Today, d.Days = at, d.Today+1, append(slices.Clip(d.Days), at)
	p.done[id] = d
}

// anyExercise is an exercise such as the catalogue could hold.
func anyExercise(t *rapid.T, id string) Exercise {
	e := Exercise{
		ID: id, Name: id, Spoken: id, Setup: "Ready.",
		Kind:      rapid.SampledFrom(kinds).Draw(t, "kind"),
		Level:     rapid.SampledFrom(append([]string{gentle, gentle}, levels...)).Draw(t, "level"),
		Place:     rapid.SampledFrom(append([]string{Chair, Standing, Floor, Standing, Floor}, places...)).Draw(t, "place"),
		Sides:     rapid.IntRange(1, 2).Draw(t, "sides"),
		Direction: rapid.SliceOfNDistinct(rapid.SampledFrom(directions), 1, 3, rapid.ID).Draw(t, "direction"),
		EndRange:  rapid.Bool().Draw(t, "end range"),
		OptIn:     rapid.IntRange(0, 4).Draw(t, "opt in") == 0,
	}
	e.WorkS.Min = rapid.IntRange(minWorkS, 60).Draw(t, "least")
	e.WorkS.Max = rapid.IntRange(e.WorkS.Min, maxWorkS).Draw(t, "most")
	e.HoldS = Range{Max: e.WorkS.Min}
	if rapid.Bool().Draw(t, "also") {
		e.Also = []string{rapid.SampledFrom([]string{Chair, Standing, Floor}).Draw(t, "also in")}
	}
	if e.Level != gentle {
		e.AvoidWith = rapid.SliceOfNDistinct(rapid.SampledFrom(tags), 1, 5, rapid.ID).Draw(t, "avoid with")
	}
	if rapid.IntRange(0, 3).Draw(t, "weekly") == 0 {
		e.PerWeek = &Range{1, rapid.IntRange(1, 4).Draw(t, "per week")}
	}
	if rapid.IntRange(0, 3).Draw(t, "daily") == 0 {
		e.PerDay = rapid.IntRange(1, 4).Draw(t, "per day")
	}
	if rapid.IntRange(0, 3).Draw(t, "equipped") == 0 {
		e.Equipment = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"bar", "table", "foam-roller", "mat"}), 1, 2, rapid.ID).Draw(t, "equipment")
	}
	e.Needs = rapid.SliceOfNDistinct(rapid.SampledFrom(needs), 0, 2, rapid.ID).Draw(t, "needs")
	cues := []string{"Move."}
	if e.Cues.Both = cues; e.Sides == 2 {
		e.Cues = Cues{Left: cues, Right: cues}
	}
	return e
}

// anyCatalogue is the program's own or another.
func anyCatalogue(t *rapid.T) *Catalogue {
	if rapid.Bool().Draw(t, "own") {
		return Default()
	}
	c := &Catalogue{}
	for i := range rapid.IntRange(1, 30).Draw(t, "exercises") {
		c.Exercises = append(c.Exercises, anyExercise(t, fmt.Sprintf("e%02d", i)))
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "routines") {
		r := Routine{ID: fmt.Sprintf("r%d", i), Name: "R", Place: rapid.SampledFrom([]string{Chair, Standing, Floor}).Draw(t, "place")}
		for range rapid.IntRange(1, 8).Draw(t, "moves") {
			e := rapid.SampledFrom(c.Exercises).Draw(t, "move")
			twice := slices.ContainsFunc(r.Moves, func(m Move) bool { return m.Exercise == e.ID })
			if e.in(r.Place) && !twice {
				r.Moves = append(r.Moves, Move{e.ID, rapid.IntRange(e.WorkS.Min, e.WorkS.Max).Draw(t, "work")})
			}
		}
		if len(r.Moves) > 0 {
			c.Routines = append(c.Routines, r)
		}
	}
	return c
}

// anyProfile is a person, most of them screened: else nearly everything would be forbidden.
func anyProfile(t *rapid.T, c *Catalogue, now time.Time) Profile {
	ids := make([]string, len(c.Exercises))
	for i, e := range c.Exercises {
		ids[i] = e.ID
	}
	some := func(what string, of []string, most int) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, min(most, len(of)), rapid.ID).Draw(t, what)
	}
	p := Profile{
		Screening: map[string]Answer{},
		Level:     rapid.SampledFrom(append([]string{""}, levels...)).Draw(t, "level"),
		Places:    some("places", places, 5),
		Equipment: some("equipment", []string{"bar", "table", "foam-roller"}, 3),
		Abilities: some("abilities", append([]string{}, Abilities...), rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "abilities at most")),
		Enabled:   some("enabled", ids, len(ids)),
		Retired:   some("retired", ids, rapid.SampledFrom([]int{0, 3, len(ids)}).Draw(t, "retired at most")),
	}
	screened := rapid.SampledFrom([]Answer{No, No, Yes, Unsaid}).Draw(t, "screening")
	for _, tag := range tags {
		p.Screening[tag] = screened
	}
	for _, tag := range some("other answers", tags, 3) {
		p.Screening[tag] = rapid.SampledFrom([]Answer{Yes, No, Unsaid}).Draw(t, "answer")
	}
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 3}).Draw(t, "hurts") {
		p.Hurts = append(p.Hurts, now.Add(-anyAge(t)))
	}
	return p
}

// anyAge is how long ago something was, mostly within the days that caps are about.
func anyAge(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(-int64(time.Hour), int64(9*24*time.Hour)).Draw(t, "ago"))
}

func anyPast(t *rapid.T, c *Catalogue, now time.Time) History {
	if rapid.IntRange(0, 4).Draw(t, "no past") == 0 {
		return nil
	}
	p := newPast()
	for _, e := range c.Exercises {
		var d Done
		for range rapid.SampledFrom([]int{0, 0, 1, 1, 2, 4}).Draw(t, "times") {
			at := now.Add(-anyAge(t))
			d.Days = append(d.Days, at)
			if daysBetween(at, now) == 0 {
				d.Today++
			}
		}
		slices.SortFunc(d.Days, time.Time.Compare)
		if n := len(d.Days); n > 0 {
			d.Last = d.Days[n-1]
		}
		p.done[e.ID] = d
	}
	if rapid.Bool().Draw(t, "first activity known") {
		p.first = now.Add(-time.Duration(rapid.Int64Range(0, int64(3*time.Hour)).Draw(t, "since the first activity")))
	}
	return p
}

func anyRequest(t *rapid.T, c *Catalogue) Request {
	at := time.Date(2026, 11, 16, 0, 0, 0, 0, time.FixedZone("", rapid.IntRange(-12, 14).Draw(t, "zone")*3600)).
		Add(time.Duration(rapid.IntRange(0, 7*24*60).Draw(t, "minute of the week")) * time.Minute)
	r := Request{
		Place:     rapid.SampledFrom([]string{"", Chair, Standing, Standing, Floor, Floor}).Draw(t, "place"),
		Equipment: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"bar", "table"}), 0, 2, rapid.ID).Draw(t, "asked for"),
		Pace:      rapid.SampledFrom([]string{"", PaceNormal, PaceSlow, PaceWait}).Draw(t, "pace"),
		Profile:   anyProfile(t, c, at), History: anyPast(t, c, at), At: at,
	}
	if len(c.Routines) > 0 && rapid.IntRange(0, 3).Draw(t, "named") == 0 {
		r.Routine = rapid.SampledFrom(c.Routines).Draw(t, "routine").ID
	}
	if r.Routine == "" || rapid.Bool().Draw(t, "of a length") {
		r.Length = time.Duration(rapid.Int64Range(int64(MinLength), int64(MaxLength)).Draw(t, "length"))
	}
	return r
}

// A check holds a plan against the rules. It reads the exercises and the request, and asks none of the planner's code
// but what the profile forbids.
type check struct {
	*rapid.T
	c *Catalogue
	r Request
	p Plan
}

// checkPlan holds every rule of a session.
func checkPlan(t *rapid.T) {
	c := anyCatalogue(t)
	r := anyRequest(t, c)
	p, err := c.Plan(r)
	again, _ := c.Plan(r)
	if !reflect.DeepEqual(p, again) {
		t.Fatalf("the same request gave another plan")
	}
	if err != nil {
		if !errors.Is(err, ErrNothingFits) {
			t.Fatalf("%v", err)
		}
		return
	}
	k := check{t, c, r, p}
	k.allowed()
	k.sides()
	k.length()
	k.warmup()
	k.positions()
	k.rounds()
	k.neighbours()
	k.explained()
}

func (k check) exercise(s Step) Exercise {
	e, ok := k.c.Exercise(s.Exercise)
	if !ok {
		k.Fatalf("no exercise %s", s.Exercise)
	}
	return e
}

// allowed: nothing that is forbidden, too often, too early or out of place, whatever else is asked.
func (k check) allowed() {
	for _, s := range k.p.Steps {
		e := k.exercise(s)
		if why, forbidden := k.r.Profile.Forbids(e, k.r.At); forbidden {
			k.Fatalf("%s is planned, which is forbidden: %s", e.ID, why)
		}
		var d Done
		if k.r.History != nil {
			d = k.r.History.Done(e.ID)
			first := k.r.History.FirstActivity()
			if e.EndRange && !first.IsZero() && k.r.At.Before(first.Add(time.Hour)) {
				k.Fatalf("%s bends to the end %s after the first activity", e.ID, k.r.At.Sub(first))
			}
		}
		if most := map[string]int{gentle: 99, moderate: 3, advanced: 1}[e.Level]; d.Today >= most || e.PerDay > 0 && d.Today >= e.PerDay {
			k.Fatalf("%s was done %d times today", e.ID, d.Today)
		}
		n := 0
		for _, at := range d.Days {
			if k.r.At.Sub(at) < 7*24*time.Hour {
				n++
			}
		}
		if e.PerWeek != nil && n >= e.PerWeek.Max {
			k.Fatalf("%s was done %d times in seven days, of at most %d", e.ID, n, e.PerWeek.Max)
		}
		yesterday := k.r.At.AddDate(0, 0, -1).Format(time.DateOnly)
		if (e.Level == advanced || e.Level == moderate && e.Kind == "strength") && !d.Last.IsZero() &&
			d.Last.In(k.r.At.Location()).Format(time.DateOnly) >= yesterday {
			k.Fatalf("%s was done at %s, and it is %s", e.ID, d.Last, k.r.At)
		}
		k.inPlace(e)
	}
}

func (k check) inPlace(e Exercise) {
	if e.in(k.p.Place) || k.p.Place == Floor && e.in(Standing) && e.Kind == "warmup" {
		return
	}
	thing := func(s string) bool { return slices.Contains(k.r.Equipment, s) }
	asked := slices.Contains(k.r.Profile.Places, e.Place) || thing(e.Place) || slices.ContainsFunc(e.Equipment, thing)
	if k.p.Place != Standing || !asked || e.Place != "bar" && e.Place != "table" {
		k.Fatalf("%s, of the place %s, is planned in %s", e.ID, e.Place, k.p.Place)
	}
}

func (k check) sides() {
	sides := map[string]time.Duration{}
	for i, s := range k.p.Steps {
		if s.Work < 10*time.Second || s.Work > seconds(k.exercise(s).WorkS.Max) || len(s.Cues) == 0 || len(s.Setup) == 0 {
			k.Fatalf("step %d is %+v", i, s)
		}
		if s.Side == Right && (k.p.Steps[i-1].Exercise != s.Exercise || k.p.Steps[i-1].Side != Left) {
			k.Fatalf("step %d is a right side after %+v", i, k.p.Steps[i-1])
		}
		sides[s.Exercise+s.Side] += s.Work
	}
	for _, e := range k.c.Exercises {
		if sides[e.ID+Left] != sides[e.ID+Right] {
			k.Fatalf("%s: left %s, right %s", e.ID, sides[e.ID+Left], sides[e.ID+Right])
		}
	}
}

// length: within 5 %, or shorter with a word.
func (k check) length() {
	if k.r.Length == 0 {
		return
	}
	off := k.p.Length() - k.r.Length
	switch {
	case off.Abs() <= k.r.Length/20+time.Second/2:
	case off > 0:
		k.Fatalf("asked for %s, got %s", k.r.Length, k.p.Length())
	case k.p.Note == "":
		k.Fatalf("asked for %s, got %s without a word", k.r.Length, k.p.Length())
	}
}

// warmup: before anything above gentle, and half a minute at most in a short session.
func (k check) warmup() {
	warm := false
	for _, s := range k.p.Steps {
		e := k.exercise(s)
		warm = warm || e.Kind == "warmup"
		if e.Level != gentle && !warm {
			k.Fatalf("%s comes before any warm-up", e.ID)
		}
		if short := k.r.Length < 5*time.Minute-time.Second/2; k.r.Routine == "" && short && e.Kind == "warmup" &&
			s.Work > seconds(max(30/e.Sides, e.WorkS.Min)) {
			k.Fatalf("%s warms up for %s in %s", e.ID, s.Work, k.r.Length)
		}
	}
}

// positions: down once at most and up once at most, and the time that takes.
func (k check) positions() {
	height := func(e Exercise) int {
		switch {
		case k.p.Place == Chair:
			return 0
		case k.p.Place == Floor && e.in(Floor), e.Place == "table" && !e.in(Standing):
			return -1
		}
		return 1
	}
	was, downs, ups := 0, 0, 0
	for i, s := range k.p.Steps {
		now := height(k.exercise(s))
		want := 5 * time.Second
		switch {
		case was == now:
		case now < 0 || was < 0:
			want = 20 * time.Second
		default:
			want = 10 * time.Second
		}
		if k.r.Pace == PaceSlow {
			want *= 2
		}
		if s.Ready != want {
			k.Fatalf("step %d: %s to get ready, want %s", i, s.Ready, want)
		}
		if now < was {
			downs++
		} else if now > was && was < 0 {
			ups++
		}
		was = now
	}
	if downs > 1 || ups > 1 {
		k.Fatalf("%d times down, %d times up", downs, ups)
	}
}

// open are the exercises that could be in the session.
func (k check) open() []Exercise {
	r := k.r
	r.Place = k.p.Place
	d, err := k.c.draft(r)
	if err != nil {
		k.Fatalf("%v", err)
	}
	var open []Exercise
	for _, b := range d.blocks {
		if b.round == 0 {
			open = append(open, *b.exercise)
		}
	}
	return open
}

// rounds: nothing twice before everything came once, and nothing twice that is capped.
func (k check) rounds() {
	open := len(k.open())
	count := map[string]int{}
	for _, s := range k.p.Steps {
		if s.Side == Right {
			continue
		}
		e := k.exercise(s)
		count[s.Exercise]++
		if count[s.Exercise] > 1 && len(count) < open {
			k.Fatalf("%s again after %d of %d exercises", s.Exercise, len(count), open)
		}
		if count[s.Exercise] > 1 && (e.Level != gentle || e.PerDay > 0 || e.PerWeek != nil) {
			k.Fatalf("%s twice in a session", s.Exercise)
		}
	}
}

// neighbours: where two move the same way, no exercise that is left could have taken the place of either.
func (k check) neighbours() {
	if k.r.Routine != "" {
		return
	}
	var moves []Exercise
	for _, s := range k.p.Steps {
		if s.Side != Right {
			moves = append(moves, k.exercise(s))
		}
	}
	for i := 1; i < len(moves); i++ {
		if !sharesDirection(moves[i], moves[i-1]) {
			continue
		}
		for _, e := range k.open() {
			used := slices.ContainsFunc(moves, func(m Exercise) bool { return m.ID == e.ID })
			alike := e.Sides == moves[i].Sides && e.position(k.p.Place) == moves[i].position(k.p.Place) && e.WorkS == moves[i].WorkS && e.Kind == moves[i].Kind
			if !used && alike && !sharesDirection(e, moves[i-1]) && (i+1 == len(moves) || !sharesDirection(e, moves[i+1])) {
				k.Fatalf("%s after %s moves the same way, and %s could have come", moves[i].ID, moves[i-1].ID, e.ID)
			}
		}
	}
}

func sharesDirection(a, b Exercise) bool {
	return slices.ContainsFunc(a.Direction, func(d string) bool { return slices.Contains(b.Direction, d) })
}

// explained: every step says why it is there, and everything else why it is not.
func (k check) explained() {
	for _, e := range k.c.Exercises {
		a, err := k.c.WhyNot(k.r, e.ID)
		in := slices.ContainsFunc(k.p.Steps, func(s Step) bool { return s.Exercise == e.ID })
		if err != nil || a.Why == "" || (a.Why == WhyPlanned) != in {
			k.Fatalf("%s: in the plan is %v, and why not is %+v, %v", e.ID, in, a, err)
		}
	}
	for i, s := range k.p.Steps {
		if s.Why == "" {
			k.Fatalf("step %d says nothing of why", i)
		}
	}
}

func TestPlanKeepsItsRules(t *testing.T) { rapid.Check(t, checkPlan) }

func FuzzPlanKeepsItsRules(f *testing.F) { f.Fuzz(rapid.MakeFuzz(checkPlan)) }
