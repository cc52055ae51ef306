package daemon

import (
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/reminder"
	"github.com/unhunch/unhunch/daemon/internal/sitting"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// TestEveryCodeHasWords: the machines speak in codes, and a code is nothing to show to a person.
func TestEveryCodeHasWords(t *testing.T) {
	for _, code := range []string{
		reminder.NothingDue, reminder.NoSnoozesLeft, reminder.TooLong, sitting.NothingToCorrect, sitting.TooFarBack,
		core.SessionRunning, core.NoSession, core.NothingAsked,
	} {
		if message, hint := words.Refusal(code, words.RefusalFacts{}); strings.Contains(message, code) || hint == "" {
			t.Errorf("refusal %s: %q, %q", code, message, hint)
		}
	}
	for _, code := range []string{reminder.NoticePauseRecalled, reminder.NoticeHushed, core.NoticePhantom, core.NoticeTimerMode, core.NoticeWorse} {
		if title, body := words.Notice(code, words.NoticeFacts{}); strings.Contains(body, code) || title == "Unhunch" {
			t.Errorf("notice %s: %q, %q", code, title, body)
		}
	}
	for _, code := range []string{
		history.ProblemFull, history.ProblemReadOnly, history.ProblemFailing, history.ProblemNewer, history.ProblemDamaged,
	} {
		if message, hint := words.Problem(code, words.ProblemFacts{}); message == "" || strings.Contains(message, code) || hint == "" {
			t.Errorf("problem %s: %q, %q", code, message, hint)
		}
	}
}

// TestEveryOutcomeIsRecorded: what the core says came of a prompt or a session has a word in the history.
func TestEveryOutcomeIsRecorded(t *testing.T) {
	for _, code := range []string{
		core.OutcomeTaken, core.OutcomeSnoozed, core.OutcomeSkipped, core.OutcomeIgnored, core.OutcomeWithdrawn, core.OutcomeWasUp,
		routines.Finished, routines.Abandoned, routines.Interrupted,
	} {
		if outcomes[code] == "" {
			t.Errorf("%s has none", code)
		}
	}
}
