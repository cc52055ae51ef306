package daemon_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// poison is what must reach nobody as more than text: a title for the terminal, colours in one and in two bytes, the
// direction turned round, markup, and a line of a log.
const poison = "\x1b]0;p0wned\x07\x1b[31m\u009b31m\u202e<b>p0wned</b>&amp;<img src=x onerror=p0wned>\nlevel=ERROR msg=p0wned\r"

// A notifyd is a notification server that says poison of itself and notes what it is to show.
type notifyd struct {
	mu    sync.Mutex
	notes []string
}

func (n *notifyd) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "server" + poison, poison, "1" + poison, "1.2", nil
}

func (n *notifyd) GetCapabilities() ([]string, *dbus.Error) {
	return []string{"actions", "body", "body-markup", poison}, nil
}

func (n *notifyd) Notify(_ string, _ uint32, _, title, body string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.notes = append(n.notes, title+"\n"+body+"\n"+strings.Join(actions, "\n"))
	return uint32(len(n.notes)), nil
}

func (n *notifyd) CloseNotification(uint32) *dbus.Error { return nil }

func (n *notifyd) shown() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.notes, "\n")
}

// serve puts the server on the desk's bus.
func (n *notifyd) serve(t *testing.T, desk *desktest.Desk) {
	t.Helper()
	conn, err := dbus.Connect(desk.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.Export(n, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.Notifications", 0); err != nil {
		t.Fatal(err)
	}
}

// TestTextsStayTexts puts poison, or as much of it as is taken there, into everything that is read: own exercises and the
// names of their files, the settings, the environment, the bus, the API and the command line. On no way out is it more
// than text: not in a notification, not on a terminal, not on the page, not in the log.
func TestTextsStayTexts(t *testing.T) {
	t.Parallel()
	desk := desktest.New(t, desktest.Options{NoDisplay: true})
	server := &notifyd{}
	server.serve(t, desk)
	for i, v := range desk.Env {
		if strings.HasPrefix(v, "DBUS_SYSTEM_BUS_ADDRESS=") {
			desk.Env[i] = v + poison
		}
		if strings.HasPrefix(v, "XDG_DATA_HOME=") {
			desk.Env[i] = v + strings.ReplaceAll(poison, "/", "")
		}
	}
	desk.Env = append(desk.Env, "DISPLAY=:"+poison, "WAYLAND_DISPLAY="+poison, "XDG_CURRENT_DESKTOP="+poison, "TZ="+poison, "XDG_SESSION_TYPE="+poison)
	folder := filepath.Join(desk.Getenv("XDG_DATA_HOME"), "unhunch", "routines")
	routine := func(id, name string) string {
		return fmt.Sprintf("id = %q\nname = %s\nplace = \"chair\"\n[[moves]]\nexercise = %s\nwork_s = 30\n", id, name, `"shoulder-rolls"`)
	}
	write(t, filepath.Join(folder, "mine.toml"), routine("mine", `"Fish & chips"`))
	write(t, filepath.Join(folder, "bad"+strings.ReplaceAll(poison, "/", "")+".toml"), "name = 1 # "+poison)
	write(t, filepath.Join(folder, "worse.toml"), routine("worse", `"\u001b]0;p0wned\u0007 \u202e"`))
	d := desk.Start(desktest.Build(t), quick)

	write(t, desk.ConfigPath(), "[sitting]\n\"<b>li&amp;\\u001b[31mmit\\u202e\\nx\" = \"\\u0007\"\n[hold]\nignore_apps = [\"\\u001b[31m\\u0007\"]\nlimit = \"\x1b[31m\u202e\"\n")
	d.WaitState(10*time.Second, "the bad settings", hasProblem("config_broken"))
	says := map[string]string{}
	run := func(args ...string) {
		out, errors, _ := d.Unhunch(args...)
		says["unhunch "+fmt.Sprintf("%q", args)] = strings.ReplaceAll(out, "\r\n", "\n") + errors // as lines of CSV end
	}
	for _, args := range [][]string{
		{"status"},
		{"status", "--json"},
		{"doctor"},
		{"doctor", "--json"},
		{"routines", "list"},
		{"routines", "show", "mine"},
		{"routines", "check"},
		{"stretch", "mine", "--in", "background"},
		{"session", "next"},
		{"session", "stop"},
		{"history", "today"},
		{"history", "--csv"},
		{"profile", "show"},
		{"config", "check"},
		{"config", "show"},
		{"service", "status"},
		{poison},
		{"stretch", poison},
		{"snooze", poison},
		{"stretch", "--place", poison},
		{"routines", "show", poison},
		{"history", poison},
		{"routines", "check", "/tmp/" + poison},
		{"profile", "set", poison + "=" + poison},
		{"profile", "set", "level=" + poison},
		{"config", "set", poison, poison},
		{"config", "set", "sitting.limit", poison},
		{"--config", "/tmp/" + poison, "config", "check"},
		{"status", "--" + poison},
		{"was", poison},
		{"pause", poison},
		{"help", poison},
		{"session", poison},
		{"service", poison},
	} {
		run(args...)
	}
	request(t, desk, poison)
	desktest.Until(t, 10*time.Second, "a note about the settings", func() bool { return strings.Contains(server.shown(), "config.toml") })
	link, _, _ := d.Unhunch("page", "--no-browser")
	address, client := browser(t, strings.TrimSpace(link))
	for _, page := range []string{"/today", "/session", "/history", "/settings"} {
		body := get(t, client, address+page)
		says["the page "+page] = body
		if strings.Contains(body, "<b>p0wned") || strings.Contains(body, "<b>li") || strings.Contains(body, "<img src=x") {
			t.Errorf("markup is no text on %s", page)
		}
	}
	if !strings.Contains(says["the page /today"]+says["the page /settings"], "li&amp;amp;") {
		t.Errorf("the page does not tell of the bad settings:\n%s", says["the page /settings"])
	}
	d.Term()
	says["the log"] = d.Log()
	says["notes"] = server.shown()
	for where, text := range says {
		onlyText(t, where, text)
	}
	if strings.Contains(says["notes"], "<b>") || !strings.Contains(says["notes"], "&lt;b&gt;li&amp;amp;") {
		t.Errorf("markup is no text in the notes:\n%s", says["notes"])
	}
	for line := range strings.Lines(says["the log"]) {
		if !strings.HasPrefix(line, "time=") && !strings.HasPrefix(line, "unhunch: ") {
			t.Errorf("a line of the log that the daemon has not begun: %q", line)
		}
	}
}

// request sends poison by HTTP, where it is taken.
func request(t *testing.T, desk *desktest.Desk, poison string) {
	t.Helper()
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.Host = strings.Map(printable, poison) },
		func(r *http.Request) { r.URL.Path = "/v1/" + poison },
		func(r *http.Request) { r.Header.Set("Origin", strings.Map(printable, poison)) },
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://unhunch/v1/state", nil)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		answer, err := desk.HTTP().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			t.Errorf("answered: %v", r)
		}
	}
}

// browser opens a link to the page as a browser does, and returns its address and who may ask for more of it.
func browser(t *testing.T, link string) (address string, client *http.Client) {
	t.Helper()
	at, err := url.Parse(link)
	if err != nil || at.Host == "" {
		t.Fatalf("no link: %q", link)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client = &http.Client{Timeout: 10 * time.Second, Jar: jar}
	get(t, client, link)
	return at.Scheme + "://" + at.Host, client
}

func get(t *testing.T, client *http.Client, address string) (body string) {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%s", address, answer.Status, err, text)
	}
	return string(text)
}

// printable leaves out what Go's own client would not send.
func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

// onlyText: nothing that a terminal obeys, and nothing that turns the direction of what is read.
func onlyText(t *testing.T, where, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if i := strings.IndexFunc(line, func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
		}); i >= 0 {
			t.Errorf("%s: %q", where, line)
		}
	}
	if line := strings.Index(text, "\nlevel=ERROR msg=p0wned"); line >= 0 {
		t.Errorf("%s: it has made a line of its own:\n%s", where, text)
	}
}
