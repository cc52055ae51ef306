package desktest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// A proc is one running part of the desk. It is stopped by its own process id and dies with the test program.
type proc struct {
	name string
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended and been waited for
}

// run starts cmd with its output appended to NAME.log in the desk's directory.
func (d *Desk) run(name string, cmd *exec.Cmd) *proc {
	d.t.Helper()
	log, err := os.OpenFile(d.logPath(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if err := cmd.Start(); err != nil {
		d.t.Fatalf("starting %s: %v", name, err)
	}
	p := &proc{name: name, cmd: cmd, done: make(chan struct{})}
	d.procs = append(d.procs, p)
	go func() {
		_ = cmd.Wait()
		close(p.done)
	}()
	return p
}

// stranger is a process that the desk did not start.
func (d *Desk) stranger(name string, pid int) *proc {
	d.t.Helper()
	process, err := os.FindProcess(pid)
	if err != nil {
		d.t.Fatalf("finding %s: %v", name, err)
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		d.t.Fatalf("watching %s: %v", name, err)
	}
	p := &proc{name: name, cmd: &exec.Cmd{Process: process}, done: make(chan struct{})}
	d.procs = append(d.procs, p)
	go func() {
		defer unix.Close(fd)
		for { // until it has ended; only a signal of the runtime's wakes us before
			if n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1); n > 0 {
				close(p.done)
				return
			}
		}
	}()
	return p
}

func (d *Desk) logPath(name string) string { return filepath.Join(d.Dir, name+".log") }

// alive tells whether the process still runs.
func (p *proc) alive() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// signal sends sig unless the process has ended.
func (p *proc) signal(t T, sig syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatalf("sending %v to %s: %v", sig, p.name, err)
	}
}

// kill ends the process at once and waits for it; a nil or ended one is left alone.
func (p *proc) kill(t T) {
	t.Helper()
	if p == nil {
		return
	}
	p.signal(t, syscall.SIGKILL)
	<-p.done
}
