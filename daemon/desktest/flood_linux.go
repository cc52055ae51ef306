package desktest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
)

// A Flood is what programs of the person's own that are broken, or many, do to a daemon: all of it at once.
type Flood struct {
	For      time.Duration
	Calls    int // a second, by a few programs that keep their connections
	Streams  int // programs that follow the states, most of them in vain
	Slow     int // of them, those that read nothing
	HalfOpen int // connections kept open that ask for nothing, each begun anew when it is closed
	Bodies   int // requests of 100 MB, one after the other
}

// Flooded is what became of a flood.
type Flooded struct {
	Answered int // calls
	Refused  int // calls that found no place
	Turned   int // bodies that were not taken
	Orders   []time.Duration
	Alarms   []time.Duration
	Floor    []time.Duration // by how much a process was late that does nothing but sleep: what the machine allows
}

// Order is the median and the longest time in which an order given meanwhile went to the loop and back, on a connection
// of its own that was there before. An order that a rule refuses is told apart from the disk by that: it waits for none.
func (f Flooded) Order() (median, longest time.Duration) { return spread(f.Orders) }

// Late is the median and the longest time by which the loop was late for what it had to do at a certain time, as its own
// log has it.
func (f Flooded) Late() (median, longest time.Duration) { return spread(f.Alarms) }

// Busy is the median and the longest time by which the machine is late for anybody.
func (f Flooded) Busy() (median, longest time.Duration) { return spread(f.Floor) }

func spread(all []time.Duration) (median, longest time.Duration) {
	if len(all) == 0 {
		return 0, 0
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)-1]
}

// questions are asked in turn. There are no orders among them: these would push the alarms out of the event log.
var questions = []string{
	"GET " + api.PathState, "GET " + api.PathState, "GET " + api.PathConfig, "GET " + api.PathState,
	"GET " + api.PathProfile, "GET " + api.PathState, "GET " + api.PathHistory, "POST " + api.PathPlan,
}

// Flood pours everything over the daemon until the time is up.
func (p *Daemon) Flood(f Flood) (out Flooded) {
	p.desk.t.Helper()
	orders, alarms := p.desk.line(), p.desk.line() // before there is no place left
	defer orders.close()
	defer alarms.close()
	ctx, cancel := context.WithTimeout(context.Background(), f.For)
	defer cancel()
	var all sync.WaitGroup
	for i := range f.Streams {
		all.Go(func() { p.desk.stream(ctx, i < f.Slow) })
	}
	for range f.HalfOpen {
		all.Go(func() { p.desk.halfOpen(ctx) })
	}
	var answered, refused, turned atomic.Int64
	for i := range f.Bodies {
		all.Go(func() {
			for ctx.Err() == nil {
				if p.desk.body(ctx, i%2 == 0) {
					turned.Add(1)
				}
				wait(ctx, pace)
			}
		})
	}
	const callers = 8
	for i := range callers {
		all.Go(func() { p.desk.call(ctx, i, f.Calls/callers, &answered, &refused) })
	}
	all.Go(func() {
		for ctx.Err() == nil {
			_, _ = alarms.order("meeting", `{"duration":"`+alarm.String()+`"}`)
			wait(ctx, 2*alarm)
		}
	})
	floor := p.desk.startSleeper()
	var lost error
	const often = 20 * time.Millisecond
	for tick := time.NewTicker(often); ctx.Err() == nil && lost == nil; <-tick.C {
		began := time.Now()
		if _, lost = orders.order("skip", "{}"); lost == nil {
			out.Orders = append(out.Orders, time.Since(began))
		}
	}
	cancel()
	all.Wait()
	if lost != nil {
		p.desk.t.Fatalf("an order was not answered: %v", lost)
	}
	out.Answered, out.Refused, out.Turned = int(answered.Load()), int(refused.Load()), int(turned.Load())
	out.Alarms, out.Floor = p.late(), floor.stop(p.desk.t)
	return out
}

// alarm is after how long the loop has to end the meetings that are declared meanwhile.
const alarm = 100 * time.Millisecond

// A sleeper is a process that notes by how much it is woken too late. It is no thread of the flood's own process, whose
// many goroutines wait for each other.
type sleeper struct {
	proc *proc
	said string // where it notes that, in nanoseconds
}

const sleeps = `import sys, time
while True:
    t = time.monotonic_ns() + int(sys.argv[1])
    time.sleep((t - time.monotonic_ns()) / 1e9)
    print(time.monotonic_ns() - t, flush=True)
`

func (d *Desk) startSleeper() *sleeper {
	d.t.Helper()
	Need(d.t, "/usr/bin/python3")
	return &sleeper{
		d.run("sleeper", d.Command("/usr/bin/python3", "-c", sleeps, strconv.FormatInt(alarm.Nanoseconds(), 10))), d.logPath("sleeper"),
	}
}

func (s *sleeper) stop(t T) (all []time.Duration) {
	t.Helper()
	s.proc.kill(t)
	text, err := os.ReadFile(s.said)
	if err != nil {
		t.Fatalf("the sleeper: %v", err)
	}
	for line := range strings.Lines(string(text)) {
		if ns, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64); err == nil {
			all = append(all, time.Duration(max(0, ns)))
		}
	}
	return all
}

// late is by how much the loop was late for each of them, by the clock it reads itself.
func (p *Daemon) late() (all []time.Duration) {
	p.desk.t.Helper()
	answer, err := p.http.Get("http://unhunch" + api.PathLog)
	if err != nil {
		p.desk.t.Fatalf("the event log: %v", err)
	}
	defer answer.Body.Close()
	var due time.Duration
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line struct {
			Event struct {
				At      struct{ Boot time.Duration }
				Command struct {
					Name string
					For  time.Duration
				}
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			p.desk.t.Fatalf("the event log: %v", err)
		}
		at, command := line.Event.At.Boot, line.Event.Command
		if due > 0 && at >= due {
			all = append(all, at-due)
			due = 0
		}
		if command.Name == "meeting" && command.For == alarm {
			due = at + alarm
		}
	}
	return all
}

// A line is a connection that is kept.
type line struct {
	conn   net.Conn
	reader *bufio.Reader
}

func (d *Desk) line() *line {
	d.t.Helper()
	conn, err := net.Dial("unix", d.SocketPath())
	if err != nil {
		d.t.Fatalf("calling the daemon: %v", err)
	}
	return &line{conn, bufio.NewReader(conn)}
}

func (l *line) close() { _ = l.conn.Close() }

// order gives an order.
func (l *line) order(name, body string) (status int, err error) {
	return l.say("POST "+api.PathActions+name, body)
}

// say sends a request, "GET /path", and reads the whole answer.
func (l *line) say(request, body string) (status int, err error) {
	_ = l.conn.SetDeadline(time.Now().Add(patience))
	head := "%s HTTP/1.1\r\nHost: unhunch\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
	if _, err := fmt.Fprintf(l.conn, head, request, len(body), body); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(l.reader, nil)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// call asks so often a second, at even times, and calls again when it is hung up on.
func (d *Desk) call(ctx context.Context, first, often int, answered, refused *atomic.Int64) {
	tick := time.NewTicker(time.Second / time.Duration(max(often, 1)))
	defer tick.Stop()
	var l *line
	for i := first; ctx.Err() == nil; i++ {
		if l == nil {
			conn, err := net.Dial("unix", d.SocketPath())
			if err != nil {
				refused.Add(1)
				<-tick.C
				continue
			}
			l = &line{conn, bufio.NewReader(conn)}
		}
		if _, err := l.say(questions[i%len(questions)], "{}"); err != nil {
			refused.Add(1)
			l.close()
			l = nil
		} else {
			answered.Add(1)
		}
		<-tick.C
	}
	if l != nil {
		l.close()
	}
}

// pace is how long one that was hung up on, or is done, waits before it calls again.
const pace = 500 * time.Millisecond

// stream follows the states, or only says that it will, and begins anew when it is refused.
func (d *Desk) stream(ctx context.Context, slow bool) {
	for ctx.Err() == nil {
		if conn, err := net.Dial("unix", d.SocketPath()); err == nil {
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			_, _ = io.WriteString(conn, "GET "+api.PathEvents+" HTTP/1.1\r\nHost: unhunch\r\n\r\n")
			if slow {
				<-ctx.Done()
			}
			_, _ = io.Copy(io.Discard, conn)
			stop()
			_ = conn.Close()
		}
		wait(ctx, pace)
	}
}

// halfOpen calls and says no more than half a word.
func (d *Desk) halfOpen(ctx context.Context) {
	for ctx.Err() == nil {
		if conn, err := net.Dial("unix", d.SocketPath()); err == nil {
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			_, _ = io.WriteString(conn, "GET /v1/st")
			_, _ = io.Copy(io.Discard, conn)
			stop()
			_ = conn.Close()
		}
		wait(ctx, pace)
	}
}

// body sends 100 MB, with its length said before or not, and tells whether the daemon has hung up before it had them all.
func (d *Desk) body(ctx context.Context, said bool) (turned bool) {
	conn, err := net.Dial("unix", d.SocketPath())
	if err != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	const size, part = 100 << 20, 64 << 10
	head := "POST " + api.PathActions + "snooze HTTP/1.1\r\nHost: unhunch\r\nContent-Type: application/json\r\n"
	chunk := strings.Repeat(" ", part)
	if said {
		head += fmt.Sprintf("Content-Length: %d\r\n\r\n", size)
	} else {
		head += "Transfer-Encoding: chunked\r\n\r\n"
		chunk = fmt.Sprintf("%x\r\n%s\r\n", part, chunk)
	}
	_, err = io.WriteString(conn, head)
	for sent := 0; sent < size && err == nil; sent += part {
		_, err = io.WriteString(conn, chunk)
	}
	return err != nil && ctx.Err() == nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
