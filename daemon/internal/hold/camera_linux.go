package hold

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// cameras are video devices and the processes that may hold them open.
type cameras struct{ dev, proc string }

var ourCameras = cameras{dev: "/dev", proc: "/proc"}

// look finds the person's own processes that hold a video device open. Others' are not ours to see, and neither are those
// that have made themselves unreadable. A device is not opened to ask what it is: that alone would light its lamp.
func (c cameras) look(ctx context.Context) ([]Found, string, error) {
	devices := c.devices()
	if len(devices) == 0 {
		return nil, "", fmt.Errorf("no camera: %w", ErrUnseen)
	}
	processes, err := os.ReadDir(c.proc)
	if err != nil {
		return nil, "", err
	}
	var all []Found
	for _, p := range processes {
		pid, err := strconv.Atoi(p.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		dir := filepath.Join(c.proc, p.Name())
		if c.ours(dir) && c.films(dir) {
			all = append(all, c.found(dir, pid))
		}
	}
	return all, strconv.Itoa(len(devices)), nil
}

func (c cameras) devices() []string {
	devices, _ := filepath.Glob(c.dev + "/video[0-9]*")
	return devices
}

// hear has the kernel tell when somebody closes a video device. Programs that only look which cameras there are close them,
// too: it is heard only when one of these no longer films.
func (c cameras) hear(ctx context.Context, to []Found, heard func()) error {
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		return err
	}
	news := os.NewFile(uintptr(fd), "inotify") // which the runtime polls, so that no thread waits
	defer news.Close()
	defer context.AfterFunc(ctx, func() { news.Close() })()
	watched := 0
	for _, device := range c.devices() {
		if _, err := unix.InotifyAddWatch(fd, device, unix.IN_CLOSE); err == nil {
			watched++
		}
	}
	if watched == 0 {
		return fmt.Errorf("no camera can be watched: %w", ErrUnseen)
	}
	for buf := make([]byte, 4096); ; {
		left := slices.DeleteFunc(slices.Clone(to), func(f Found) bool { return !c.still(f) })
		if len(left) < len(to) {
			heard()
		}
		if to = left; len(to) == 0 {
			news.Close()
			<-ctx.Done() // there is nothing more to hear
			return nil
		}
		checked := time.Now()
		if _, err := news.Read(buf); err != nil {
			return err
		}
		if !pause(ctx, max(settle, time.Until(checked.Add(lookAgain)))) {
			return ctx.Err()
		}
	}
}

// still tells whether a program that was found filming films on.
func (c cameras) still(f Found) bool {
	dir := filepath.Join(c.proc, strconv.Itoa(f.pid))
	return c.films(dir) && c.found(dir, f.pid).ID == f.ID
}

// ours tells whether a process is the person's.
func (c cameras) ours(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid()
}

// films tells whether a process has a video device open.
func (c cameras) films(dir string) bool {
	fds, err := os.Open(filepath.Join(dir, "fd"))
	if err != nil {
		return false
	}
	defer fds.Close()
	names, _ := fds.Readdirnames(-1)
	prefix := c.dev + "/video"
	for _, fd := range names {
		target, err := os.Readlink(filepath.Join(dir, "fd", fd))
		if rest, isVideo := strings.CutPrefix(target, prefix); err == nil && isVideo && isNumber(rest) {
			return true
		}
	}
	return false
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

// found names a process. Its number may be another's later; the moment it began may not.
func (c cameras) found(dir string, pid int) Found {
	const startTime = 19 // after the command's name and state, see proc(5)
	began := "0"
	stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
	if i := bytes.LastIndexByte(stat, ')'); i >= 0 {
		if fields := strings.Fields(string(stat[i+1:])); len(fields) > startTime {
			began = fields[startTime]
		}
	}
	name, _ := os.ReadFile(filepath.Join(dir, "comm"))
	f := Found{Reason: Call, pid: pid, ID: fmt.Sprintf("camera of %d since %s", pid, began), By: ByCamera, Program: plainName(string(name))}
	if exe, err := os.Readlink(filepath.Join(dir, "exe")); err == nil {
		f.names = []string{filepath.Base(exe)}
	}
	return f
}
