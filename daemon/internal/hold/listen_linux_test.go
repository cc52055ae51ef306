package hold

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// A listener is a Desk that looks for calls alone, and what it has heard.
type listener struct {
	*testing.T
	*Desk
	news atomic.Int32
}

func newListener(t *testing.T, sources ...string) *listener {
	l := &listener{T: t}
	l.Desk = New(nil, nil, func() { l.news.Add(1) }, slog.New(slog.DiscardHandler))
	l.sources = slices.DeleteFunc(l.sources, func(s *source) bool { return !slices.Contains(sources, s.name) })
	t.Cleanup(func() { l.Listen(nil); l.ends() })
	return l
}

// finds is a look that finds so many calls.
func (l *listener) finds(want int) (found []Found) {
	l.Helper()
	desktest.Until(l, 10*time.Second, fmt.Sprint(want, " calls"), func() bool {
		found = l.Look(l.Context(), Wants{Call: true})
		return len(found) == want
	})
	return found
}

// hears is that word has come so often.
func (l *listener) hears(want int32) {
	l.Helper()
	desktest.Until(l, 10*time.Second, "word of the end", func() bool { return l.news.Load() >= want })
	if got := l.news.Load(); got != want {
		l.Errorf("heard %d times, want %d", got, want)
	}
}

// ends waits until nobody listens any more.
func (l *listener) ends() {
	for _, s := range l.sources {
		l.mu.Lock()
		one := s.ear
		l.mu.Unlock()
		if one != nil {
			<-one.done
		}
	}
}

// hearing is a desk with a real sound server.
func hearing(t *testing.T) *desktest.Desk {
	t.Helper()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	desk.StartSound()
	t.Setenv("PULSE_SERVER", filepath.Join(desk.Getenv("XDG_RUNTIME_DIR"), "pulse", "native"))
	t.Setenv("XDG_CONFIG_HOME", desk.Getenv("XDG_CONFIG_HOME"))
	return desk
}

// clients are the connections of ours that the real sound server has.
func clients(t *testing.T, desk *desktest.Desk) int {
	t.Helper()
	out, err := desk.Command("pactl", "list", "clients").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(out), `application.name = "Unhunch"`)
}

// TestTheEndOfACallIsHeard: of the call that is listened to, by one connection, for as long as it is; of no other.
func TestTheEndOfACallIsHeard(t *testing.T) {
	desk := hearing(t)
	l := newListener(t, ByMicrophone)
	hangUp := desk.Record()
	call := l.finds(1)
	l.Listen(call)
	desktest.Until(t, 10*time.Second, "a connection", func() bool { return clients(t, desk) == 1 })
	other := desk.Record("--client-name=Other")
	both := l.finds(2)
	other()
	l.finds(1) // which is after the server has sent word of the other
	hangUp()
	l.hears(1)
	desktest.Until(t, 10*time.Second, "the connection to end with what it was for", func() bool { return clients(t, desk) == 0 })

	hangUp = desk.Record()
	again := l.finds(1)
	l.Listen(both) // which is over, as nobody has told: it is seen as soon as it is listened to
	l.hears(2)
	l.Listen(again)
	desktest.Until(t, 10*time.Second, "a connection", func() bool { return clients(t, desk) == 1 })
	l.Listen(nil)
	desktest.Until(t, 10*time.Second, "no connection", func() bool { return clients(t, desk) == 0 })
	hangUp()
	l.finds(0)
	l.hears(2)
}

// TestTheSoundServerDies: with it goes the call.
func TestTheSoundServerDies(t *testing.T) {
	desk := hearing(t)
	l := newListener(t, ByMicrophone)
	desk.Record()
	l.Listen(l.finds(1))
	desktest.Until(t, 10*time.Second, "a connection", func() bool { return clients(t, desk) == 1 })
	desk.EndSound()
	l.hears(1)
	if found := l.Look(t.Context(), Wants{Call: true}); found != nil {
		t.Errorf("after its death: %+v", found)
	}
}

// TestListeningLeavesNothing behind, however often it begins and ends.
func TestListeningLeavesNothing(t *testing.T) {
	desk := hearing(t)
	l := newListener(t, ByMicrophone, ByCamera)
	film(t, filepath.Join(l.cameras(), "video0"))
	desk.Record()
	found := l.finds(2)
	round := func() {
		l.Listen(found)
		desktest.Until(t, 10*time.Second, "a connection", func() bool { return clients(t, desk) == 1 })
		l.Listen(found[:1])
		l.Listen(found)
		l.Listen(found[1:])
		l.Listen(nil)
		desktest.Until(t, 10*time.Second, "its end", func() bool { return clients(t, desk) == 0 })
	}
	round()
	files, routines := openFiles(t), runtime.NumGoroutine()
	for range 50 {
		round()
	}
	desktest.Until(t, 10*time.Second, "no more files and goroutines than before", func() bool {
		return openFiles(t) <= files && runtime.NumGoroutine() <= routines
	})
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// cameras makes the last source look at video devices in a directory of its own.
func (l *listener) cameras() (dir string) {
	c := cameras{dev: l.TempDir(), proc: "/proc"}
	last := l.sources[len(l.sources)-1]
	last.look, last.listen = c.look, c.hear
	return c.dev
}

// TestTheEndOfFilmingIsHeard, once for each, and not that somebody looks which cameras there are.
func TestTheEndOfFilmingIsHeard(t *testing.T) {
	l := newListener(t, ByCamera)
	dev := l.cameras()
	first, second := film(t, filepath.Join(dev, "video0")), film(t, filepath.Join(dev, "video1"))
	both := l.finds(2)
	var heard atomic.Int32
	hear := l.sources[0].listen
	l.sources[0].listen = func(ctx context.Context, to []Found, tell func()) error {
		return hear(ctx, to, func() { heard.Add(1); tell() })
	}
	l.Listen(both)
	desktest.Until(t, 10*time.Second, "somebody to listen", func() bool { return listens(t) })
	for range 3 {
		if err := exec.Command("cat", filepath.Join(dev, "video0")).Run(); err != nil {
			t.Fatal(err)
		}
	}
	first()
	l.hears(1)
	l.finds(1)
	second()
	l.hears(2)
	desktest.Until(t, 10*time.Second, "nobody to listen once all is over", func() bool { return !listens(t) })
	if n := heard.Load(); n != 2 {
		t.Errorf("heard %d times", n)
	}
	l.Listen(both[:1]) // which is over already
	l.hears(3)
}

// listens tells whether this program has the kernel tell of files.
func listens(t *testing.T) bool {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(f os.DirEntry) bool {
		to, _ := os.Readlink(filepath.Join("/proc/self/fd", f.Name()))
		return strings.Contains(to, "inotify")
	})
}

// A harasser is a made-up sound server that sends word without end, or nonsense, to whoever asks to be told.
type harasser struct {
	word        []byte
	times       int          // 0: without end
	lists, ears atomic.Int32 // questions for what records, and connections that were to be told
}

func (h *harasser) serve(t *testing.T) {
	good := telling(recorder{name: "Talk", client: 4, source: microphoneSource})
	soundServerConn(t, func(conn io.Writer, command uint32, a *answer) (uint32, tags) {
		switch command {
		case pulseSourceOutputList:
			h.lists.Add(1)
		case pulseSubscribe:
			h.ears.Add(1)
			go func() {
				for n := 0; h.times == 0 || n < h.times; n++ {
					if _, err := conn.Write(h.word); err != nil {
						return
					}
				}
			}()
		}
		return good(command, a)
	})
}

// event is word that a stream has changed, as it comes over the wire.
func event(kind uint32) []byte {
	var body tags
	body.number(pulseEvent)
	body.number(pulseNone)
	body.number(kind)
	body.number(0)
	return packet(body)
}

// TestASoundServerThatHarasses: whatever it sends, it is asked once a second at most, and listened to again after half a
// minute at the soonest.
func TestASoundServerThatHarasses(t *testing.T) {
	for name, tt := range map[string]struct {
		word  []byte
		times int // 0: without end
		heard int32
		more  int32 // by chance: more may come between a question and its answer than is put up with
	}{
		"changes without end": {word: event(0x10 | pulseEventSourceOutput), more: 1},
		"changes in a burst":  {word: event(0x10 | pulseEventSourceOutput), times: 5000},
		"changes of others":   {word: event(0x10), times: 5000},
		"cut short":           {word: event(0)[:30], times: 10, heard: 1},
		"nonsense":            {word: []byte(strings.Repeat("nonsense ", 50)), times: 10, heard: 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := &harasser{word: tt.word, times: tt.times}
			h.serve(t)
			l := newListener(t, ByMicrophone)
			found := l.finds(1)
			before := h.lists.Load()
			began := time.Now()
			l.Listen(found)
			desktest.Until(t, 10*time.Second, "two seconds", func() bool { return time.Since(began) > 2*time.Second })
			if got := l.news.Load(); got < tt.heard || got > tt.heard+tt.more {
				t.Errorf("heard %d times, want %d", got, tt.heard)
			}
			if n := h.lists.Load() - before; n > 3 || h.ears.Load() != 1 {
				t.Errorf("in %v asked %d times, over %d connections", time.Since(began), n, h.ears.Load())
			}
		})
	}
}

// Everything that can be made up is a source of this kind.
func made(listen func(ctx context.Context, heard func()) error) *source {
	return &source{
		name: ByMicrophone, wanted: func(Wants) bool { return true },
		look:   func(context.Context) ([]Found, string, error) { return nil, "", nil },
		listen: func(ctx context.Context, _ []Found, heard func()) error { return listen(ctx, heard) },
	}
}

// TestHeardOnceASecond: word that comes all the time leads to a look a second, and soon to the first.
func TestHeardOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newListener(t)
		l.changed = func() { l.news.Add(1); l.Look(t.Context(), Wants{}) }
		l.sources = []*source{made(func(ctx context.Context, heard func()) error {
			for pause(ctx, time.Millisecond) {
				heard()
			}
			return nil
		})}
		l.Listen([]Found{{By: ByMicrophone, ID: "1"}})
		time.Sleep(300 * time.Millisecond)
		if got := l.news.Load(); got != 1 {
			t.Errorf("%d looks in 0.3 s, want 1", got)
		}
		time.Sleep(10 * time.Second)
		if got := l.news.Load(); got != 11 && got != 10 {
			t.Errorf("%d looks in 10.3 s", got)
		}
		l.Listen(nil)
		was := l.news.Load()
		time.Sleep(time.Hour)
		if got := l.news.Load(); got != was {
			t.Errorf("%d looks when nobody listens", got-was)
		}
	})
}

// TestWhoHangsUp is listened to again after half a minute, unless there is nothing to hear ever.
func TestWhoHangsUp(t *testing.T) {
	for err, want := range map[error]int{io.EOF: 4, ErrUnseen: 1} {
		synctest.Test(t, func(t *testing.T) {
			l := newListener(t)
			tries := 0
			l.sources = []*source{made(func(context.Context, func()) error { tries++; return err })}
			l.Listen([]Found{{By: ByMicrophone, ID: "1"}})
			time.Sleep(100 * time.Second)
			if synctest.Wait(); tries != want || int(l.news.Load()) != want && err == io.EOF || l.news.Load() > 0 && err == ErrUnseen {
				t.Errorf("%v: listened %d times, heard %d times, want %d", err, tries, l.news.Load(), want)
			}
		})
	}
}

// TestOneEarForASource: another begins when the one before it has let go.
func TestOneEarForASource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newListener(t)
		open, most, all := 0, 0, 0
		l.sources = []*source{made(func(ctx context.Context, heard func()) error {
			open++
			all++
			most = max(most, open)
			<-ctx.Done()
			time.Sleep(time.Second) // to let go takes its time
			open--
			return ctx.Err()
		})}
		for n := range 20 {
			l.Listen([]Found{{By: ByMicrophone, ID: fmt.Sprint(n)}})
			time.Sleep(300 * time.Millisecond)
		}
		l.Listen([]Found{{By: ByMicrophone, ID: "19"}}) // which it listens to already
		time.Sleep(time.Minute)
		if synctest.Wait(); most != 1 || open != 1 || all < 2 {
			t.Errorf("%d at once, %d now, %d in all", most, open, all)
		}
		l.Listen(nil)
		time.Sleep(time.Minute)
	})
}
