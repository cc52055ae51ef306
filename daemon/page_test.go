package daemon

import "testing"

// TestChooseGuide: the page on a desktop, notifications without one, and never notifications that nobody sees.
func TestChooseGuide(t *testing.T) {
	for _, c := range []struct {
		asked, set         string
		desktop, disturbed bool
		want               string
	}{
		{"", "", true, false, guidePage},
		{"", "", false, false, guideBackground},
		{"", "", true, true, guidePage},
		{"", guideTerminal, true, false, guidePage}, // which is not there
		{"", guideTerminal, false, false, guideBackground},
		{"", guideBackground, true, false, guideBackground},
		{"", guideBackground, true, true, guidePage},
		{"", guideBackground, false, true, guideBackground}, // there is nothing better
		{"", guidePage, false, false, guidePage},            // where nobody can be asked to open it, it is not
		{guideBackground, guidePage, true, true, guideBackground},
		{guideTerminal, "", true, true, guideTerminal},
		{guidePage, guideBackground, false, false, guidePage},
	} {
		got := chooseGuide(c.asked, c.set, c.desktop, func() bool { return c.disturbed })
		if got != c.want {
			t.Errorf("asked %q, set %q, desktop %v, do-not-disturb %v: %s, want %s", c.asked, c.set, c.desktop, c.disturbed, got, c.want)
		}
	}
}
