//go:build windows || cgo

package show

import (
	"testing"

	"pgregory.net/rapid"
)

// A fakeItem does what GTK and Windows do: whatever changes an item shows it.
type fakeItem struct {
	appearance
	touched int
}

func (f *fakeItem) update()           { f.hidden = false; f.touched++ }
func (f *fakeItem) SetTitle(s string) { f.title = s; f.update() }
func (f *fakeItem) Enable()           { f.disabled = false; f.update() }
func (f *fakeItem) Disable()          { f.disabled = true; f.update() }
func (f *fakeItem) Check()            { f.ticked = true; f.update() }
func (f *fakeItem) Uncheck()          { f.ticked = false; f.update() }
func (f *fakeItem) Show()             { f.update() }
func (f *fakeItem) Hide()             { f.hidden = true; f.touched++ }

// TestItemsLookAsTheMenuSays whatever came before, clicks included, which turn ticks around; and an item is touched
// only for what is to be seen.
func TestItemsLookAsTheMenuSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &fakeItem{}
		w := &widget{item: f, ticks: rapid.Bool().Draw(t, "ticks")}
		for range rapid.IntRange(1, 20).Draw(t, "menus") {
			want := appearance{
				title:    rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "title"),
				hidden:   rapid.Bool().Draw(t, "hidden"),
				disabled: rapid.Bool().Draw(t, "disabled"),
				ticked:   w.ticks && rapid.Bool().Draw(t, "ticked"),
			}
			before, touched := f.appearance, f.touched
			w.bring(want)
			if f.hidden != want.hidden || !want.hidden && f.appearance != want {
				t.Fatalf("looks like %+v, want %+v", f.appearance, want)
			}
			same := before == want || before.hidden && want.hidden
			if same && f.touched != touched {
				t.Fatalf("%+v was touched to become %+v", before, want)
			}
			if rapid.Bool().Draw(t, "clicked") && !f.hidden && !f.disabled {
				f.ticked = w.ticks && !f.ticked
				w.retick()
				if f.appearance != want {
					t.Fatalf("clicked: looks like %+v, want %+v", f.appearance, want)
				}
			}
		}
	})
}
