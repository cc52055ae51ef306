package history

import (
	"maps"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The model of TestPromises is a table of minutes, against which no cleverness can go wrong.
type minute struct {
	posture Posture
	offset  int
	day     Date
}

// A life is the model and the Store beside it.
type life struct {
	t       *rapid.T
	store   *Store
	zones   []*time.Location
	begin   time.Time // of minute 0
	change  int       // the minute at which the clocks change in one of the zones
	days    Days
	minutes [6 * 24 * 60]minute
	breaks  map[int64]Date
	floor   int // the minute of the last erasing
}

// TestPromises: whatever is added, in whatever order, with the person travelling and the clocks changing, no span is
// empty, negative or over another, each minute is what was said of it last, and the sums are those of the rows.
func TestPromises(t *testing.T) {
	changes := []struct {
		zone string
		at   time.Time
	}{
		{"Australia/Lord_Howe", time.Date(2026, 10, 3, 15, 30, 0, 0, time.UTC)}, // by half an hour
		{"Europe/Berlin", time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)},
		{"America/New_York", time.Date(2026, 3, 8, 7, 0, 0, 0, time.UTC)},
	}
	kathmandu := zone(t, "Asia/Kathmandu")
	dir := t.TempDir()
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		change := rapid.SampledFrom(changes).Draw(t, "change")
		l := &life{t: t, zones: []*time.Location{zone(t, change.zone), kathmandu}, breaks: map[int64]Date{}}
		l.begin = change.at.AddDate(0, 0, -3).Truncate(24 * time.Hour)
		l.change = int(change.at.Sub(l.begin) / time.Minute)
		path := filepath.Join(dir, "history"+time.Duration(round).String()+".db")
		l.store = Open(path, Options{now: func() time.Time { return l.begin }})
		defer func() { l.store.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"span": l.span, "break": l.natural, "prompt": l.prompt, "session": l.session,
			"days": l.travel, "erase": rarely(l.erase), "restart": rarely(l.restart),
		})
		l.check()
	})
}

func rarely(f func(*rapid.T)) func(*rapid.T) {
	return func(t *rapid.T) {
		if rapid.IntRange(0, 9).Draw(t, "whether") == 0 {
			f(t)
		}
	}
}

func (l *life) at(minute int) time.Time { return l.begin.Add(time.Duration(minute) * time.Minute) }

func (l *life) add(r Row) {
	if err := l.store.Add(r); err != nil {
		l.t.Fatal(err)
	}
}

// moment is a minute, often one near which the clocks change.
func (l *life) moment(t *rapid.T) int {
	return rapid.OneOf(rapid.IntRange(0, len(l.minutes)-1), rapid.IntRange(l.change-300, l.change+60)).Draw(t, "minute")
}

// minute is the model's idea of a minute, made by a clock on the wall.
func (l *life) minute(i int, p Posture) minute {
	local := l.at(i).In(l.days.zone())
	_, offset := local.Zone()
	y, m, d := local.Date()
	h, min, _ := local.Clock()
	day := Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsADay)
	if time.Duration(h)*time.Hour+time.Duration(min)*time.Minute < l.days.Starts {
		day--
	}
	return minute{p, offset, day}
}

func (l *life) paint(i int, m minute) {
	if i < l.floor || i >= len(l.minutes) {
		return
	}
	l.minutes[i] = m
	if m.posture == Sitting || m.posture == Undecided || m.posture == InChair {
		delete(l.breaks, l.at(i).UnixMilli())
	}
}

func (l *life) span(t *rapid.T) {
	from := l.moment(t)
	length := rapid.OneOf(rapid.IntRange(-5, 40), rapid.SampledFrom([]int{60, 600, 40 * 60})).Draw(t, "length")
	p := rapid.SampledFrom([]Posture{Sitting, Sitting, Standing, Away, Undecided, Asleep, InSession, InChair, "unknown"}).Draw(t, "posture")
	l.add(Span{l.at(from), time.Duration(length) * time.Minute, p, rapid.Bool().Draw(t, "open")})
	if p == "unknown" {
		return
	}
	for i := from; i < from+length; i++ {
		if i < len(l.minutes) {
			l.paint(i, l.minute(i, p))
		}
	}
	if end := len(l.minutes); from+length > end { // the model ends there
		l.add(Span{l.at(end), time.Duration(from+length-end) * time.Minute, Asleep, false})
	}
}

func (l *life) natural(t *rapid.T) {
	i := l.moment(t)
	l.add(NaturalBreak{l.at(i)})
	if _, known := l.breaks[l.at(i).UnixMilli()]; !known && i >= l.floor {
		l.breaks[l.at(i).UnixMilli()] = l.minute(i, "").day
	}
}

func (l *life) prompt(t *rapid.T) {
	at := l.at(l.moment(t))
	l.add(Prompt{At: at})
	l.add(Prompt{At: at, Outcome: rapid.SampledFrom([]Outcome{"", Taken, Snoozed, Skipped, Ignored}).Draw(t, "outcome")})
}

func (l *life) session(t *rapid.T) {
	at := l.at(l.moment(t))
	l.add(Session{
		At: at, Routine: "r", Outcome: rapid.SampledFrom([]Outcome{Finished, Stopped}).Draw(t, "outcome"),
		Steps: []Step{{Exercise: "marching", Done: time.Second, Hurt: rapid.Bool().Draw(t, "hurt")}},
	})
}

func (l *life) travel(t *rapid.T) {
	l.days = Days{
		Zone:   rapid.SampledFrom(l.zones).Draw(t, "zone"),
		Starts: time.Duration(rapid.SampledFrom([]int{0, 4, 5}).Draw(t, "starts")) * time.Hour,
	}
	l.store.SetDays(l.days)
}

func (l *life) erase(t *rapid.T) {
	l.floor = l.moment(t)
	if err := l.store.Erase(t.Context(), l.at(l.floor)); err != nil {
		t.Fatal(err)
	}
	clear(l.minutes[:])
	clear(l.breaks)
}

func (l *life) restart(t *rapid.T) {
	if err := l.store.Close(); err != nil {
		t.Fatal(err)
	}
	l.store = Open(l.store.path, l.store.opts)
	l.store.SetDays(l.days)
	l.floor = 0
}

// check compares the file with the model.
func (l *life) check() {
	var got [len(l.minutes)]minute
	end := int64(0)
	times := map[Date]Figures{}
	for _, p := range lived(l.t, l.store) {
		if p.ms <= 0 || p.from < end {
			l.t.Fatalf("%+v begins before %d, or is empty", p, end)
		}
		end = p.end()
		f := times[p.day]
		d := time.Duration(p.ms) * time.Millisecond
		switch p.posture {
		case Sitting:
			f.Sitting += d
		case Standing:
			f.Standing += d
		case Away, Asleep:
			f.Away += d
		case Undecided:
			f.Undecided += d
		default:
			f.InSession += d
		}
		times[p.day] = f
		first := int((p.from - l.begin.UnixMilli()) / 60_000)
		for i := first; i < first+int(p.ms/60_000) && i < len(got); i++ {
			got[i] = minute{p.posture, p.offset, p.day}
		}
	}
	for i := range got {
		if got[i] != l.minutes[i] {
			l.t.Fatalf("%v: got %+v, want %+v", l.at(i), got[i], l.minutes[i])
		}
	}
	natural := map[Date]int{}
	for _, day := range l.breaks {
		natural[day]++
	}
	kept := l.sums()
	for day, sum := range kept {
		f := times[day]
		if sum.Sitting != f.Sitting || sum.Standing != f.Standing || sum.Away != f.Away || sum.Undecided != f.Undecided ||
			sum.InSession != f.InSession || sum.Natural != natural[day] {
			l.t.Fatalf("%v: got %+v, want %+v and %d natural breaks", day, sum, f, natural[day])
		}
		delete(times, day)
		delete(natural, day)
	}
	if len(times)+len(natural) > 0 {
		l.t.Fatalf("no sums for %v and %v", times, natural)
	}
	if err := l.store.change(l.t.Context(), func(d *database) error { return d.change(true, d.rebuild) }); err != nil {
		l.t.Fatal(err)
	}
	if again := l.sums(); !maps.Equal(kept, again) {
		l.t.Fatalf("made anew the sums are %+v, they were %+v", again, kept)
	}
}

// sums are the sums on disk.
func (l *life) sums() map[Date]Day {
	all, err := read(l.t.Context(), l.store, func(d *database) (map[Date]Day, error) {
		all := map[Date]Day{}
		return all, d.days(-1000, 1<<20, func(day Day) { all[day.Date] = day })
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}
