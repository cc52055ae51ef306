// Package history keeps what happened, on disk: how the person's days went, what was offered and what came of it. It
// hides the database, and that a disk can be full, read-only or broken.
//
// # One writer
//
// A [Store] has one goroutine that owns the database. [Store.Add] hands it rows and returns at once; [Store.Put] and
// [Store.Flush] wait until they are on disk, which kill -9 does not undo. The database is opened when it is
// needed, so that it costs the daemon's start nothing, and closed a little later: package engine runs it in a process
// of its own. Rows that cannot be written wait in memory: see [maxWaiting].
//
// # The schema
//
// Migrations are numbered files in migrations/; the number of the last one run is SQLite's user_version. Times are
// milliseconds since 1970 in UTC, durations whole milliseconds, offsets seconds east of UTC. A day is the number of
// days since 1970-01-01 of the local date it began on.
//
//	spans           what the person did from when for how long. No two overlap: a trigger refuses it
//	prompts         breaks asked for, and what came of each
//	natural_breaks  absences long enough to count as a break
//	sessions        guided sessions, how they ended and how the person felt after
//	steps           the exercises of a session: how long each was done, and whether it hurt
//	days            one row a day that sums up the others, for reports
//
// No window titles, no keystrokes, no counts of input.
//
// # Which day it belongs to
//
// A day begins at day_starts in the zone the person is in: [Days]. Spans are cut where a day begins and where the
// zone's offset changes, with the zone in force when they were added. Each piece keeps its day and its offset for ever:
// travelling, or moving day_starts, does not rewrite the past. So a day across a change of clocks has 23 or 25 hours,
// and a day of travel west more than 24.
//
// # The last word wins
//
// Writing a [Span] replaces what was recorded for that time. A checkpoint of the span that is going on is the same
// span, longer, and a recount of a silence is the same time with another posture. When somebody sets the clock back,
// the time that is lived twice is recorded once, as it was lived the second time.
//
// # Days that add up
//
// In every transaction that changes rows, the days they lie in are summed up anew from their rows. Reports read only
// these sums, but for the ribbon of a single day, so that ten years are as quick as ten days.
package history
