package sitting

import (
	"math/bits"
	"time"
)

// outOfChair is how long the person must be out of the chair before the streak starts anew: a minute is a walk to
// the printer, less is reaching for a pen.
const outOfChair = time.Minute

// An Account is what a day of postures adds up to at one moment. It is the value of a fold over Entries, so that
// any stretch of the past can be counted again and everything after it follows.
type Account struct {
	Load      time.Duration `json:"load"`       // sitting not yet recovered from
	StandLoad time.Duration `json:"stand_load"` // the same for declared standing

	Sat   time.Duration `json:"sat"` // today's figures
	Stood time.Duration `json:"stood"`
	Gone  time.Duration `json:"gone"`

	NaturalBreaks int           `json:"natural_breaks"`      // today
	GoneFrom      time.Duration `json:"gone_from,omitempty"` // when the absence that is going on began, 0 for none
	Cleared       time.Duration `json:"cleared"`             // load removed by the absence that is going on
	Counted       bool          `json:"counted"`             // that absence is a natural break already

	StreakFrom time.Duration `json:"streak_from"` // when the person last sat down
	Out        time.Duration `json:"out"`         // length of the stretch out of the chair that is going on
}

// streak is how long the person has been in the chair at time t.
func (a Account) streak(t time.Duration) time.Duration {
	if a.Out >= outOfChair {
		return 0
	}
	return t - a.StreakFrom
}

// Kinds of entry: the postures, and what only the log knows.
const (
	asleep  Posture = "asleep"  // suspended: away, and nobody's word changes it
	session Posture = "session" // a guided session: the load stands still

	markClear  Posture = "clear"  // a session ended and cleared a part of the load
	markLimits Posture = "limits" // the settings changed
	markDay    Posture = "day"    // the day's figures begin anew
)

// An Entry is a stretch of one posture from its start until the next entry, or a mark without length.
type Entry struct {
	From time.Duration `json:"from"`
	Kind Posture       `json:"kind"`

	OnFeet   bool          `json:"on_feet,omitempty"`  // session: out of the chair
	Part     time.Duration `json:"part,omitempty"`     // clear: this much…
	Of       time.Duration `json:"of,omitempty"`       // …of this much was done
	Settings *Settings     `json:"settings,omitempty"` // limits
}

func (e Entry) mark() bool { return e.Kind == markClear || e.Kind == markLimits || e.Kind == markDay }

// counted says whether the person's word may change how the entry counts.
func (e Entry) counted() bool { return !e.mark() && e.Kind != asleep && e.Kind != session }

// after is the account after e has lasted for d under the settings in force.
func (a Account) after(e Entry, d time.Duration, set *Settings) Account {
	if e.mark() {
		return a.marked(e, set)
	}
	if d <= 0 {
		return a
	}
	switch gone := e.Kind == Away || e.Kind == asleep; {
	case !gone:
		a.Cleared, a.Counted, a.GoneFrom = 0, false, 0
	case a.GoneFrom == 0:
		a.GoneFrom = e.From
	}
	switch e.Kind {
	case Sitting:
		a.seat(e.From)
		a.Load += d
		a.Sat += d
		a.StandLoad -= set.recoveredStanding(d, a.StandLoad)
	case Standing:
		a.Load -= set.recovered(d, a.Load)
		a.StandLoad += d
		a.Stood += d
		a.Out += d
	case Away, asleep:
		gone := set.recovered(d, a.Load)
		a.Load -= gone
		a.StandLoad -= set.recoveredStanding(d, a.StandLoad)
		a.Gone += d
		a.Out += d
		a.Cleared += gone
		a.count(set)
	case session:
		if e.OnFeet {
			a.Out += d
		}
	case Undecided: // the load stands still, the person has not been seen to leave
		a.seat(e.From)
	}
	return a
}

// count counts the absence that is going on as a natural break once it has cleared half a limit.
func (a *Account) count(set *Settings) {
	if !a.Counted && 2*a.Cleared >= set.Limit {
		a.NaturalBreaks++
		a.Counted = true
	}
}

// seat ends a stretch out of the chair at time t.
func (a *Account) seat(t time.Duration) {
	if a.Out >= outOfChair {
		a.StreakFrom = t
	}
	a.Out = 0
}

func (a Account) marked(e Entry, set *Settings) Account {
	switch e.Kind {
	case markClear:
		part := min(e.Part, e.Of)
		a.Load -= mulDiv(a.Load, part, e.Of)
		a.StandLoad -= mulDiv(a.StandLoad, part, e.Of)
	case markLimits:
		*set = *e.Settings
		a.count(set) // what was too short may be enough by the new ones
	case markDay:
		a.Sat, a.Stood, a.Gone, a.NaturalBreaks = 0, 0, 0, 0
	}
	return a
}

// recovered is how much of load an absence of d removes: limit/rest seconds a second, never more than there is.
func (s Settings) recovered(d, load time.Duration) time.Duration {
	return min(load, mulDiv(d, s.Limit, s.Rest))
}

func (s Settings) recoveredStanding(d, load time.Duration) time.Duration {
	return min(load, mulDiv(d, s.StandLimit, s.Rest))
}

// timeToClear is the least absence that removes amount of a load with that limit.
func timeToClear(amount, limit, rest time.Duration) time.Duration {
	d := mulDiv(amount, rest, limit)
	if mulDiv(d, limit, rest) < amount {
		d++
	}
	return d
}

// mulDiv is a·b/c without overflow in between, for non-negative values; the largest duration where it does not fit.
func mulDiv(a, b, c time.Duration) time.Duration {
	if a <= 0 || b <= 0 || c <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return 1<<63 - 1
	}
	q, _ := bits.Div64(hi, lo, uint64(c))
	return time.Duration(min(q, 1<<63-1))
}
