package client_test

import (
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
)

func TestAheadCountsTheLoad(t *testing.T) {
	tests := []struct {
		name             string
		load, due, rate  float64
		after            time.Duration
		wantLoad, wantDu float64
	}{
		{"sitting", 1000, 800, 1, time.Minute, 1060, 740},
		{"sitting past the limit", 1790, 10, 1, time.Minute, 1850, 0},
		{"frozen", 1000, 800, 0, time.Minute, 1000, 800},
		{"away", 1000, 800, -6, time.Minute, 640, 1160},
		{"away until nothing is left", 100, 1700, -6, time.Minute, 0, 1800},
		{"away with a break owed", 1900, 0, -6, time.Minute, 1540, 0},
		{"no time passed", 1000, 800, 1, 0, 1000, 800},
		{"a clock that went back", 1000, 800, 1, -time.Minute, 1000, 800},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := api.State{Sitting: api.Sitting{LoadS: tt.load, DueInS: tt.due, Rate: tt.rate}}
			got := client.Ahead(s, tt.after).Sitting
			if got.LoadS != tt.wantLoad || got.DueInS != tt.wantDu {
				t.Errorf("got load %v due in %v; want %v and %v", got.LoadS, got.DueInS, tt.wantLoad, tt.wantDu)
			}
		})
	}
}

func TestAheadCountsTheSessionDown(t *testing.T) {
	session := &api.Session{Phase: "work", StepLeftS: 10, LeftS: 100}
	s := api.State{Session: session}
	got := client.Ahead(s, 15*time.Second).Session
	if got.StepLeftS != 0 || got.LeftS != 85 {
		t.Errorf("got step %v, session %v left; want 0 and 85", got.StepLeftS, got.LeftS)
	}
	if session.StepLeftS != 10 {
		t.Error("the state that was passed in has changed")
	}
	session.Waiting = true
	if got := client.Ahead(s, 15*time.Second).Session; got.LeftS != 100 {
		t.Errorf("a session whose guide is yet to come up counted down to %v", got.LeftS)
	}
	session.Phase, session.Waiting = "paused", false
	if got := client.Ahead(s, 15*time.Second).Session; got.LeftS != 100 {
		t.Errorf("a paused session counted down to %v", got.LeftS)
	}
}
