package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
)

// settled is how long after 1,000 calls the memory is to be as before.
const settled = 3 * time.Minute

// settling is how long after its start a program is left alone before it is watched. What has ended by then counts for
// nothing: the history's process, whose time would else seem to be given back, and GTK's own threads for odd jobs, which
// live for 15 seconds.
const settling = 25 * time.Second

// keystroke is the rhythm of somebody who types without pause.
const keystroke = 150 * time.Millisecond

// answering measures the start of the daemon and of a command, each several times.
func answering(r *rig, binary string) []row {
	desk := r.desk(desktest.Options{Logind: true})
	starts := repeat(5, func() time.Duration { return startOnce(r, desk, binary) })
	desk.Start(binary, "")
	trips := repeat(50, func() time.Duration {
		begin := time.Now()
		if _, stderr, code := desk.Exec(binary, "status", "--json"); code != 0 {
			r.Fatalf("status: %s", stderr)
		}
		return time.Since(begin)
	})
	return []row{
		{"daemon start to answering socket (median of 5)", "≤ 50 ms", milliseconds(starts), starts <= 50*time.Millisecond},
		{"status round trip (median of 50)", "≤ 15 ms", milliseconds(trips), trips <= 15*time.Millisecond},
	}
}

// startOnce starts the daemon, asks until it answers, and stops it.
func startOnce(r *rig, desk *desktest.Desk, binary string) time.Duration {
	cmd, client := desk.Command(binary, "daemon"), desk.HTTP()
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		r.Fatalf("%v", err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	for !answers(client) {
		if time.Since(begin) > 10*time.Second {
			r.Fatalf("the daemon does not answer")
		}
		<-time.After(200 * time.Microsecond)
	}
	return time.Since(begin)
}

// answers asks for the state and reads the whole answer.
func answers(client *http.Client) bool {
	answer, err := client.Get("http://unhunch" + api.PathState)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err == nil && answer.StatusCode == http.StatusOK
}

// idling watches a daemon on a desk that nobody touches.
func idling(r *rig, binary string, watch time.Duration) []row {
	desk := r.desk(desktest.Options{Logind: true})
	d := desk.Start(ownCopy(r, desk, binary), leavesSoon)
	return watched(r, d, "idle desktop", watch, budget{16, 4, 0.005, 0.2}, desk.Person().Away)
}

// calls looks at the memory of a daemon before and after many calls, and when it has been left alone again.
func calls(r *rig, binary string, wait time.Duration) []row {
	desk := r.desk(desktest.Options{Logind: true})
	d := desk.Start(ownCopy(r, desk, binary), leavesSoon)
	desk.Person().Away(settling) // without asking for the state: it would cost memory
	before := r.memory(d.Pid())
	client := desk.HTTP()
	for range 1000 {
		if !answers(client) {
			r.Fatalf("a call was not answered")
		}
	}
	record(r, client, 500)
	after := r.memory(d.Pid())
	r.rest()
	desk.Person().Away(wait)
	later := r.memory(d.Pid())
	return []row{
		{"after 1,000 API calls, 500 rows, every report: memory", "≤ 24 / 8 MB", after.String(), after.within(24, 8)},
		later.beside(before, fmt.Sprintf("and %v after the calls", wait)),
	}
}

// leavesSoon are settings by which the chair counts as empty after ten seconds and not after seven minutes: what is
// measured is a desktop that nobody sits at. Sessions do not wait for a browser, which is not ours to measure.
const leavesSoon = `sitting.away_after = "5s"
sitting.sure_after = "10s"
session.guide = "background"`

// typing watches a daemon while the person types without pause.
func typing(r *rig, binary string, watch time.Duration) []row {
	desk := r.desk(desktest.Options{Logind: true})
	d := desk.Start(ownCopy(r, desk, binary), "")
	return watched(r, d, "typing without pause", watch, budget{16, 4, 0.01, 0.5}, func(t time.Duration) {
		desk.Person().Type(t, keystroke)
	})
}

// ownCopy copies the program to the desk. Two daemons from one file would share its pages, and each would seem to
// need half of them. The copy is forgotten by the page cache and read from the disk, as after a restart of the
// machine: a file just written in one go lies there in larger pieces, of which one used byte counts as the whole.
func ownCopy(r *rig, desk *desktest.Desk, binary string) string {
	path := filepath.Join(desk.Dir, filepath.Base(binary))
	if err := copyCold(path, binary); err != nil {
		r.Fatalf("%v", err)
	}
	return path
}

func copyCold(path, binary string) error {
	from, err := os.Open(binary)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o700)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Sync(), unix.Fadvise(int(to.Fd()), 0, 0, unix.FADV_DONTNEED), to.Close())
}

// A budget is what a watched daemon may use: PSS and of it anonymous in megabytes, per cent of a core, and context
// switches a second.
type budget struct{ pss, anon, cpu, switches float64 }

// watched measures what a daemon uses while the person does something.
func watched(r *rig, d *desktest.Daemon, what string, watch time.Duration, most budget, do func(time.Duration)) []row {
	m, use := r.watch(d.Pid(), watch, do)
	return []row{
		{
			what + ": memory, PSS / of it anonymous", fmt.Sprintf("≤ %g / %g MB", most.pss, most.anon),
			m.String(), m.within(most.pss, most.anon),
		},
		{what + ": CPU", fmt.Sprintf("≤ %g %%", most.cpu), fmt.Sprintf("%.4f %%", use.cpu), use.cpu <= most.cpu},
		{
			what + ": context switches", fmt.Sprintf("≤ %g a second", most.switches),
			fmt.Sprintf("%.2f a second", use.switches), use.switches <= most.switches,
		},
	}
}

// watch measures what a program uses while the person does something, once all of the phase are ready, and its memory
// after that.
func (r *rig) watch(pid int, watch time.Duration, do func(time.Duration)) (memory, rate) {
	r.together()
	do(settling) // what it takes to begin, as coming back to the desk does, is no part of going on
	before := r.used(pid)
	do(watch)
	use := r.used(pid).since(before)
	return r.memory(pid), use
}

// pureBudgets are the Go benchmarks that the design has a budget for.
var pureBudgets = []struct {
	name, what, budget string
	most               time.Duration
}{
	{"BenchmarkYear", "one simulated year through the pure machines", "≤ 1 s", time.Second},
	{"BenchmarkPlan", "planning a session", "≤ 1 ms", time.Millisecond},
}

// pure runs the Go benchmarks of the pure machines.
func pure(r *rig) []row {
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", "^Benchmark(Year|Plan)$", "./daemon/internal/core", "./routines")
	out, err := cmd.Output()
	if err != nil {
		r.Logf("go test: %v\n%s", err, out)
	}
	took := benchmarks(string(out))
	var rows []row
	for _, b := range pureBudgets {
		r := row{what: b.what, budget: b.budget}
		if d, ok := took[b.name]; ok {
			r.measured, r.ok = milliseconds(d), d <= b.most
		}
		rows = append(rows, r)
	}
	return rows
}

var benchLine = regexp.MustCompile(`^(Benchmark\w+)\S*\s+\d+\s+([\d.]+) ns/op`)

// benchmarks reads the output of go test -bench: the time of one operation by name, of the slowest where a benchmark
// measures several.
func benchmarks(out string) map[string]time.Duration {
	took := map[string]time.Duration{}
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		if m := benchLine.FindStringSubmatch(lines.Text()); m != nil {
			ns, _ := strconv.ParseFloat(m[2], 64)
			took[m[1]] = max(took[m[1]], time.Duration(ns))
		}
	}
	return took
}

// repeat is the median of n measurements.
func repeat(n int, once func() time.Duration) time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = once()
	}
	slices.Sort(times)
	return times[n/2]
}

// milliseconds has three digits at least of what is short.
func milliseconds(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.2f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
}
