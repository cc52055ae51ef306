package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
	"pgregory.net/rapid"
)

func TestParseDefaults(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "[sitting]\n", explained()} {
		got, err := Parse([]byte(text))
		if err != nil || !reflect.DeepEqual(got, Default()) {
			t.Errorf("Parse(%.20q) = %+v, %v, want the defaults", text, got, err)
		}
	}
}

// What the commented file shows must be what holds, and be accepted when the comments are taken away.
func TestExplainedIsTheDefault(t *testing.T) {
	var b strings.Builder
	for line := range strings.Lines(explained()) {
		if setting, ok := strings.CutPrefix(line, "# "); ok && (strings.Contains(line, " = ") || line == "# [hours]\n") {
			line = setting
		}
		b.WriteString(line)
	}
	got, err := Parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Hours.Set = true
	for d := range want.Hours.Days {
		want.Hours.Days[d] = []Range{{0, day}}
	}
	got.Hold.IgnoreApps = nil // an empty list, where the default has none
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestParse(t *testing.T) {
	got, err := Parse([]byte(`
reminder = { style = "tray", snooze = ["1s"], max_snoozes = 0, patience = "0s" }
session.guide = 'terminal'
session.length = "15m"
[ sitting ] # times of seconds are what tests use
limit = "20s"
"rest" = "4s"
away_after = "2s"
sure_after = "4s"
[hours]
mon = ["13:30-18:00", "09:00-12:30"]
sun = [
  "22:00-02:00", # belongs to Sunday
]
sat = ["00:00-24:00"]
[hold]
call = false
ignore_apps = ["obs", "mpv"]
[history]
keep = "1d12h"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Reminder.Style = "tray"
	want.Reminder.Snooze = []time.Duration{time.Second}
	want.Reminder.MaxSnoozes = 0
	want.Reminder.Patience = 0
	want.Session.Guide = "terminal"
	want.Session.Length = 15 * time.Minute
	want.Sitting.Limit = 20 * time.Second
	want.Sitting.Rest = 4 * time.Second
	want.Sitting.AwayAfter = 2 * time.Second
	want.Sitting.SureAfter = 4 * time.Second
	want.Hours.Set = true
	want.Hours.Days[time.Monday] = []Range{
		{9 * time.Hour, 12*time.Hour + 30*time.Minute},
		{13*time.Hour + 30*time.Minute, 18 * time.Hour},
	}
	want.Hours.Days[time.Sunday] = []Range{{22 * time.Hour, 26 * time.Hour}}
	want.Hours.Days[time.Saturday] = []Range{{0, 24 * time.Hour}}
	want.Hold.Call = false
	want.Hold.IgnoreApps = []string{"obs", "mpv"}
	want.History.Keep = 36 * time.Hour
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{
			"[sitting]\nlimit = 30\n",
			`2:9: sitting.limit: 30 has no unit; write "30m" for minutes or "30s" for seconds`,
		},
		{
			"[sitting]\nlimit = \"30\"\n",
			`2:9: sitting.limit: "30" has no unit; write "30m" for minutes or "30s" for seconds`,
		},
		{
			"[sitting]\nlimit = \"0s\"\n",
			`2:9: sitting.limit: "0s" is no time at all; write a duration above zero, like "30m"`,
		},
		{
			"[sitting]\nlimit = true\n",
			`2:9: sitting.limit: true is not a text in quotes; write a duration like "30m"`,
		},
		{
			"# é\n[sitting] # é\nlimt = \"30m\"\n",
			`3:1: sitting.limt: limt is not a setting; did you mean sitting.limit?`,
		},
		{"limit = \"30m\"\n", `1:1: limit: limit is not a setting; did you mean sitting.limit?`},
		{"[hold]\nvoice = true\n", `2:1: hold.voice: voice is not a setting; did you mean session.voice?`},
		{
			"[hold]\nxyzzyplugh = 1\n",
			"2:1: hold.xyzzyplugh: xyzzyplugh is not a setting; `unhunch config show` lists them all",
		},
		{"[sittng]\nlimit = 1\n", `1:2: sittng: [sittng] is not a table of settings; did you mean [sitting]?`},
		{"[[sitting]]\n", `1:3: [[sitting]] starts a list of tables; write [sitting]`},
		{
			"[sitting]\n[sitting]\n",
			`2:2: [sitting] is there twice, first on line 1; put its keys together under one`,
		},
		{
			"sitting.rest = '1m'\n[sitting]\n",
			`2:2: [sitting] is there twice, first on line 1; put its keys together under one`,
		},
		{
			"hold.call = true\nhold.call = false\n",
			`2:1: hold.call: call is set twice, first on line 1; remove one of them`,
		},
		{"[sitting]\nlimit = \"30m\n", `2:13: not TOML: basic strings cannot have new lines`},
		{
			"[sitting]\nrest = \"30m\"\n",
			`2:8: sitting.rest: sitting.rest is "30m" ` +
				`and must be shorter than sitting.limit, which is "30m"; change one of the two`,
		},
		{"[sitting]\naway_after = \"8m\"\n", `2:14: sitting.away_after: sitting.away_after is "8m" ` +
			`and must be shorter than sitting.sure_after, which is "7m"; change one of the two`},
		{
			"[reminder]\nsnooze = [\"1m\", \"61m\", 5]\n",
			`2:17: reminder.snooze: "61m" is too long; the longest is "1h"` + "\n" +
				`2:24: reminder.snooze: 5 has no unit; write "5m" for minutes or "5s" for seconds`,
		},
		{"[reminder]\nsnooze = []\n", `2:10: reminder.snooze: 0 entries; write 1 to 6`},
		{
			"[reminder]\nsnooze = \"5m\"\n",
			`2:10: reminder.snooze: "5m" is not a list; write one like ["5m", "10m"]`,
		},
		{
			"[reminder]\nmax_snoozes = -1\n",
			`2:15: reminder.max_snoozes: -1 is out of range; write a number from 0 to 100`,
		},
		{
			"[reminder]\nstyle = \"loud\"\n",
			`2:9: reminder.style: "loud" is not one of the choices; write "notification" or "tray"`,
		},
		{
			"[reminder]\nday_starts = \"24:00\"\n",
			`2:14: reminder.day_starts: "24:00" is the next day's start; write "00:00"`,
		},
		{"[session]\nlength = \"16m\"\n", `2:10: session.length: "16m" is too long; the longest is "15m"`},
		{"[session]\nlength = \"29s\"\n", `2:10: session.length: "29s" is too short; the shortest is "30s"`},
		{
			"[hours]\nmon = [\"9-12\"]\n",
			`2:8: hours.mon: "9" is not a time of day; write hours and minutes with two digits each, like "09:00"`,
		},
		{
			"[hours]\nmon = [\"09:00-12:00\", \"11:59-13:00\"]\n",
			`2:23: hours.mon: "11:59-13:00" overlaps "09:00-12:00"; join them or move one`,
		},
		{
			"[hours]\nmon = [\"09:00-09:00\"]\n",
			`2:8: hours.mon: "09:00-09:00" is no time at all; write "00:00-24:00" for the whole day`,
		},
		{
			"[hours]\nsun = [\"22:00-02:00\"]\nmon = [\"01:59-03:00\"]\n",
			`2:7: hours.sun: "22:00-02:00" of hours.sun runs into "01:59-03:00" of hours.mon; change one of the two`,
		},
		{strings.Repeat("#", maxSize+1), `the file is larger than 256 KiB`},
	} {
		got, err := Parse([]byte(tt.text))
		if err == nil || err.Error() != tt.want {
			t.Errorf("Parse(%.60q)\ngot  %v\nwant %s", tt.text, err, tt.want)
		}
		if !reflect.DeepEqual(got, Default()) {
			t.Errorf("Parse(%.60q) gave something else than the defaults", tt.text)
		}
	}
}

func TestEveryErrorIsReported(t *testing.T) {
	_, err := Parse([]byte("[sitting]\nlimit = 30\nrest = 5\n[remindr]\na = 1\n[hold]\ncall = 1\nfoo = 2\n[hold]\n"))
	errs, _ := errors.AsType[Errors](err)
	var lines []int
	for _, e := range errs {
		lines = append(lines, e.Line)
	}
	if want := []int{2, 3, 4, 7, 8, 9}; !reflect.DeepEqual(lines, want) {
		t.Errorf("errors on lines %v, want %v:\n%v", lines, want, err)
	}
	if first, ok := errors.AsType[*Error](err); !ok || first.Key != "sitting.limit" || first.Value != "30" {
		t.Errorf("the first *Error is %+v", first)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	if got, err := Load(path); err != nil || !reflect.DeepEqual(got, Default()) {
		t.Errorf("a missing file: %+v, %v, want the defaults", got, err)
	}
	write(t, path, "[hold]\ncall = false\n")
	if got, err := Load(path); err != nil || got.Hold.Call {
		t.Errorf("got %+v, %v, want hold.call off", got.Hold, err)
	}
	write(t, path, "[hold]\ncall = false\nx = 1\n")
	got, err := Load(path)
	if want := path + ":3:1: hold.x: x is not a setting"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("err = %v, want %s…", err, want)
	}
	if !got.Hold.Call {
		t.Error("a bad file was not refused whole")
	}
	if _, err := Load(dir); err == nil {
		t.Error("a directory was accepted as a file")
	}
}

func TestPath(t *testing.T) {
	t.Setenv("HOME", "/home/a")
	for _, tt := range []struct{ xdg, want string }{
		{"/x", "/x/unhunch/config.toml"},
		{"relative", "/home/a/.config/unhunch/config.toml"},
		{"", "/home/a/.config/unhunch/config.toml"},
	} {
		t.Setenv("XDG_CONFIG_HOME", tt.xdg)
		if got, err := Path(); err != nil || got != tt.want {
			t.Errorf("Path() with %q = %q, %v, want %q", tt.xdg, got, err, tt.want)
		}
	}
	t.Setenv("HOME", "")
	if _, err := Path(); err == nil || !strings.Contains(err.Error(), "HOME is not set") {
		t.Errorf("without HOME: %v", err)
	}
}

func TestParseDuration(t *testing.T) {
	for _, tt := range []struct {
		text string
		want time.Duration
	}{
		{"30m", 30 * time.Minute},
		{"1h30m", 90 * time.Minute},
		{"400d", 400 * day},
		{"1d12h", 36 * time.Hour},
		{"1.5d", 36 * time.Hour},
		{"90s", 90 * time.Second},
		{"250ms", 250 * time.Millisecond},
		{"1µs", time.Microsecond},
		{"36500d", longest},
	} {
		if got, err := ParseDuration(tt.text); err != nil || got != tt.want {
			t.Errorf("ParseDuration(%q) = %v, %v, want %v", tt.text, got, err, tt.want)
		}
	}
	for _, bad := range []string{
		"", "0", "0s", "30", "1h30", "-5m", "+5m", "m", "5 m", "5x", "d", ".d", "1..5h", "5M",
		"36501d", "36500d1ns", "9999999999d", "999999999999999h", "1e3s", "١m",
	} {
		if got, err := ParseDuration(bad); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", bad, got)
		}
	}
}

func TestFormatDuration(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0s"},
		{5 * time.Second, "5s"},
		{30 * time.Minute, "30m"},
		{90 * time.Minute, "1h30m"},
		{36 * time.Hour, "1d12h"},
		{400 * day, "400d"},
		{61*time.Second + 500*time.Millisecond, "1m1.5s"},
	} {
		if got := FormatDuration(tt.d); got != tt.want {
			t.Errorf("FormatDuration(%v) = %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestDurationRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.Int64Range(1, int64(longest)).Draw(t, "duration"))
		got, err := ParseDuration(FormatDuration(want))
		if err != nil || got != want {
			t.Fatalf("%v became %q, then %v, %v", want, FormatDuration(want), got, err)
		}
	})
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"30m", "1d12h", "1.5d", "30", "-1h", "99999999999h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		if err != nil {
			return
		}
		if d <= 0 || d > longest {
			t.Errorf("ParseDuration(%q) = %v", s, d)
		}
		if again, err := ParseDuration(FormatDuration(d)); err != nil || again != d {
			t.Errorf("%q is %v, written %q, read %v, %v", s, d, FormatDuration(d), again, err)
		}
	})
}

// What Parse accepts, a full TOML reader accepts too; and what it refuses, it says where.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		explained(),
		"[sitting]\nlimit = \"1h\"\r\n[hours]\nmon = [\n'09:00-12:30', # noon\n]\n",
		"hold = { call = true, ignore_apps = [\"a\\u0041\"] }\nsitting.rest = '1m'\n",
		"[hold]\ncall = tru", "a = [[1, {b = 2}], 1979-05-27 07:32:00, 0x1f, inf]\n", "[a.b]\n\"\" = '''\n'''", "[[x]]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := Parse(data)
		if err == nil {
			var all map[string]any
			if err := toml.Unmarshal(data, &all); err != nil {
				t.Errorf("Parse took what is not TOML: %v", err)
			}
			return
		}
		errs, ok := errors.AsType[Errors](err)
		if !ok {
			t.Fatalf("an error of type %T", err)
		}
		for _, e := range errs {
			if e.Line < 1 || e.Column < 1 || e.Message == "" {
				t.Errorf("an error without a place or a word: %+v", e)
			}
		}
	})
}

// ours are words of ours that are not shown to anybody.
var ours = regexp.MustCompile(`(?i)\b(load|limit|rest|hold|held|due)\b`)

func TestValue(t *testing.T) {
	c := Default()
	for _, k := range Keys() {
		got, err := c.Value(k.Name)
		if err != nil || got != k.Default {
			t.Errorf("Value(%q) = %s, %v, want %s", k.Name, got, err, k.Default)
		}
		if !strings.HasSuffix(k.Meaning, ".") || k.Unit == "" {
			t.Errorf("%s is not explained: %+v", k.Name, k)
		}
		if ours.MatchString(k.Meaning) {
			t.Errorf("%s is explained in words that only we know: %s", k.Name, k.Meaning)
		}
	}
	_, err := c.Value("sitting.limts")
	if err == nil || err.Error() != "sitting.limts: sitting.limts is not a setting; did you mean sitting.limit?" {
		t.Errorf("an unknown key: %v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
