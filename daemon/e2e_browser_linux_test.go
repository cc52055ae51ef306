package daemon_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// browserTime is how long any one thing in the browser may take, on a machine that is busy with everything else.
const browserTime = 20 * time.Second

// A webBrowser is Debian's Chromium, without a window. Its tabs share cookies.
type webBrowser struct {
	t   *testing.T
	ctx context.Context
}

// newBrowser starts a browser that ends with the test.
func newBrowser(t *testing.T) *webBrowser {
	t.Helper()
	desktest.Need(t, "chromium")
	dir, err := os.MkdirTemp("", "web")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.UserDataDir(dir),
		chromedp.NoSandbox, // as root there is none
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	)
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		end()
		stop()
		_ = os.RemoveAll(dir) // its last writes may come late: then the system's cleaning takes it
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting chromium: %v", err)
	}
	return &webBrowser{t, ctx}
}

// A webPage is a tab. Whatever the browser complains about in it fails the test.
type webPage struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	begun      bool
	complaints []string
	quiet      bool // complaints are expected: the daemon is gone
}

// open opens a tab at an address.
func (b *webBrowser) open(address string) *webPage {
	b.t.Helper()
	p := &webPage{t: b.t}
	ctx, closeTab := chromedp.NewContext(b.ctx, chromedp.WithListener(func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			p.complain("%s: %s", e.Entry.Text, e.Entry.URL)
		case *runtime.EventConsoleAPICalled:
			for _, arg := range e.Args {
				p.complain("console: %s", arg.Value)
			}
		case *runtime.EventExceptionThrown:
			p.complain("%s at %s", e.ExceptionDetails.Text, e.ExceptionDetails.URL)
		}
	}))
	b.t.Cleanup(closeTab)
	p.ctx = ctx
	p.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		return err
	}), size(1280, 800), chromedp.Navigate(address))
	return p
}

func (p *webPage) complain(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.quiet {
		p.complaints = append(p.complaints, fmt.Sprintf(format, args...))
	}
}

func (p *webPage) expectComplaints(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.quiet = yes
}

// noComplaint fails the test if the browser said anything on its console.
func (p *webPage) noComplaint() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.complaints {
		p.t.Errorf("the browser says %s", c)
	}
}

// A step is something to be done in a tab that has no result.
type step = chromedp.Action[chromedp.Void]

func (p *webPage) run(steps ...step) {
	p.t.Helper()
	if _, err := in(p, chromedp.Steps(steps...)); err != nil {
		p.t.Fatalf("%v\n%s", err, strings.Join(p.complaints, "\n"))
	}
}

// in does something in the tab. The context of the first is the tab's life, so it has no deadline.
func in[T any](p *webPage, a chromedp.Action[T]) (value T, err error) {
	ctx := p.ctx
	if p.begun {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(p.ctx, browserTime)
		defer cancel()
	}
	p.begun = true
	return chromedp.Run(ctx, a)
}

// eval is the value of a script.
func eval[T any](p *webPage, script string) T {
	p.t.Helper()
	value, err := in(p, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", script, err)
	}
	return value
}

// wait waits until a script is true.
func (p *webPage) wait(what, script string) {
	p.t.Helper()
	for deadline := time.Now().Add(browserTime); ; <-time.After(20 * time.Millisecond) {
		// A page on its way to another answers nothing.
		if ok, err := in(p, chromedp.Evaluate[bool](script)); err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("waited in vain for %s; the page is at %s:\n%s\n%s", what, eval[string](p, "location.href"),
				eval[string](p, "document.querySelector('main')?.innerText ?? ''"), strings.Join(p.complaints, "\n"))
		}
	}
}

// connected waits until the page hears of the daemon.
func (p *webPage) connected() {
	p.t.Helper()
	p.wait("the page to be connected", `document.documentElement.dataset.connected === "yes"`)
}

// text is what can be read in an element.
func (p *webPage) text(selector string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

// click clicks with the mouse, where the element is.
func (p *webPage) click(selector string) {
	p.t.Helper()
	for deadline := time.Now().Add(browserTime); ; {
		_, err := in(p, chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			return
		}
		// A page that takes the place of another takes its elements with it.
		if time.Now().After(deadline) || !strings.Contains(err.Error(), "Could not find node") {
			p.t.Fatalf("clicking %s: %v\n%s", selector, err, strings.Join(p.complaints, "\n"))
		}
	}
}

// key presses a key.
func (p *webPage) key(keys string) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(keys))
}

// tab moves the focus on by the Tab key until it is on the element.
func (p *webPage) tabTo(selector string) {
	p.t.Helper()
	for range 60 {
		p.key(kb.Tab)
		if eval[bool](p, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
	}
	p.t.Fatalf("the Tab key never gets to %s", selector)
}

func size(width, height int64) step {
	return chromedp.EmulateViewport(width, height)
}

// scheme makes the desktop light or dark.
func scheme(name string) step {
	return media("prefers-color-scheme", name)
}

func media(feature, value string) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
		})
		return err
	})
}

// shot is a picture of the whole page, for a person to look at, in the directory that SCREENSHOTS names.
func (p *webPage) shot(name string) {
	p.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := in(p, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}
