package daemon

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/history/engine"
	"github.com/unhunch/unhunch/daemon/internal/hold"
	"github.com/unhunch/unhunch/daemon/internal/page"
	"github.com/unhunch/unhunch/daemon/internal/presence"
	"github.com/unhunch/unhunch/daemon/internal/profile"
	"github.com/unhunch/unhunch/daemon/internal/server"
	"github.com/unhunch/unhunch/daemon/internal/service"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// Options say how a daemon is to run. The zero value is this user's daemon with the usual settings.
type Options struct {
	ConfigPath string    // empty: the usual place
	Version    string    // of the program
	Terminal   io.Writer // where prompts go when they cannot be shown otherwise; nil: nowhere
	Log        *slog.Logger
	// Engine is the command that runs [ServeEngine], for the history's database; empty: it is run in this process, and
	// its memory stays.
	Engine []string

	desk func(*daemon) *rooms // makes a simulated desk in place of the real one; nil outside the soak
}

// A daemon is the wired house.
type daemon struct {
	opts     Options
	boot     string // a random id of this run
	dir      string // of the state
	cfgPath  string
	cfg      atomic.Pointer[config.Config]
	loop     *loop
	saver    *saver
	record   record
	retold   *retelling
	fresh    bool            // there was no state to go on from
	told     map[string]bool // problems of the history that were told of; of its goroutine alone
	rooms    *rooms
	holds    holds
	quit     context.CancelFunc
	heard    atomic.Pointer[presence.Input]  // the input sensor's last word
	lit      atomic.Pointer[presence.Screen] // and on the screen, nil where it has never said any
	session  atomic.Pointer[presence.Session]
	cfgError atomic.Pointer[error] // what is wrong with the settings file, nil for nothing
	card     atomic.Pointer[api.Problem]
	own      atomic.Pointer[routines.Catalogue] // with the person's own exercises; nil while there are none
	ownWrong []routines.Fault                   // what is wrong with those; of build, then of the goroutine that watches files
	ownSeen  [sha256.Size]byte                  // the folder as last read; like ownWrong
	profile  *profile.Store
	progress atomic.Pointer[progressOf]
	unsaved  []core.Event  // what there is to say of writing the profile before anything runs
	trained  chan struct{} // a session is over, or judged: progress is to be looked up
	askAfter bool          // the session that ends was the first that was finished; of the loop's goroutine alone
	practice practice
	offered  atomic.Pointer[routines.Plan] // the session that the prompt on the screen names

	page       *page.Page
	links      chan string           // for whoever can open one in the browser
	unopened   chan string           // those with which that has failed
	disturbed  func() bool           // tells whether do-not-disturb keeps notifications out of sight
	ctx        context.Context       // of the daemon's life
	background sync.WaitGroup        // what goes on by itself, as opening a browser does
	again      atomic.Pointer[Again] // set before quit where it is to be started anew
	welcomed   chan string           // what became of the welcome, and what was pressed
}

// Run runs the daemon until ctx ends or somebody asks it to quit. Another daemon of this user is an error that a
// rule says no (exit code 4); an error of type *[Again] is a daemon that wants to be started anew.
func Run(ctx context.Context, opts Options) error {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := files.StateDir()
	if err != nil {
		return err
	}
	return runIn(ctx, dir, listen, opts)
}

// runIn is Run with its state in dir, which is there, answering on what listen opens.
func runIn(ctx context.Context, dir string, listen func() (net.Listener, error), opts Options) error {
	lock, err := files.TakeLock(filepath.Join(dir, "lock"))
	if held, ok := errors.AsType[files.ErrHeld](err); ok {
		return alreadyRunning(held.PID)
	}
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := files.Sweep(dir); err != nil {
		opts.Log.Warn("cannot clear up after an earlier crash", "error", err)
	}
	socket, err := listen()
	if err != nil {
		return err
	}
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	d, problems, err := build(dir, opts, quit)
	if err != nil {
		socket.Close()
		return err
	}
	d.ctx = ctx
	return d.run(ctx, socket, problems)
}

func listen() (net.Listener, error) {
	path, err := files.SocketPath()
	if err != nil {
		return nil, err
	}
	return server.Listen(path)
}

func alreadyRunning(pid int) error {
	message, hint := words.Refusal(words.SecondDaemon, words.RefusalFacts{})
	if pid > 0 {
		message = fmt.Sprintf("%s (process %d)", message, pid)
	}
	return &server.Refusal{Message: message, Hint: hint}
}

// build wires the rooms. Nothing runs yet; problems are what there is to say once it does.
func build(dir string, opts Options, quit context.CancelFunc) (d *daemon, problems []core.Event, err error) {
	d = &daemon{
		opts: opts, boot: randomID(), dir: dir, quit: quit, told: map[string]bool{},
		retold: newRetelling(), trained: make(chan struct{}, 1), welcomed: make(chan string, 1),
	}
	if d.cfgPath = opts.ConfigPath; d.cfgPath == "" {
		if d.cfgPath, err = config.Path(); err != nil {
			return nil, nil, err
		}
	}
	cfg, cfgErr := config.Load(d.cfgPath)
	d.cfg.Store(&cfg)

	path := filepath.Join(dir, "state.json")
	state, stateErr := loadState(path, core.New(coreSettings(cfg)), clock.Now().Wall)
	if !errors.Is(stateErr, errNewer) {
		d.saver = newSaver(path, d.savingFails)
	}
	d.fresh = state.Rev == 0
	profileEvents := d.openProfile(dir, &state)
	if d.loop, err = newLoop(state, d.carry); err != nil {
		return nil, nil, err
	}
	record := history.Options{Changed: d.recordingFails}
	if len(opts.Engine) > 0 {
		record.Engine = engine.Child(opts.Engine[0], opts.Engine[1:]...)
	}
	d.record.store = history.Open(filepath.Join(dir, "history.db"), record)
	d.rooms = d.newRooms()
	d.page, d.links, d.unopened = d.newPage(), make(chan string), make(chan string)
	d.disturbed = func() bool { // whatever the settings say of prompts: it is about what can be seen
		return len(d.rooms.hold.Look(context.Background(), hold.Wants{DoNotDisturb: true})) > 0
	}
	return d, slices.Concat(d.configProblems(cfgErr), stateProblems(stateErr), profileEvents, d.loadOwn()), nil
}

// run starts every long-running part, waits for the first that fails or for ctx, and ends them in order: what may
// still change the state first, then the state's last checkpoint.
func (d *daemon) run(ctx context.Context, socket net.Listener, problems []core.Event) error {
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		if d.saver != nil {
			d.saver.run()
		}
	}()
	ctx, stop := context.WithCancelCause(ctx)
	var parts sync.WaitGroup
	start := func(name string, part func(context.Context) error) {
		parts.Go(func() {
			if err := part(ctx); err != nil {
				stop(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	start("loop", d.loop.run)
	d.begin(problems)
	start("server", func(ctx context.Context) error { return server.New(d, d.opts.Log).Serve(ctx, socket) })
	d.rooms.start(start, d.opts.Log)
	start("page", d.page.Run)
	start("state of notifications", d.watchNotes)
	if d.opts.desk == nil { // the kernel tells of files on its own time, which a simulated clock would wait for
		start("files", d.watchFiles)
	}
	start("clock steps", d.watchSteps)
	start("history", d.watchHistory)
	start("progress", d.watchProgress)
	start("practice", d.watchPractice)
	self := files.Self()
	start("upgrade", func(ctx context.Context) error { return d.watchUpgrade(ctx, self) })
	start("welcome", d.welcome)
	start("watchdog", func(ctx context.Context) error {
		d.mild("that the watchdog asks", service.Watchdog(ctx, d.loop.alive))
		return nil
	})
	d.mild("by the service manager: readiness", service.Ready())
	start("card", func(ctx context.Context) error { return d.watchCard(ctx, d.record.store) })
	<-ctx.Done()
	if d.again.Load() == nil { // to the service manager a daemon that starts anew goes on
		_ = service.Stopping()
	}
	stop(nil)
	parts.Wait()
	d.rooms.hold.Listen(nil)
	d.rooms.vouch.Rest()
	d.background.Wait()
	d.closeHistory()
	d.closeProfile()
	if d.saver != nil {
		d.saver.save(d.loop.state)
		d.saver.end()
	}
	<-saved
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	if again := d.again.Load(); again != nil {
		return again
	}
	return nil
}

// begin posts what is known before anything has happened.
func (d *daemon) begin(problems []core.Event) {
	zone, err := clock.LocalZone()
	if err != nil {
		d.opts.Log.Warn("the time zone is not known", "error", err)
	}
	d.loop.post(core.Event{Start: &core.Start{
		BootID: clock.BootID(), Settings: coreSettings(*d.cfg.Load()), Zone: zone,
	}})
	d.desk(presence.Session{}) // until logind says more
	for _, p := range problems {
		d.loop.post(p)
	}
}

// watchSteps lets the core see that somebody has set the clock: deadlines by the wall clock have moved.
func (d *daemon) watchSteps(ctx context.Context) error {
	d.mild("clock steps", clock.WatchSteps(ctx, func() { d.loop.post(core.Event{}) }))
	return nil
}

// mild logs the failure of something that the daemon can live without.
func (d *daemon) mild(what string, err error) {
	if err != nil {
		d.opts.Log.Warn("not noticed from now on: "+what, "error", err)
	}
}

// savingFails tells of saving having begun or ceased to fail.
func (d *daemon) savingFails(err error) {
	e := core.Event{Problems: &core.Problems{Part: "state"}}
	if err != nil {
		d.opts.Log.Error("cannot save the state", "error", err)
		e.Problems.List = []api.Problem{problem("state", words.ProblemNotSaved, words.ProblemFacts{Detail: err.Error()})}
	}
	d.loop.post(e)
}

func stateProblems(err error) []core.Event {
	if err == nil {
		return nil
	}
	code := words.ProblemStateUnreadable
	if errors.Is(err, errNewer) {
		code = words.ProblemStateNewer
	}
	return []core.Event{{Problems: &core.Problems{
		Part: "state", List: []api.Problem{problem("state", code, words.ProblemFacts{Detail: err.Error()})},
	}}}
}

func problem(part, code string, f words.ProblemFacts) api.Problem {
	message, hint := words.Problem(code, f)
	return api.Problem{Part: part, Code: code, Message: words.Plain(message), Hint: words.Plain(hint)}
}

func randomID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
