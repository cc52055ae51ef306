package presence

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// firstRetry to lastRetry, doubling, is the pause between attempts to connect. With nobody listening on a socket that
// is watched they end after settleRetry: a server listens within milliseconds of making its socket.
const (
	firstRetry  = 250 * time.Millisecond
	settleRetry = 500 * time.Millisecond
	lastRetry   = 5 * time.Second
)

// reach dials until that succeeds or ctx ends. lost hears why an attempt has failed. A socket that
// is named is watched, so that a server which comes back is found at once and one that stays away costs nothing.
func reach[S interface{ close() }](
	ctx context.Context, socket string, dial func(context.Context) (S, error), lost func(error),
) (s S, found bool) {
	arrivals := watchSocket(socket)
	defer arrivals.close()
	for delay := firstRetry; ; delay = min(2*delay, lastRetry) {
		s, err := dial(ctx)
		if ctx.Err() != nil {
			if err == nil {
				s.close()
			}
			return s, false
		}
		if err == nil {
			return s, true
		}
		lost(err)

		var retry <-chan time.Time
		if delay <= settleRetry || !arrivals.cover(err) {
			retry = time.After(delay)
		}
		select {
		case <-ctx.Done():
			return s, false
		case <-retry:
		case <-arrivals.next():
			delay = firstRetry / 2
		}
	}
}

// nobodyListens tells whether err means that there is no server at all.
func nobodyListens(err error) bool {
	return errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED)
}

// breath is how long a connection lasts that was worth making, and the pause after one that was not: a server that takes
// everybody and hangs up at once must not keep us busy.
const breath = time.Second

// breathe pauses for d, or until ctx ends, if less than that has passed since began.
func breathe(ctx context.Context, began time.Time, d time.Duration) {
	if time.Since(began) >= d {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
