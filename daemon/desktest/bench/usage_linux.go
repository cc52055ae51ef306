package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A usage is what a process has used up to one moment.
type usage struct {
	at       time.Time
	cpu      time.Duration
	switches int64 // context switches, voluntary and not
}

// A memory is a process's proportional share of memory, in megabytes, and the part of it that is anonymous.
type memory struct{ pss, anon float64 }

func (m memory) String() string { return fmt.Sprintf("%.1f / %.1f MB", m.pss, m.anon) }

func (m memory) within(pss, anon float64) bool { return m.pss <= pss && m.anon <= anon }

// used sums over all threads: /proc/PID/schedstat itself is the first thread's alone.
func (r *rig) used(pid int) usage {
	u := usage{at: time.Now()}
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if len(tasks) == 0 {
		r.Fatalf("process %d is gone", pid)
	}
	for _, task := range tasks {
		fields := strings.Fields(r.read(filepath.Join(task, "schedstat")))
		u.cpu += time.Duration(number(fields[0]))
		status := r.read(filepath.Join(task, "status"))
		u.switches += field(status, "voluntary_ctxt_switches:") + field(status, "nonvoluntary_ctxt_switches:")
	}
	return u
}

// since is the share of one core in per cent, and context switches a second.
func (u usage) since(earlier usage) (cpu, switches float64) {
	wall := u.at.Sub(earlier.at)
	return 100 * float64(u.cpu-earlier.cpu) / float64(wall), float64(u.switches-earlier.switches) / wall.Seconds()
}

func (r *rig) memory(pid int) memory {
	rollup := r.read(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	return memory{float64(field(rollup, "Pss:")) / 1024, float64(field(rollup, "Pss_Anon:")) / 1024}
}

func (r *rig) read(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		r.Fatalf("%v", err)
	}
	return string(text)
}

// field is the number after a name at the beginning of a line.
func field(text, name string) int64 {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name); ok {
			return number(strings.Fields(value)[0])
		}
	}
	return 0
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}
