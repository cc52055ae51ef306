package presence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// patience bounds every wait for something that should come at once.
const patience = 5 * time.Second

// xvfb is a private X server and the person at it.
type xvfb struct {
	t       *testing.T
	args    []string
	cmd     *exec.Cmd
	display string
	conn    *xgb.Conn
	root    xproto.Window
	x       int16
}

func startXvfb(t *testing.T, args ...string) *xvfb {
	t.Helper()
	desktest.Need(t, "Xvfb")
	t.Setenv("XAUTHORITY", filepath.Join(t.TempDir(), "none"))
	v := &xvfb{t: t, args: args}
	v.start()
	t.Cleanup(v.kill)
	v.connect()
	return v
}

// start starts the server, on the same display as before if there was one.
func (v *xvfb) start() {
	v.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		v.t.Fatal(err)
	}
	defer read.Close()
	if v.display == "" {
		// Far from those that other tests are given, who might move in while this server is gone.
		v.display = fmt.Sprintf(":%d", 1000+rand.IntN(50_000))
	}
	args := []string{v.display, "-displayfd", "3", "-noreset", "-screen", "0", "320x200x24"}
	v.cmd = exec.Command("Xvfb", append(args, v.args...)...)
	v.cmd.ExtraFiles = []*os.File{write}
	v.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	write.Close()
	_ = read.SetReadDeadline(time.Now().Add(patience))
	number, err := io.ReadAll(read)
	if err != nil || ":"+strings.TrimSpace(string(number)) != v.display {
		v.t.Fatalf("Xvfb did not come up on %s: %q, %v", v.display, number, err)
	}
}

func (v *xvfb) connect() {
	v.t.Helper()
	var err error
	if v.conn, err = xgb.NewConnDisplay(v.display); err != nil {
		v.t.Fatal(err)
	}
	if err := xtest.Init(v.conn); err != nil {
		v.t.Fatal(err)
	}
	v.root = xproto.Setup(v.conn).DefaultScreen(v.conn).Root
}

func (v *xvfb) kill() {
	if v.conn != nil {
		v.conn.Close()
		v.conn = nil
	}
	_ = v.cmd.Process.Signal(syscall.SIGCONT)
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

func (v *xvfb) signal(sig syscall.Signal) {
	v.t.Helper()
	if err := v.cmd.Process.Signal(sig); err != nil {
		v.t.Fatal(err)
	}
}

// move is input: one pointer move.
func (v *xvfb) move() {
	v.t.Helper()
	v.x = (v.x + 7) % 300
	if err := xtest.FakeInputChecked(v.conn, xproto.MotionNotify, 0, 0, v.root, v.x, 10, 0).Check(); err != nil {
		v.t.Fatal(err)
	}
}

// sensor is an X11 that runs until the test ends, and its reports.
type sensor struct {
	*X11
	inputs  chan Input
	screens chan Screen
	running
}

func startSensor(t *testing.T, display string, threshold time.Duration) *sensor {
	t.Helper()
	s := &sensor{inputs: make(chan Input, 1000), screens: make(chan Screen, 1000)}
	s.X11 = NewX11(display, func(i Input) { s.inputs <- i }, func(c Screen) { s.screens <- c },
		slog.New(slog.DiscardHandler))
	s.Watch(threshold)
	s.breath = 0 // fifty times is enough to wait for
	s.start(t, s.X11)
	return s
}

// want waits for the next report, which must say state.
func (s *sensor) want(t *testing.T, state string) Input {
	t.Helper()
	select {
	case got := <-s.inputs:
		if got.State != state || got.Source != "x11" {
			t.Fatalf("reported %+v, want %s", got, state)
		}
		return got
	case <-time.After(patience):
		t.Fatalf("no report in %v, want %s", patience, state)
	}
	panic("unreachable")
}

// wantSoon is want where other reports may come first.
func (s *sensor) wantSoon(t *testing.T, state string) Input {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case got := <-s.inputs:
			if got.State == state {
				return got
			}
		case <-late:
			t.Fatalf("not reported in %v: %s", patience, state)
		}
	}
}

func (s *sensor) wantScreen(t *testing.T, dark bool) {
	t.Helper()
	select {
	case got := <-s.screens:
		if got.Dark != dark {
			t.Fatalf("screen dark: %v, want %v", got.Dark, dark)
		}
	case <-time.After(patience):
		t.Fatalf("no report of the screen, want dark: %v", dark)
	}
}

// wantNone sees to it that d passes without a report.
func (s *sensor) wantNone(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case got := <-s.inputs:
		t.Fatalf("reported %+v, want nothing", got)
	case <-time.After(d):
	}
}

func TestTimingIdleAndReturn(t *testing.T) {
	v := startXvfb(t)
	v.move()
	s := startSensor(t, v.display, time.Second)
	s.want(t, Active)
	for range 2 {
		v.move()
		last := time.Now()
		got := s.want(t, Idle)
		if late := time.Since(last) - time.Second; late < -20*time.Millisecond || late > 100*time.Millisecond {
			t.Errorf("idle was reported %v from the threshold", late)
		}
		if got.Idle < time.Second || got.Idle > 1100*time.Millisecond {
			t.Errorf("idle for %v, want 1s", got.Idle)
		}
		back := time.Now()
		v.move()
		s.want(t, Active)
		if late := time.Since(back); late > 50*time.Millisecond {
			t.Errorf("the return was reported after %v", late)
		}
	}
}

// Reading is one pointer move now and then: each must be seen, and each silence between them.
func TestTimingReading(t *testing.T) {
	v := startXvfb(t)
	v.move()
	s := startSensor(t, v.display, time.Second)
	s.want(t, Active)
	moves := time.NewTicker(1500 * time.Millisecond)
	defer moves.Stop()
	for range 4 {
		<-moves.C
		s.want(t, Idle)
		v.move()
		s.want(t, Active)
	}
}

func TestWatchWhileActive(t *testing.T) {
	v := startXvfb(t)
	v.move()
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Active)
	s.Watch(300 * time.Millisecond)
	s.want(t, Idle)
	v.move()
	s.want(t, Active)
	s.Watch(time.Hour) // and nothing more is said
	s.wantNone(t, 600*time.Millisecond)
}

func TestWatchWhileIdle(t *testing.T) {
	v := startXvfb(t)
	v.move()
	s := startSensor(t, v.display, 200*time.Millisecond)
	s.wantSoon(t, Idle)

	s.Watch(900 * time.Millisecond)
	if got := s.want(t, Idle); got.Idle < 900*time.Millisecond {
		t.Errorf("idle for %v at the raised threshold, want at least 0.9s", got.Idle)
	}
	s.Watch(100 * time.Millisecond)
	if got := s.want(t, Idle); got.Idle < 900*time.Millisecond {
		t.Errorf("idle for %v at the lowered threshold, want at least the 0.9s of before", got.Idle)
	}
	s.Watch(100 * time.Millisecond) // the one in force
	s.wantNone(t, 300*time.Millisecond)

	s.Watch(time.Hour) // the return must still be told
	s.wantNone(t, 300*time.Millisecond)
	v.move()
	s.want(t, Active)
}

// Input that comes and ends while the sensor is kept busy must not be lost in a silence as long as the one before.
func TestReturnWhileBusy(t *testing.T) {
	v := startXvfb(t)
	busy, goOn := make(chan struct{}), make(chan struct{})
	s := &sensor{inputs: make(chan Input, 100)}
	s.X11 = NewX11(v.display, func(i Input) { s.inputs <- i }, func(c Screen) {
		if c.Dark {
			close(busy)
			<-goOn
		}
	}, slog.New(slog.DiscardHandler))
	s.Watch(200 * time.Millisecond)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go s.Run(ctx)
	v.move()
	first := s.wantSoon(t, Idle).Idle

	xproto.ForceScreenSaver(v.conn, xproto.ScreenSaverActive)
	<-busy
	v.move()
	other := NewX11(v.display, func(Input) {}, func(Screen) {}, slog.New(slog.DiscardHandler))
	go other.Run(ctx)
	desktest.Until(t, patience, "a longer silence than the first", func() bool {
		idle, err := other.Idle(ctx)
		return err == nil && idle > first+200*time.Millisecond
	})
	close(goOn)
	s.want(t, Active)
	s.want(t, Idle)
}

func TestIdleQuery(t *testing.T) {
	v := startXvfb(t)
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Active)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	v.move()
	desktest.Until(t, patience, "300 ms of silence", func() bool {
		idle, err := s.Idle(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return idle >= 300*time.Millisecond
	})
	v.move()
	if idle, err := s.Idle(ctx); err != nil || idle > 200*time.Millisecond {
		t.Errorf("idle %v, %v just after input", idle, err)
	}
}

func TestScreenSaver(t *testing.T) {
	v := startXvfb(t)
	s := startSensor(t, v.display, time.Hour)
	s.wantScreen(t, false)
	xproto.ForceScreenSaver(v.conn, xproto.ScreenSaverActive)
	s.wantScreen(t, true)
	xproto.ForceScreenSaver(v.conn, xproto.ScreenSaverReset)
	s.wantScreen(t, false)

	xproto.ForceScreenSaver(v.conn, xproto.ScreenSaverActive)
	s.wantScreen(t, true)
	again := startSensor(t, v.display, time.Hour)
	again.wantScreen(t, true) // it was dark already
	v.kill()
	s.wantScreen(t, false) // nobody could tell when it becomes light
}

func TestServerGoesAndComesBack(t *testing.T) {
	v := startXvfb(t)
	v.move()
	s := startSensor(t, v.display, 500*time.Millisecond)
	s.wantSoon(t, Idle)
	v.kill()
	gone := time.Now()
	if got := s.want(t, Unknown); !strings.Contains(got.Why, v.display) || !strings.Contains(got.Why, "went away") {
		t.Errorf("why: %q", got.Why)
	}
	if took := time.Since(gone); took > time.Second {
		t.Errorf("unknown only after %v", took)
	}
	if got := s.want(t, Unknown); !strings.Contains(got.Why, "no X server at "+v.display) {
		t.Errorf("why: %q", got.Why)
	}
	if _, err := s.Idle(context.Background()); err == nil {
		t.Error("an idle time without a server")
	}
	s.wantNone(t, 700*time.Millisecond)

	v.start()
	back := time.Now()
	v.connect()
	s.wantSoon(t, Idle)
	if took := time.Since(back); took > 5*time.Second {
		t.Errorf("right only after %v", took)
	}
	v.move()
	s.want(t, Active)
}

// A display that does not exist yet is not asked for again and again, and yet used at once when it comes.
func TestServerComesLate(t *testing.T) {
	v := startXvfb(t)
	v.kill()
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Unknown)
	s.wantNone(t, 1100*time.Millisecond) // past the last retry
	v.start()
	start := time.Now()
	s.want(t, Active)
	if took := time.Since(start); took > 600*time.Millisecond {
		t.Errorf("the new server was noticed after %v", took)
	}
}

func TestServerFrozen(t *testing.T) {
	v := startXvfb(t)
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Active)
	v.signal(syscall.SIGSTOP)

	before := runtime.NumGoroutine()
	for range 20 {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		start := time.Now()
		_, err := s.Idle(ctx)
		cancel()
		if err == nil || !strings.Contains(err.Error(), "does not answer") {
			t.Fatalf("a frozen server told the idle time: %v", err)
		}
		if took := time.Since(start); took > time.Second {
			t.Fatalf("the error came after %v, the deadline was 20ms", took)
		}
	}
	if now := runtime.NumGoroutine(); now > before+2 {
		t.Errorf("%d goroutines after 20 questions, %d before", now, before)
	}
	start := time.Now()
	s.stop(t)
	if took := time.Since(start); took > time.Second {
		t.Errorf("Run took %v to end", took)
	}
}

// A server that takes connections and says nothing: the person learns of it, and Run ends when told to.
func TestServerSilent(t *testing.T) {
	listener, display := listenAsX(t)
	defer listener.Close()
	s := startSensor(t, display, time.Hour)
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	select {
	case got := <-s.inputs:
		if got.State != Unknown || !strings.Contains(got.Why, "does not answer") {
			t.Errorf("reported %+v", got)
		}
	case <-time.After(answerTimeout + patience):
		t.Error("no report")
	}
	if _, err := listener.Accept(); err != nil { // in the next handshake
		t.Fatal(err)
	}
	start := time.Now()
	s.stop(t)
	if took := time.Since(start); took > time.Second {
		t.Errorf("Run took %v to end", took)
	}
}

func TestReconnectsLeaveNothing(t *testing.T) {
	v := startXvfb(t)
	v.move()
	s := startSensor(t, v.display, time.Hour)
	s.want(t, Active)
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	for range 50 {
		s.mu.Lock()
		alarm := xgb.Get32(s.server.conn.SetupBytes[12:]) | 1 // the first thing the client made
		s.mu.Unlock()
		desktest.Until(t, patience, "the alarm to be armed", func() bool {
			return xproto.KillClientChecked(v.conn, alarm).Check() == nil
		})
		s.want(t, Unknown)
		s.want(t, Active)
	}
	desktest.Until(t, patience, "goroutines and files to be as many as before", func() bool {
		return runtime.NumGoroutine() <= goroutines && openFiles(t) <= files
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

// Not one request may go to the server while a person types, nor while nobody is there.
func TestNoPolling(t *testing.T) {
	v := startXvfb(t)
	v.move()
	p := startProxy(t, v.display, nil)
	s := startSensor(t, p.display, time.Second)
	s.want(t, Active)
	desktest.Until(t, patience, "the alarm to be armed", func() bool { return p.settled() })
	before := p.sent.Load()
	type1s := time.NewTicker(50 * time.Millisecond)
	defer type1s.Stop()
	for range 40 {
		<-type1s.C
		v.move()
	}
	if now := p.sent.Load(); now != before {
		t.Errorf("%d bytes went to the X server while the person typed", now-before)
	}
	s.want(t, Idle)
	desktest.Until(t, patience, "the alarm to be armed", func() bool { return p.settled() })
	before = p.sent.Load()
	s.wantNone(t, 2*time.Second)
	if now := p.sent.Load(); now != before {
		t.Errorf("%d bytes went to the X server while nobody was there", now-before)
	}
}

func TestWithoutSync(t *testing.T) {
	v := startXvfb(t)
	v.move()
	p := startProxy(t, v.display, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("SYNC"), []byte("NONE")) })
	s := startSensor(t, p.display, 500*time.Millisecond)
	s.want(t, Active)
	s.mu.Lock()
	if s.server.hasAlarms() {
		t.Error("SYNC was found all the same")
	}
	s.mu.Unlock()
	s.want(t, Idle)
	s.wantNone(t, 1500*time.Millisecond) // it asks, but there is no news
	v.move()                             // and quiet again when it asks next
	s.want(t, Active)
	s.want(t, Idle)
	s.Watch(time.Hour)
	v.move()
	s.want(t, Active)
}

func TestWithoutAnyExtension(t *testing.T) {
	v := startXvfb(t)
	p := startProxy(t, v.display, func(b []byte) []byte {
		b = bytes.ReplaceAll(b, []byte("SYNC"), []byte("NONE"))
		return bytes.ReplaceAll(b, []byte("MIT-SCREEN-SAVER"), []byte("NOT-SCREEN-SAVER"))
	})
	s := startSensor(t, p.display, time.Second)
	if got := s.want(t, Unknown); !strings.Contains(got.Why, "does not tell") {
		t.Errorf("why: %q", got.Why)
	}
}

func TestMagicCookie(t *testing.T) {
	secret := []byte("0123456789abcdef")
	auth := filepath.Join(t.TempDir(), "auth")
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	wild := authEntry(65535, "", "", magicCookie, secret)
	if err := os.WriteFile(auth, wild, 0o600); err != nil {
		t.Fatal(err)
	}
	desktest.Need(t, "Xvfb")
	v := &xvfb{t: t, args: []string{"-auth", auth}}
	v.start()
	t.Cleanup(v.kill)

	t.Setenv("XAUTHORITY", filepath.Join(t.TempDir(), "none"))
	refused := startSensor(t, v.display, time.Hour)
	if got := refused.want(t, Unknown); !strings.Contains(got.Why, "refused") {
		t.Errorf("why: %q", got.Why)
	}
	refused.stop(t)

	file := append(authEntry(256, host, "999", magicCookie, []byte("another display.")),
		authEntry(256, host, v.display[1:], magicCookie, secret)...)
	if err := os.WriteFile(auth, file, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XAUTHORITY", auth)
	startSensor(t, v.display, time.Hour).want(t, Active)
}

func TestDisplayName(t *testing.T) {
	s := NewX11("nonsense", func(i Input) {
		if i.State != Unknown || !strings.Contains(i.Why, "nonsense") {
			t.Errorf("reported %+v", i)
		}
	}, func(Screen) {}, slog.New(slog.DiscardHandler))
	if err := s.Run(t.Context()); err == nil {
		t.Error("Run took a display that is none")
	}
}

// A proxy stands between a sensor and a server, counts what the sensor sends and may change it.
type proxy struct {
	display string
	sent    atomic.Int64
	seen    int64
}

func startProxy(t *testing.T, server string, change func([]byte) []byte) *proxy {
	t.Helper()
	listener, display := listenAsX(t)
	p := &proxy{display: display}
	d, err := parseDisplay(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial(d.network, d.address)
			if err != nil {
				client.Close()
				continue
			}
			go p.forward(upstream, client, change)
			go func() {
				_, _ = io.Copy(client, upstream)
				client.Close()
			}()
		}
	}()
	return p
}

func (p *proxy) forward(upstream, client net.Conn, change func([]byte) []byte) {
	defer upstream.Close()
	b := make([]byte, 4096)
	for {
		n, err := client.Read(b)
		if err != nil {
			return
		}
		p.sent.Add(int64(n))
		out := b[:n]
		if change != nil {
			out = change(out)
		}
		if _, err := upstream.Write(out); err != nil {
			return
		}
	}
}

// settled tells whether nothing was sent since it was last called.
func (p *proxy) settled() bool {
	now := p.sent.Load()
	same := now == p.seen
	p.seen = now
	return same
}

// listenAsX listens where the display of the returned name would be.
func listenAsX(t *testing.T) (net.Listener, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener, fmt.Sprintf("127.0.0.1:%d", listener.Addr().(*net.TCPAddr).Port-basePort)
}

func TestExplain(t *testing.T) {
	x := NewX11(":7", nil, nil, nil)
	for _, c := range []struct {
		err  error
		want string
	}{
		{errGone, "the X server at :7 went away"},
		{io.EOF, "the X server at :7 went away"},
		{syscall.ECONNRESET, "the X server at :7 went away"},
		{context.DeadlineExceeded, "the X server at :7 does not answer"},
		{os.ErrNotExist, "there is no X server at :7"},
		{syscall.ECONNREFUSED, "there is no X server at :7"},
		{errors.New("odd"), "the X server at :7 cannot be used: odd"},
	} {
		if got := x.explain(c.err).Error(); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
