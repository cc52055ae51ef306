package history

import "slices"

// maxWaiting is how many rows wait in memory while they cannot be written: two to four weeks of an ordinary desk, in
// about two megabytes. Beyond it, the oldest spans are dropped first, then the oldest prompts, then the oldest sessions.
const maxWaiting = 10_000

// A backlog is the rows that are not on disk yet, in order.
type backlog struct {
	list    []waiting
	dropped int // since all was last written
}

// add appends w. A checkpoint takes the place of an earlier one of the same span, so that a long span waits once.
func (b *backlog) add(w waiting) {
	if n := len(b.list); n > 0 && supersedes(w, b.list[n-1]) {
		b.list[n-1] = w
		return
	}
	b.list = append(b.list, w)
	if len(b.list) > maxWaiting {
		b.drop()
	}
}

// supersedes says whether writing w right after old makes up for not writing old.
func supersedes(w, old waiting) bool {
	new, isSpan := w.row.(Span)
	was, wasSpan := old.row.(Span)
	return isSpan && wasSpan && was.Open && new.From.Equal(was.From) && new.For >= was.For &&
		number(postures, new.Posture) > 0 && w.days == old.days && w.floor.Equal(old.floor)
}

// take removes up to n rows from the front.
func (b *backlog) take(n int) []waiting {
	n = min(n, len(b.list))
	rows := b.list[:n:n]
	b.list = b.list[n:]
	if len(b.list) == 0 {
		b.list = nil // let go of the memory of a long one
	}
	return rows
}

// putBack is that what was taken could not be written.
func (b *backlog) putBack(rows []waiting) {
	newer := b.list
	b.list = slices.Clone(rows)
	for _, w := range newer {
		b.add(w)
	}
}

// drop makes room for a tenth: what is worth least goes first, the oldest of that.
func (b *backlog) drop() {
	room := maxWaiting / 10
	for worth := worthSpan; worth <= worthSession && room > 0; worth++ {
		b.list = slices.DeleteFunc(b.list, func(w waiting) bool {
			if room == 0 || w.row.worth() != worth {
				return false
			}
			room--
			b.dropped++
			return true
		})
	}
}
