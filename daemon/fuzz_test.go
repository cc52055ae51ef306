package daemon

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/routines"
)

// livedStates are checkpoints at moments when there is something to know: after an hour's typing, prompted and in a
// session.
func livedStates(f *testing.F) (files [][]byte) {
	f.Helper()
	state := core.New(coreSettings(config.Default()))
	at := clock.Reading{Boot: time.Hour, Mono: time.Hour, Wall: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	step := func(wait time.Duration, e core.Event) {
		at.Boot, at.Mono, at.Wall = at.Boot+wait, at.Mono+wait, at.Wall.Add(wait)
		e.At = at
		state, _ = core.Step(state, e)
	}
	save := func() {
		file, err := json.Marshal(checkpoint{Format: stateFormat, Version: stateVersion, Boot: at.Boot, Wall: at.Wall, Core: state})
		if err != nil {
			f.Fatal(err)
		}
		files = append(files, file)
	}
	step(time.Second, core.Event{Start: &core.Start{BootID: "boot", Settings: coreSettings(config.Default())}})
	step(time.Second, core.Event{Desk: &core.Desk{Here: true}})
	for range 35 {
		step(time.Minute, core.Event{Input: &core.Input{State: "active", Source: "x11"}})
	}
	step(time.Minute, core.Event{Input: &core.Input{State: "idle", Source: "x11", Idle: 30 * time.Second}})
	step(time.Second, core.Event{})
	save()
	step(time.Second, core.Event{Command: &core.Command{Name: "snooze", For: time.Minute}})
	save()
	plan, err := routines.Default().Plan(routines.Request{Length: 2 * time.Minute, Place: "standing", At: at.Wall})
	if err != nil {
		f.Fatal(err)
	}
	step(time.Second, core.Event{Command: &core.Command{Name: "stretch", Plan: &plan, Guide: guideBackground}})
	step(20*time.Second, core.Event{})
	save()
	return files
}

// places are the places in a JSON value where something stands that is no object, in order.
func places(v any, set func(any), visit func(set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			places(v[key], func(new any) { v[key] = new }, visit)
		}
	case []any:
		for i := range v {
			places(v[i], func(new any) { v[i] = new }, visit)
		}
		visit(set)
	default:
		visit(set)
	}
}

// replaced is a JSON file with the value at its nth place replaced.
func replaced(file []byte, nth int, value any) []byte {
	var all any
	if json.Unmarshal(file, &all) != nil {
		return file
	}
	n := 0
	places(all, func(any) {}, func(func(any)) { n++ })
	if n == 0 {
		return file
	}
	nth %= n
	places(all, func(any) {}, func(set func(any)) {
		if nth == 0 {
			set(value)
		}
		nth--
	})
	changed, err := json.Marshal(all)
	if err != nil {
		return file
	}
	return changed
}

// FuzzState: a state.json in which two values are others than were written is refused, or is a state that a daemon can
// go on from: it lives through a day, and what it then knows can be read again.
func FuzzState(f *testing.F) {
	lived := livedStates(f)
	for i := range lived {
		f.Add(uint8(i), uint16(0), "null", uint16(0), "null")
		f.Add(uint8(i), uint16(30), "-1", uint16(71), "9223372036854775807")
		f.Add(uint8(i), uint16(50), "[]", uint16(11), `"2026-11-23T09:00:00Z"`)
	}
	f.Fuzz(func(t *testing.T, which uint8, first uint16, one string, second uint16, other string) {
		file := lived[int(which)%len(lived)]
		for _, change := range []struct {
			nth   uint16
			value string
		}{{first, one}, {second, other}} {
			var value any
			if json.Unmarshal([]byte(change.value), &value) == nil {
				file = replaced(file, int(change.nth), value)
			}
		}
		var c checkpoint
		if c.parse(file) != nil {
			return
		}
		state, at := c.Core, clock.Reading{Boot: 2 * time.Hour, Mono: 2 * time.Hour, Wall: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)}
		step := func(e core.Event) {
			e.At = at
			state, _ = core.Step(state, e)
			_ = core.NextWake(&state)
			_ = core.View(state, at)
		}
		step(core.Event{Start: &core.Start{BootID: "boot", Settings: coreSettings(config.Default())}})
		for _, name := range []string{"session/resume", "session/next", "session/back", "session/hurt", "snooze", "skip", "session/stop", "was"} {
			step(core.Event{Command: &core.Command{Name: name, Posture: "away"}})
		}
		for range 24 {
			at.Boot, at.Mono, at.Wall = at.Boot+time.Hour, at.Mono+time.Hour, at.Wall.Add(time.Hour)
			step(core.Event{Input: &core.Input{State: "active", Source: "x11"}})
		}
		after, err := json.Marshal(checkpoint{Format: stateFormat, Version: stateVersion, Core: state})
		if err != nil {
			t.Fatalf("what came of it cannot be saved: %v", err)
		}
		if err := new(checkpoint).parse(after); err != nil {
			t.Errorf("what came of it cannot be read: %v", err)
		}
	})
}
