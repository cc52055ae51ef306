package daemon

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/unhunch/unhunch/routines"
)

// TestRoutinesLeavesNothingOut: what the catalogue tells the world of an exercise or a card, the API does too.
func TestRoutinesLeavesNothingOut(t *testing.T) {
	fields := func(v any) (m map[string]any) {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	got, want := Routines(), routines.Default()
	if len(got.Exercises) != len(want.Exercises) || len(got.Routines) != len(want.Routines) || len(got.Cards) != len(routines.Cards()) {
		t.Fatalf("%d exercises, %d routines, %d cards", len(got.Exercises), len(got.Routines), len(got.Cards))
	}
	for i, e := range want.Exercises {
		if got, want := fields(got.Exercises[i]), fields(e); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", e.ID, got, want)
		}
	}
	for i, c := range routines.Cards() {
		if got, want := fields(got.Cards[i]), fields(c); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", c.ID, got, want)
		}
	}
	for i, r := range want.Routines {
		r0 := got.Routines[i]
		seconds := map[string]float64{}
		for _, s := range r0.Steps {
			seconds[s.Exercise+s.Side] += s.WorkS
		}
		for _, m := range r.Moves {
			if w := float64(m.WorkS); seconds[m.Exercise] != w && (seconds[m.Exercise+"left"] != w || seconds[m.Exercise+"right"] != w) {
				t.Errorf("%s: %s is listed with %v", r.ID, m.Exercise, seconds)
			}
		}
	}
}
