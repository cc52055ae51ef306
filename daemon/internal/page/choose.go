package page

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
)

// A chooseView is what can be chosen before a stretch, what is chosen, and what comes of it.
type chooseView struct {
	Routines []routineChoice
	Lengths  []choice
	Places   []placeChoice
	Plan     planView
}

// A routineChoice is a named routine to start. The first has no name: it is composed.
type routineChoice struct {
	choice
	About, Facts string
}

// A placeChoice is where a composed stretch is done.
type placeChoice struct {
	choice
	Hint string
}

// A planView is a stretch on paper.
type planView struct {
	Head  string
	Note  string // what is not as it was asked for
	Wrong string // why there is none
	Steps []planStep
}

// A planStep is an exercise of it, both its sides together.
type planStep struct {
	ID, Name, Dose, Why string
	Figure              svg
}

// levels are those of exercises, in the order to show them in.
var levels = []string{"gentle", "moderate", "advanced"}

// lengths are those to choose from, and how they are typed. The one that is set is among them.
var lengths = []string{"1m", "2m", "5m", "10m", "15m"}

// asked is the stretch that somebody asks for by a form, or by an address.
func asked(v url.Values) api.StretchRequest {
	r := api.StretchRequest{Routine: v.Get("routine"), Length: v.Get("length"), Place: v.Get("place")}
	if r.Routine != "" { // which has a length and a place of its own
		r.Length, r.Place = "", ""
	}
	return r
}

// choose is the view before a stretch.
func (l *live) choose(r *http.Request) chooseView {
	set := l.backend.Settings().Values
	want := asked(r.URL.Query())
	usual, place := cmp.Or(typed(set["session.length"]), "2m"), cmp.Or(want.Place, typed(set["session.place"]), "standing")
	length := cmp.Or(want.Length, usual)
	w := words.Page.ToChoose
	v := chooseView{Routines: []routineChoice{{choice{"", w.Surprise, want.Routine == ""}, w.SurpriseHint, ""}}}
	all := l.backend.Routines()
	slices.SortStableFunc(all.Routines, func(a, b api.Routine) int {
		return slices.Index(levels, a.Level) - slices.Index(levels, b.Level)
	})
	for _, routine := range all.Routines {
		about := routine.About
		if routine.Own && about == "" {
			about = w.OwnRoutine + "."
		}
		v.Routines = append(v.Routines, routineChoice{
			choice{routine.ID, routine.Name, want.Routine == routine.ID}, about, words.PageRoutine(routine),
		})
	}
	for _, typed := range withLength(withLength(lengths, usual), length) {
		if d, err := config.ParseDuration(typed); err == nil {
			v.Lengths = append(v.Lengths, choice{typed, words.Span(d), typed == length})
		}
	}
	for _, p := range []placeChoice{
		{choice{"chair", w.ChairPlace, false}, w.ChairHint},
		{choice{"standing", w.StandingPlace, false}, w.StandingHint},
		{choice{"floor", w.FloorPlace, false}, w.FloorHint},
	} {
		p.Picked = p.Value == place
		v.Places = append(v.Places, p)
	}
	want.Place = cmp.Or(want.Place, place)
	v.Plan = l.paper(r, want, all)
	return v
}

// withLength is all with one more where it is not among them, the shortest first.
func withLength(all []string, typed string) []string {
	d, err := config.ParseDuration(typed)
	if err != nil {
		return all
	}
	at := len(all)
	for i, other := range all {
		o, _ := config.ParseDuration(other) // ours
		if o == d {
			return all
		}
		if o > d {
			at = min(at, i)
		}
	}
	return slices.Insert(slices.Clone(all), at, typed)
}

// plan is a stretch on paper alone, for the view that is open already.
func (l *live) plan(w http.ResponseWriter, r *http.Request) {
	l.render(w, "plan", l.paper(r, asked(r.URL.Query()), l.backend.Routines()).node())
}

// paper is what a stretch would be.
func (l *live) paper(r *http.Request, want api.StretchRequest, all api.Routines) planView {
	var v planView
	plan, err := l.backend.Plan(r.Context(), api.PlanRequest{StretchRequest: want})
	if err != nil {
		_, told := fault(err)
		v.Wrong = told.Message
		return v
	}
	v.Head, v.Note = words.PagePlan(plan), words.PagePlanNote(plan.NoteCode)
	for i, step := range plan.Steps {
		if step.Side == "right" && i > 0 && plan.Steps[i-1].Exercise == step.Exercise {
			continue // told with its other side
		}
		both := i+1 < len(plan.Steps) && plan.Steps[i+1].Exercise == step.Exercise && plan.Steps[i+1].Side != ""
		v.Steps = append(v.Steps, planStep{
			ID: step.Exercise, Name: exercise(all, step.Exercise).Name, Dose: words.PageDose(step.WorkS, both),
			Why: words.PageWhy(step), Figure: l.still(step.Exercise),
		})
	}
	return v
}

// exercise is the one of that id, or one that only has it.
func exercise(all api.Routines, id string) api.Exercise {
	for _, e := range all.Exercises {
		if e.ID == id {
			return e
		}
	}
	return api.Exercise{ID: id, Name: id}
}

// still is the small picture of an exercise.
func (l *live) still(exercise string) svg {
	return svg(l.backend.StillFigure(exercise)) // ours, drawn from numbers
}

// moving is its large picture.
func (l *live) moving(exercise string) svg {
	return svg(l.backend.Figure(exercise, "")) // ours; what is written in it is escaped
}
