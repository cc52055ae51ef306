package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// A rig is what desktest asks of a test: it collects what is to be cleaned up, and a fatal error ends one
// measurement and not the others.
type rig struct {
	name     string
	cleanups []func()
	failed   bool

	others *gathering
	arrive func()        // once
	rests  chan struct{} // closed when the next phase may begin
	rest   func()        // closes it, once
}

func newRig(name string, others *gathering) *rig {
	r := &rig{name: name, others: others, arrive: sync.OnceFunc(others.arrive), rests: make(chan struct{})}
	r.rest = sync.OnceFunc(func() { close(r.rests) })
	return r
}

// together waits until all measurements of the phase have got as far as this, or have ended: nothing is watched while
// other desks are still being set up.
func (r *rig) together() {
	r.arrive()
	<-r.others.all
}

// settingUp are those who set up a desk. It takes a second of both processors; all at once would make each other late.
var settingUp = make(chan struct{}, 2)

// desk sets up a desk.
func (r *rig) desk(o desktest.Options) *desktest.Desk {
	settingUp <- struct{}{}
	defer func() { <-settingUp }()
	return desktest.New(r, o)
}

// do runs f to its end or to its first fatal error, and cleans up. What f does after it has called rest is no more than
// to wait, and to look once.
func (r *rig) do(f func(*rig) []row) []row {
	rows := []row{{what: r.name}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer r.rest()
		defer r.arrive()
		defer r.clean()
		rows = f(r)
	}()
	<-done
	return rows
}

func (r *rig) clean() {
	for len(r.cleanups) > 0 {
		last := len(r.cleanups) - 1
		f := r.cleanups[last]
		r.cleanups = r.cleanups[:last]
		f()
	}
}

func (r *rig) Helper()          {}
func (r *rig) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *rig) Failed() bool     { return r.failed }
func (r *rig) Logf(format string, args ...any) {
	fmt.Fprintf(os.Stderr, r.name+": "+format+"\n", args...)
}

func (r *rig) Skipf(format string, args ...any) { r.Fatalf(format, args...) }

func (r *rig) Fatalf(format string, args ...any) {
	r.Logf(format, args...)
	r.failed = true
	runtime.Goexit()
}
