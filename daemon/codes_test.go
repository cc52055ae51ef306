package daemon

import (
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/daemon/words"
)

// TestEveryCodeHasWords: the machines speak in codes, and a code is nothing to show to a person.
func TestEveryCodeHasWords(t *testing.T) {
	for _, code := range []string{
		reminder.NothingDue, reminder.NoSnoozesLeft, reminder.TooLong, sitting.NothingToCorrect, sitting.TooFarBack,
		core.SessionRunning, core.NoSession,
	} {
		if message, hint := words.Refusal(code, words.RefusalFacts{}); strings.Contains(message, code) || hint == "" {
			t.Errorf("refusal %s: %q, %q", code, message, hint)
		}
	}
	for _, code := range []string{reminder.NoticePauseRecalled, reminder.NoticeHushed, core.NoticePhantom, core.NoticeTimerMode} {
		if title, body := words.Notice(code, words.NoticeFacts{}); strings.Contains(body, code) || title == "Unhunch" {
			t.Errorf("notice %s: %q, %q", code, title, body)
		}
	}
}
