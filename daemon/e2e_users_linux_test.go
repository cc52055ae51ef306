package daemon_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// The people at one machine, none of them its administrator. These numbers are nobody's on any system.
const ownerID, strangerID = 62017, 62018

// A user is somebody with an own home on this machine, without a desktop.
type user struct {
	t      *testing.T
	id     uint32
	dir    string
	env    []string
	binary string
}

// newUser needs root, who alone can be several people.
func newUser(t *testing.T, id uint32) *user {
	t.Helper()
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("to be several people takes root")
		}
		t.Skip("to be several people takes root")
	}
	dir, err := os.MkdirTemp("", "user") // with a short name: it is to have a socket in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	u := &user{t: t, id: id, dir: dir, binary: filepath.Join(dir, "unhunch")}
	u.env = []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "XDG_RUNTIME_DIR=" + filepath.Join(dir, "run"), "GORACE=atexit_sleep_ms=0"}
	copyTo(t, desktest.Build(t), u.binary)
	if err := os.Mkdir(filepath.Join(dir, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	// The home stands open, as it does on many systems: what is private must be so by itself.
	for _, path := range []string{dir, filepath.Join(dir, "run")} {
		if err := os.Chown(path, int(id), int(id)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return u
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o755); err != nil {
		t.Fatal(err)
	}
}

// command is a program run by this person.
func (u *user) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = "/", u.env
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: u.id, Gid: u.id}, Pdeathsig: syscall.SIGKILL,
	}
	return cmd
}

// daemon runs this person's daemon until the test ends, and returns when it answers.
func (u *user) daemon() *exec.Cmd {
	u.t.Helper()
	cmd := u.command(u.binary, "daemon")
	log, err := os.OpenFile(filepath.Join(u.dir, "log"), os.O_CREATE|os.O_WRONLY, 0o600) // as private as the journal
	if err != nil {
		u.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		u.t.Fatal(err)
	}
	u.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	desktest.Until(u.t, 20*time.Second, "the daemon", func() bool {
		_, code := u.unhunch("status")
		return code == 0
	})
	return cmd
}

// unhunch runs a command of this person to its end.
func (u *user) unhunch(args ...string) (said string, code int) {
	cmd := u.command(u.binary, args...)
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// A target is what a stranger goes for: all that can be guessed or looked up of somebody's daemon.
type target struct {
	PID     int
	Socket  string
	Dir     string   // the owner's home
	Files   []string // that the daemon has, or has written
	Env     []string // the owner's
	Page    string   // a link to the owner's page, with the code that opens it once
	Program string
}

// attempts are what the stranger tries. Each returns what it got, which must be nothing.
var attempts = map[string]func(target) []string{
	"the socket":  trySocket,
	"the program": tryProgram,
	"the files":   tryFiles,
	"the process": tryProcess,
	"the page":    tryPage,
}

// TestSecondUser: two people on one machine. The second gets nothing of the first: not from the socket, the files, the
// process or the page; and has a daemon like the first.
func TestSecondUser(t *testing.T) {
	owner, stranger := newUser(t, ownerID), newUser(t, strangerID)
	d := owner.daemon()
	live(t, owner)
	goal := owner.target(d.Process.Pid)
	checkArguments(t, d.Process.Pid, owner.binary)
	checkListeners(t, d.Process.Pid)
	link, _ := owner.unhunch("page", "--no-browser")
	goal.Page = strings.TrimSpace(link)

	// First everything is as the daemon has left it. Then one door after the other is opened to all, as a person may do by
	// mistake, and what is behind it must hold by itself.
	for _, door := range []struct {
		what string
		open func()
	}{
		{"as it is", func() {}},
		{"with all directories open", func() { openDirs(t, owner.dir) }},
		{"with the socket open, too", func() {
			if err := os.Chmod(goal.Socket, 0o666); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		door.open()
		for what, got := range stranger.attempt(goal) {
			for _, g := range got {
				t.Errorf("%s, from %s another user got: %s", door.what, what, g)
			}
		}
	}
	link, _ = owner.unhunch("page", "--no-browser")
	browser(t, strings.TrimSpace(link)) // the doors they have tried lead somewhere
	if said, code := owner.unhunch("status"); code != 0 {
		t.Errorf("the first one's daemon has suffered: %s", said)
	}
	stranger.daemon()
	if said, code := stranger.unhunch("pause", "1h"); code != 0 {
		t.Errorf("the second one's own daemon: %s", said)
	}
	if said, _ := owner.unhunch("status", "--json"); strings.Contains(said, `"phase":"paused"`) || strings.Contains(said, `"phase": "paused"`) {
		t.Error("the second one has paused the first one's daemon")
	}
}

// live does what leaves traces: settings, answers about the body, a session, a history.
func live(t *testing.T, u *user) {
	t.Helper()
	for _, args := range [][]string{
		{"config", "set", "sitting.limit", "45m"},
		{"profile", "set", "screening.disc=yes"},
		{"stretch", "--in", "background"},
		{"session", "stop"},
		{"history", "today"},
		{"doctor"},
	} {
		if said, code := u.unhunch(args...); code != 0 && args[0] != "doctor" {
			t.Fatalf("unhunch %s: %s", strings.Join(args, " "), said)
		}
	}
}

func (u *user) target(pid int) target {
	goal := target{PID: pid, Socket: filepath.Join(u.dir, "run", "unhunch", "api.sock"), Dir: u.dir, Env: u.env, Program: u.binary}
	err := filepath.WalkDir(u.dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path != u.binary {
			goal.Files = append(goal.Files, path)
		}
		return err
	})
	if err != nil {
		u.t.Fatal(err)
	}
	for _, name := range []string{"state.json", "profile.json", "history.db", "lock", "api.sock"} {
		if !slices.ContainsFunc(goal.Files, func(f string) bool { return filepath.Base(f) == name }) {
			u.t.Fatalf("there is no %s to go for: %v", name, goal.Files)
		}
	}
	return goal
}

func openDirs(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkArguments: everybody can read the arguments of everybody's processes, so these say nothing.
func checkArguments(t *testing.T, pid int, binary string) {
	t.Helper()
	if got := string(read(t, fmt.Sprintf("/proc/%d/cmdline", pid))); got != binary+"\x00daemon\x00" {
		t.Errorf("the daemon's arguments are %q", got)
	}
}

// checkListeners: nothing listens but the one socket in the file system: no port, and no abstract socket, which would
// have no owner.
func checkListeners(t *testing.T, pid int) {
	t.Helper()
	inodes := map[string]bool{}
	fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:[") {
			inodes[strings.Trim(to, "socket:[]")] = true
		}
	}
	listening := 0
	for _, kind := range []string{"tcp", "tcp6", "udp", "udp6", "raw", "unix"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, kind))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			switch {
			case kind != "unix" && len(f) > 9 && inodes[f[9]]:
				t.Errorf("a %s socket: %s", kind, line)
			case kind == "unix" && len(f) > 6 && inodes[f[6]] && f[3] == "00010000": // __SO_ACCEPTCON: it listens
				listening++
				if len(f) < 8 || !strings.HasSuffix(f[7], "/unhunch/api.sock") {
					t.Errorf("it listens on %s", line)
				}
			}
		}
	}
	if listening != 1 {
		t.Errorf("it listens on %d sockets", listening)
	}
}

// asStranger carries the target to the process that is the stranger.
const asStranger = "UNHUNCH_TEST_STRANGER"

// attempt has the person try everything, in a process of their own.
func (u *user) attempt(goal target) map[string][]string {
	u.t.Helper()
	test := filepath.Join(u.dir, "stranger.test")
	copyTo(u.t, "/proc/self/exe", test)
	what, err := json.Marshal(goal)
	if err != nil {
		u.t.Fatal(err)
	}
	cmd := u.command(test, "-test.run=^TestStranger$", "-test.timeout=2m")
	cmd.Env = append(slices.Clone(u.env), asStranger+"="+hex.EncodeToString(what))
	out, err := cmd.CombinedOutput()
	if err != nil {
		u.t.Fatalf("the stranger: %v\n%s", err, out)
	}
	_, report, found := strings.Cut(string(out), "GOT ")
	report, _, _ = strings.Cut(report, "\n")
	got := map[string][]string{}
	if err := json.Unmarshal([]byte(report), &got); err != nil || !found || len(got) != len(attempts) {
		u.t.Fatalf("the stranger does not say what they got: %v\n%s", err, out)
	}
	return got
}

// TestStranger is the second user of TestSecondUser.
func TestStranger(t *testing.T) {
	packed, err := hex.DecodeString(os.Getenv(asStranger))
	if err != nil || len(packed) == 0 {
		t.Skip("runs inside TestSecondUser")
	}
	var goal target
	if err := json.Unmarshal(packed, &goal); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for what, try := range attempts {
		got[what] = try(goal)
	}
	report, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("GOT %s\n", report)
}

// trySocket asks and orders by hand.
func trySocket(goal target) (got []string) {
	for _, request := range []string{"GET /v1/state", "GET /v1/history", "GET /v1/profile", "POST /v1/actions/skip", "POST /v1/quit"} {
		c, err := net.Dial("unix", goal.Socket)
		if err != nil {
			continue
		}
		_ = c.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprintf(c, "%s HTTP/1.1\r\nHost: unhunch\r\nContent-Length: 0\r\n\r\n", request)
		if answer, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil && answer.StatusCode != http.StatusForbidden {
			got = append(got, request+": "+answer.Status)
		}
		c.Close()
	}
	return got
}

// tryProgram uses the program itself, and pretends to be the owner as far as the environment goes.
func tryProgram(goal target) (got []string) {
	for _, args := range [][]string{
		{"status", "--json"}, {"history", "today", "--json"}, {"profile", "show"}, {"skip"}, {"history", "erase", "--yes"}, {"daemon"},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		cmd := exec.CommandContext(ctx, goal.Program, args...)
		cmd.Env = goal.Env
		if out, err := cmd.CombinedOutput(); err == nil || ctx.Err() != nil {
			got = append(got, fmt.Sprintf("unhunch %v: %s", args, out))
		}
		cancel()
	}
	return got
}

// tryFiles reads, changes and replaces.
func tryFiles(goal target) (got []string) {
	for _, path := range goal.Files {
		if f, err := os.Open(path); err == nil {
			got = append(got, "reading "+path)
			f.Close()
		}
		if f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0); err == nil {
			got = append(got, "writing "+path)
			f.Close()
		}
		if os.Rename(path, path+".gone") == nil {
			got = append(got, "renaming "+path)
		}
		if os.WriteFile(filepath.Join(filepath.Dir(path), "planted"), nil, 0o600) == nil {
			got = append(got, "planting a file beside "+path)
		}
	}
	return got
}

// tryProcess looks into the process and at it.
func tryProcess(goal target) (got []string) {
	dir := "/proc/" + strconv.Itoa(goal.PID)
	for _, name := range []string{"environ", "maps", "mem", "auxv"} {
		if f, err := os.Open(filepath.Join(dir, name)); err == nil {
			data, err := io.ReadAll(io.LimitReader(f, 100))
			if f.Close(); err == nil && len(data) > 0 {
				got = append(got, name)
			}
		}
	}
	if fds, err := os.ReadDir(filepath.Join(dir, "fd")); err == nil {
		got = append(got, fmt.Sprintf("%d open files", len(fds)))
	}
	if syscall.Kill(goal.PID, 0) == nil {
		got = append(got, "leave to send signals")
	}
	return got
}

// tryPage asks for the owner's page: the loopback is everybody's. Not even the link, should it be seen, opens it.
func tryPage(goal target) (got []string) {
	link, err := url.Parse(goal.Page)
	if err != nil || link.Host == "" {
		return []string{"no page to try: " + goal.Page}
	}
	client := http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	base := link.Scheme + "://" + link.Host
	for _, address := range []string{
		goal.Page, base + "/", base + "/session", base + "/today", base + "/history", base + "/settings", base + "/events",
		base + "/values", base + "/export.json", base + "/export.csv", base + link.Path + "?code=1",
	} {
		answer, err := client.Get(address)
		if err != nil {
			continue // hung up on is nothing, too
		}
		answer.Body.Close()
		if answer.StatusCode < http.StatusBadRequest || len(answer.Cookies()) > 0 {
			got = append(got, address+": "+answer.Status)
		}
	}
	return got
}
