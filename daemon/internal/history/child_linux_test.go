package history

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/history/engine"
)

// counted opens databases in a child, and closed tells of each that was closed.
type counted struct {
	engine.Conn
	closed chan error
}

func (c counted) Close() error {
	err := c.Conn.Close()
	c.closed <- err
	return err
}

// TestInChild: the database is in a process that ends when nobody needs it, and what is asked next starts another.
func TestInChild(t *testing.T) {
	closed := make(chan error, 10)
	s := opened(t, Options{idle: time.Millisecond, Engine: func(dsn string) (engine.Conn, error) {
		conn, err := inChild(dsn)
		return counted{conn, closed}, err
	}})
	gone := func() {
		t.Helper()
		select {
		case err := <-closed:
			if err != nil {
				t.Errorf("it did not end well: %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the process stays")
		}
	}
	put(t, s, everything...)
	gone()
	for range 2 {
		r, err := s.Report(t.Context(), Week, at("13:00"))
		if err != nil || r.Sum.Sessions == 0 {
			t.Errorf("the report: %+v, %v", r.Sum, err)
		}
		gone()
	}
	put(t, s, Prompt{At: at("15:00")})
	gone()
}

// TestChildKilled: what a process that died was told to write is written by the next.
func TestChildKilled(t *testing.T) {
	s := opened(t, Options{retry: time.Millisecond, idle: time.Hour, Engine: inChild})
	put(t, s, Prompt{At: at("14:00")})
	killChildren(t)
	_ = s.Put(t.Context(), Prompt{At: at("15:00")})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for s.Flush(ctx) != nil && ctx.Err() == nil {
	}
	r, err := s.Report(ctx, Today, at("16:00"))
	if err != nil || r.Sum.Prompts != 2 {
		t.Errorf("%d prompts on record: %v", r.Sum.Prompts, err)
	}
}

// killChildren ends every process that this one has started.
func killChildren(t *testing.T) {
	t.Helper()
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		t.Fatal("the children of this process are not known", err)
	}
	killed := 0
	for _, list := range lists {
		pids, err := os.ReadFile(list)
		if err != nil {
			continue // that thread has ended
		}
		for _, pid := range strings.Fields(string(pids)) {
			n, err := strconv.Atoi(pid)
			if err == nil {
				err = syscall.Kill(n, syscall.SIGKILL)
			}
			if err != nil {
				t.Fatal(err)
			}
			killed++
		}
	}
	if killed != 1 {
		t.Fatalf("%d processes were killed", killed)
	}
}
