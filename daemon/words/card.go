package words

import (
	"fmt"
	"time"
)

// CardTwoWeeks is the code of the card that [TwoWeeks] words.
const CardTwoWeeks = "two_weeks"

// TwoWeeksFacts are what the first two weeks came to.
type TwoWeeksFacts struct {
	Sessions  int           // finished
	Then, Now time.Duration // the longest sitting in the first week, and in the last
	Limit     time.Duration // of sitting as it is set
	Longer    time.Duration // what could be set in its place
}

// TwoWeeks tells what the first two weeks came to, and asks whether the time in the chair suits. Keeping it needs nothing.
func TwoWeeks(f TwoWeeksFacts) (message, hint string) {
	then, now := Span(f.Then), Span(f.Now)
	hint = fmt.Sprintf("keep %d min, or %d? For %d: unhunch config set sitting.limit %s",
		minutes(f.Limit), minutes(f.Longer), minutes(f.Longer), argument(f.Longer))
	switch f.Sessions {
	case 0:
		return fmt.Sprintf("Two weeks on: longest sitting %s at first, %s now", then, now), hint
	case 1:
		return fmt.Sprintf("Two weeks on: 1 stretch · longest sitting %s at first, %s now", then, now), hint
	}
	return fmt.Sprintf("Two weeks on: %d stretches · longest sitting %s at first, %s now", f.Sessions, then, now), hint
}

func minutes(d time.Duration) int { return int(d / time.Minute) }
