package notify

import "testing"

// TestShownIsTold covers who waits for a note to come up: the guide of a session does not count down before it.
func TestShownIsTold(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	note := prompt()
	r.Show(note) // nobody has asked
	f.waitShown(1)
	note.Seen = "s1"
	r.Show(note)
	r.wantAnswers(Answer{"prompt", Shown, "s1"})
	if got := f.waitShown(2); got.title != note.Title {
		t.Errorf("told of it before it was shown: %+v", f.notes())
	}
}

func TestShownInTheTerminalIsTold(t *testing.T) {
	d := startBus(t)
	r := newRig(t, d, true)
	note := prompt()
	note.Seen = "s1"
	r.Show(note)
	r.wantAnswers(Answer{"prompt", Shown, "s1"})
}
