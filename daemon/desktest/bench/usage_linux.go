package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
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

// beside is a row that says what it was before, too, and judges that it has come back.
func (m memory) beside(before memory, what string) row {
	return row{what, "as before + 2 MB", fmt.Sprintf("%v (before them %v)", m, before), m.pss <= before.pss+2}
}

func (m memory) within(pss, anon float64) bool { return m.pss <= pss && m.anon <= anon }

// used sums over all threads: /proc/PID/schedstat itself is the first thread's alone. What the process has started
// counts too; of that which has ended the kernel keeps the time alone, in hundredths of a second.
func (r *rig) used(pid int) usage {
	u := usage{at: time.Now()}
	for _, p := range r.tree(pid) {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", p))
		for _, task := range tasks {
			fields := strings.Fields(r.readIfThere(filepath.Join(task, "schedstat")))
			if len(fields) == 0 {
				continue // it has ended
			}
			u.cpu += time.Duration(number(fields[0]))
			status := r.readIfThere(filepath.Join(task, "status"))
			u.switches += field(status, "voluntary_ctxt_switches:") + field(status, "nonvoluntary_ctxt_switches:")
		}
		u.cpu += r.ofEnded(p)
	}
	return u
}

// ofEnded is the time of a process's children that have ended: fields 16 and 17 of proc_pid_stat(5), in ticks.
func (r *rig) ofEnded(pid int) time.Duration {
	_, rest, ok := strings.Cut(r.readIfThere(fmt.Sprintf("/proc/%d/stat", pid)), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 15 {
		return 0
	}
	const tick = 10 * time.Millisecond // USER_HZ, the same on every Linux
	return time.Duration(number(fields[13])+number(fields[14])) * tick
}

// tree is a process and everything it has started.
func (r *rig) tree(pid int) []int {
	all := []int{pid}
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if len(lists) == 0 {
		r.Fatalf("process %d is gone", pid)
	}
	for _, list := range lists {
		for _, child := range strings.Fields(r.readIfThere(list)) {
			if _, err := os.Stat("/proc/" + child); err == nil {
				all = append(all, r.tree(int(number(child)))...)
			}
		}
	}
	return all
}

// A rate is the share of one core in per cent, and context switches a second.
type rate struct{ cpu, switches float64 }

func (u rate) String() string {
	return fmt.Sprintf("%.4f %% · %.2f switches a second", u.cpu, u.switches)
}

func (u usage) since(earlier usage) rate {
	wall := u.at.Sub(earlier.at)
	return rate{
		cpu:      100 * float64(u.cpu-earlier.cpu) / float64(wall),
		switches: float64(u.switches-earlier.switches) / wall.Seconds(),
	}
}

// memory is that of a process and of everything it has started.
func (r *rig) memory(pid int) memory {
	var m memory
	for _, p := range r.tree(pid) {
		rollup := r.readIfThere(fmt.Sprintf("/proc/%d/smaps_rollup", p))
		m.pss += float64(field(rollup, "Pss:")) / 1024
		m.anon += float64(field(rollup, "Pss_Anon:")) / 1024
	}
	return m
}

// readIfThere is empty for the file of a process that has ended meanwhile.
func (r *rig) readIfThere(path string) string {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ESRCH) {
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
