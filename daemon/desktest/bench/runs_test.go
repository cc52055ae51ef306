//go:build linux

package main

import (
	"reflect"
	"testing"
)

// TestMedians: of several runs the table has medians and ranges, and what failed in one does not hide the others.
func TestMedians(t *testing.T) {
	run := func(memory, late string, ok bool) []row {
		return []row{{"memory", "≤ 16 / 4 MB", memory, ok}, {"late", "within 0.2 s", late, true}, {what: "lost"}}
	}
	got := medians([][]row{
		run("15.0 / 4.0 MB", "+0.05 s", true), run("17.5 / 3.9 MB", "-0.01 s", false), run("15.2 / 4.1 MB", "+0.02 s", true),
	})
	want := []row{
		{"memory", "≤ 16 / 4 MB", "15.2 / 4.0 MB (15.0 to 17.5, 3.9 to 4.1)", true},
		{"late", "within 0.2 s", "+0.02 s (-0.01 to +0.05)", true},
		{what: "lost"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if one := run("1 / 2 MB", "never", false); !reflect.DeepEqual(medians([][]row{one}), one) {
		t.Error("one run is changed")
	}
}
