package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/words"
)

// atTerminal is a run of the program in a terminal of 80 by 24.
func atTerminal(t *testing.T) (*seat, *invocation) {
	t.Helper()
	s := &seat{t: t}
	s.openTerminal()
	go s.watch()
	return s, &invocation{in: s.tty, out: s.tty, err: s.tty}
}

func TestHistoryEraseAsks(t *testing.T) {
	for _, tt := range []struct {
		typed  string
		erased bool
	}{{"yes\r", true}, {"Yes \r", true}, {"y\r", false}, {"\r", false}, {"no\r", false}, {"yes please\r", false}} {
		asked := historyDaemon(t, historyStories(t)[0].h)
		s, v := atTerminal(t)
		done := make(chan error, 1)
		go func() { done <- v.eraseHistory(t.Context(), false) }()
		s.sees("Type yes to erase it: ")
		if len(*asked) > 0 {
			t.Fatal("erased before the answer")
		}
		s.types(tt.typed)
		err := <-done
		if erased := len(*asked) == 1; erased != tt.erased || (err == nil) != tt.erased {
			t.Errorf("%q: asked the daemon for %q: %v", tt.typed, *asked, err)
		}
		if err == nil {
			s.sees(words.HistoryErased)
		} else if err.Error() != words.HistoryNotErased {
			t.Errorf("%q: %v", tt.typed, err)
		}
	}
}

// Ctrl-C at the question ends the program, which a read would not.
func TestHistoryEraseInterrupted(t *testing.T) {
	asked := historyDaemon(t, historyStories(t)[0].h)
	s, v := atTerminal(t)
	ctx, interrupt := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- v.eraseHistory(ctx, false) }()
	s.sees("Type yes")
	interrupt()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(*asked) > 0 {
		t.Errorf("asked for %q", *asked)
	}
}

// What a terminal gets depends on what it and its person can do with it.
func TestHistoryOnATerminal(t *testing.T) {
	var h historyStory
	for _, s := range historyStories(t) {
		if s.name == "a full day" {
			h = s
		}
	}
	const drawn, coloured, many = "▆", "\x1b[", "38;5;"
	for _, tt := range []struct {
		name      string
		env       map[string]string
		plain     bool
		width     uint16
		has, lack []string
	}{
		{"many colours", map[string]string{"TERM": "xterm-256color"}, false, 80, []string{drawn, many}, nil},
		{"few colours", map[string]string{"TERM": "xterm"}, false, 80, []string{drawn, coloured}, []string{many}},
		{"no colours", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false, 80, []string{drawn}, []string{coloured}},
		{"no drawing", map[string]string{"TERM": "dumb"}, false, 80, []string{"From 08:00"}, []string{drawn, coloured}},
		{"in words", map[string]string{"TERM": "xterm"}, true, 80, []string{"From 08:00"}, []string{drawn, coloured}},
		{"tiny", map[string]string{"TERM": "xterm"}, false, narrowest - 1, []string{"From 08:00"}, []string{drawn}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, name := range []string{"TERM", "NO_COLOR", "COLORTERM"} {
				t.Setenv(name, tt.env[name])
			}
			historyDaemon(t, h.h)
			s, v := atTerminal(t)
			s.resize(tt.width, 24)
			if err := v.showHistory(t.Context(), historyOptions{period: "today", plain: tt.plain}); err != nil {
				t.Fatal(err)
			}
			s.sees("Usually") // the last of it
			s.sees("weeks before")
			for _, want := range tt.has {
				if !strings.Contains(s.seen(), want) {
					t.Errorf("no %q in %q", want, s.seen())
				}
			}
			for _, unwanted := range tt.lack {
				if strings.Contains(s.seen(), unwanted) {
					t.Errorf("%q in %q", unwanted, s.seen())
				}
			}
		})
	}
}
