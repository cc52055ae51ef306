package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEdit(t *testing.T) {
	for _, tt := range []struct{ name, before, key, value, after string }{
		{"an empty file", "", "sitting.limit", "45m", "[sitting]\nlimit = \"45m\"\n"},
		{
			"only the value",
			"# mine\n[sitting]  # how\n  limit   =   \"30m\"   # long\nrest = '4m'\n", "sitting.limit", "45m",
			"# mine\n[sitting]  # how\n  limit   =   \"45m\"   # long\nrest = '4m'\n",
		},
		{
			"below its neighbours, indented as they are",
			"[sitting]\n\trest = \"4m\" # short\n\n# next\n[hold]\n", "sitting.limit", "45m",
			"[sitting]\n\trest = \"4m\" # short\n\tlimit = \"45m\"\n\n# next\n[hold]\n",
		},
		{
			"an empty table",
			"[sitting] # [hold]\n# limit = \"30m\"\n[hold]\n", "sitting.limit", "45m",
			"[sitting] # [hold]\nlimit = \"45m\"\n# limit = \"30m\"\n[hold]\n",
		},
		{
			"no line end at the end",
			"[hold]\ncall = true", "hold.fullscreen", "false",
			"[hold]\ncall = true\nfullscreen = false\n",
		},
		{
			"a new table after no line end",
			"[hold]", "sitting.limit", "45m",
			"[hold]\n\n[sitting]\nlimit = \"45m\"\n",
		},
		{
			"line ends of DOS",
			"[hold]\r\ncall = true\r\n", "sitting.limit", "45m",
			"[hold]\r\ncall = true\r\n\r\n[sitting]\r\nlimit = \"45m\"\r\n",
		},
		{
			"dotted keys",
			"sitting.rest = \"4m\" # x\nhold.call = true\n", "sitting.limit", "45m",
			"sitting.rest = \"4m\" # x\nsitting.limit = \"45m\"\nhold.call = true\n",
		},
		{
			"an inline table",
			"hold = { call = true } # x\n", "hold.fullscreen", "false",
			"hold = { call = true, fullscreen = false } # x\n",
		},
		{"an empty inline table", "hold = {}\n", "hold.call", "false", "hold = { call = false }\n"},
		{
			"a value of several lines",
			"[reminder]\nsnooze = [\n  \"5m\",\n  \"10m\", # ten\n]\nsound = true\n", "reminder.snooze", "1m,2m",
			"[reminder]\nsnooze = [\"1m\", \"2m\"]\nsound = true\n",
		},
		{
			"a broken value mended",
			"[sitting]\nlimit = [ [30], { a = 1 } ] # oops\n", "sitting.limit", "45m",
			"[sitting]\nlimit = \"45m\" # oops\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config.toml")
			write(t, path, tt.before)
			if err := Set(path, tt.key, tt.value); err != nil {
				t.Fatal(err)
			}
			if got := readFile(t, path); got != tt.after {
				t.Errorf("got\n%s\nwant\n%s", got, tt.after)
			}
			if got := readFile(t, path+".bak"); got != tt.before {
				t.Errorf(".bak holds %q", got)
			}
		})
	}
}

func TestTyped(t *testing.T) {
	for _, tt := range []struct{ key, typed, want string }{
		{"sitting.limit", "45m", `"45m"`},
		{"sitting.limit", ` "45m" `, `"45m"`},
		{"sitting.limit", "'45m'", `"45m"`},
		{"reminder.patience", "0s", `"0s"`},
		{"hold.call", "true", `true`},
		{"reminder.max_snoozes", "5", `5`},
		{"reminder.style", "tray", `"tray"`},
		{"session.guide", "", `""`},
		{"reminder.snooze", "5m, 10m", `["5m", "10m"]`},
		{"reminder.snooze", `["5m","10m",]`, `["5m", "10m"]`},
		{"reminder.snooze", "5m", `["5m"]`},
		{"hours.mon", "09:00-12:30,13:30-18:00", `["09:00-12:30", "13:30-18:00"]`},
		{"hours.mon", "22:00-02:00", `["22:00-02:00"]`},
		{"hours.mon", "", `[]`},
		{"hold.ignore_apps", `["a\"b", 'c\d']`, `["a\"b", "c\\d"]`},
		{"hold.ignore_apps", "a\"b,\x01", `["a\"b", "\u0001"]`},
	} {
		s, err := lookup(tt.key)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.typed(tt.typed); err != nil || got != tt.want {
			t.Errorf("%s %s: got %s, %v, want %s", tt.key, tt.typed, got, err, tt.want)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	const before = "[sitting]\nlimit = \"30m\"\n"
	for _, tt := range []struct{ key, value, want string }{
		{"sitting.limit", "45", `sitting.limit: "45" has no unit; write "45m" for minutes or "45s" for seconds`},
		{"sitting.limit", "", `sitting.limit: a duration is missing; write one like "30m"`},
		{"sitting.limit", "5m", `PATH:2:9: sitting.limit: sitting.rest is "5m" and must be shorter than sitting.limit, ` +
			`which is "5m"; change one of the two`},
		{"sitting.limt", "45m", `sitting.limt: sitting.limt is not a setting; did you mean sitting.limit?`},
		{"hold.call", "yes", `hold.call: yes is not true or false; write true or false, without quotes`},
		{"reminder.style", "\"tray\"\n[evil]", `reminder.style: "tray" [evil] is not TOML; ` +
			`expected "notification" or "tray"`},
		{"hold.ignore_apps", "\xff", `hold.ignore_apps: the value is not UTF-8 text`},
	} {
		path := filepath.Join(t.TempDir(), "config.toml")
		write(t, path, before)
		err := Set(path, tt.key, tt.value)
		if want := strings.Replace(tt.want, "PATH", path, 1); err == nil || err.Error() != want {
			t.Errorf("%s = %q:\ngot  %v\nwant %s", tt.key, tt.value, err, want)
		}
		if got := readFile(t, path); got != before {
			t.Errorf("%s = %q changed the file to %q", tt.key, tt.value, got)
		}
		if _, err := os.Stat(path + ".bak"); err == nil {
			t.Errorf("%s = %q left a .bak of a file it did not change", tt.key, tt.value)
		}
	}
}

func TestSetWhereTheFileIsBad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	for _, before := range []string{"[sitting\n", "[sitting]\nlimt = 1\n", strings.Repeat("#\n", maxSize)} {
		write(t, path, before)
		err := Set(path, "hold.call", "false")
		if _, ok := errors.AsType[Errors](err); !ok {
			t.Errorf("Set in %.20q: %v, want what is wrong with it", before, err)
		}
		if readFile(t, path) != before {
			t.Errorf("%.20q was changed", before)
		}
	}
}

func TestSetWhereNoFileCanBe(t *testing.T) {
	dir := t.TempDir()
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", dir, loop} {
		if err := Set(path, "hold.call", "false"); err == nil {
			t.Errorf("Set in %s succeeded", path)
		}
		if err := Init(path); err == nil {
			t.Errorf("Init of %s succeeded", path)
		}
	}
}

func TestSetKeepsModeAndFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "dotfiles", "unhunch.toml")
	link := filepath.Join(dir, "config", "unhunch", "config.toml")
	for _, d := range []string{filepath.Dir(file), filepath.Dir(filepath.Dir(link)), filepath.Join(dir, "away", "deep")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	// A link in a linked directory: its ".." counts from where the directory really is.
	for _, l := range [][2]string{
		{filepath.Join(dir, "away", "deep"), filepath.Dir(link)},
		{filepath.Join("..", "..", "dotfiles", "unhunch.toml"), link},
	} {
		if err := os.Symlink(l[0], l[1]); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want string) {
		t.Helper()
		if got := readFile(t, file); got != want {
			t.Errorf("the real file holds %q, want %q", got, want)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is a link no more: %v, %v", info, err)
		}
	}
	// It points at nothing yet.
	if err := Set(link, "hold.call", "false"); err != nil {
		t.Fatal(err)
	}
	check("[hold]\ncall = false\n")
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Set(link, "hold.call", "true"); err != nil {
		t.Fatal(err)
	}
	check("[hold]\ncall = true\n")
	for _, path := range []string{file, file + ".bak"} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: %v, %v, want mode 640", path, info.Mode(), err)
		}
	}
	// Asked for what is there already, it writes nothing: the .bak still holds the older file.
	if err := Set(link, "hold.call", "true"); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, file+".bak"); got != "[hold]\ncall = false\n" {
		t.Errorf(".bak = %q", got)
	}
}

func TestInit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "config.toml")
	if err := Init(path); err != nil {
		t.Fatal(err)
	}
	if got := readFile(t, path); got != explained() {
		t.Errorf("got %q", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v, %v", info, err)
	}
	write(t, path, "# mine\n")
	if err := Init(path); err == nil || readFile(t, path) != "# mine\n" {
		t.Errorf("a second Init: %v, and the file is %q", err, readFile(t, path))
	}
}

// samples are values for every setting that keep every rule whatever the others are.
func samples(key string) []string {
	k := Keys()[slices.IndexFunc(Keys(), func(k Key) bool { return k.Name == key })]
	switch {
	case key == "sitting.limit" || key == "sitting.sure_after":
		return []string{`"30m"`, `'1h'`, `"1d12h"`}
	case key == "sitting.rest" || key == "sitting.away_after":
		return []string{`"5m"`, `"1s"`, `'90s'`}
	case strings.HasPrefix(key, "hours."):
		return []string{`["09:00-12:30"]`, "[\n  '10:00-11:00', # tea\n  \"13:00-24:00\",\n]", `[]`}
	case strings.HasPrefix(k.Unit, "duration"):
		return []string{`"5m"`, `'90s'`, `"1m30s"`}
	case k.Unit == "true or false":
		return []string{"true", "false"}
	case strings.HasPrefix(k.Unit, "number"):
		return []string{"0", "3"}
	case strings.HasPrefix(k.Unit, "time of day"):
		return []string{`"04:00"`, `'00:00'`, `"23:59"`}
	case strings.HasPrefix(k.Unit, "list of durations"):
		return []string{`["5m"]`, "[ '1m', # one\r\n\"2m\" ]"}
	case strings.HasPrefix(k.Unit, "list of names"):
		return []string{`[]`, `["a#b", 'c = [d]']`}
	}
	return []string{k.Default, strings.ReplaceAll(k.Default, `"`, `'`)}
}

// drawFile writes a file as untidy as TOML lets one be. It returns the comments in it that belong to no value.
func drawFile(t *rapid.T) (data []byte, comments []string) {
	eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
	space := rapid.SampledFrom([]string{"", " ", "\t", "  "})
	comment := func() string {
		if rapid.Bool().Draw(t, "no comment") {
			return ""
		}
		text := fmt.Sprintf("# %d é \"[sitting] limit = '", len(comments))
		comments = append(comments, text)
		return text
	}
	var b, dotted bytes.Buffer
	for _, table := range rapid.Permutation(tables).Draw(t, "tables") {
		form := rapid.SampledFrom([]string{"none", "header", "dotted", "inline"}).Draw(t, "form of "+table)
		var pairs []string
		for _, k := range Keys() {
			name, mine := strings.CutPrefix(k.Name, table+".")
			if !mine || rapid.IntRange(0, 2).Draw(t, "skip "+name) > 0 {
				continue
			}
			if rapid.Bool().Draw(t, "quoted") {
				name = `"` + name + `"`
			}
			value := rapid.SampledFrom(samples(k.Name)).Draw(t, "value of "+name)
			pairs = append(pairs, name+space.Draw(t, "gap")+"="+space.Draw(t, "gap")+value)
		}
		switch form {
		case "header":
			b.WriteString(space.Draw(t, "indent") + "[" + space.Draw(t, "gap") + table + "]" + comment() + eol)
			for _, p := range pairs {
				b.WriteString(comment() + eol + space.Draw(t, "indent") + p + space.Draw(t, "gap") + comment() + eol)
			}
		case "dotted":
			for _, p := range pairs {
				dotted.WriteString(space.Draw(t, "indent") + table + "." + p + comment() + eol)
			}
		case "inline":
			inner := strings.Join(pairs, ",")
			dotted.WriteString(table + "={" + space.Draw(t, "gap") + inner + "}" + comment() + eol)
		}
	}
	data = append(dotted.Bytes(), b.Bytes()...)
	if rapid.Bool().Draw(t, "no line end at the end") {
		data = bytes.TrimRight(data, "\r\n")
	}
	return data, comments
}

func TestSetChangesOnlyTheAskedKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data, comments := drawFile(t)
		before, err := Parse(data)
		if err != nil {
			t.Fatalf("the drawn file is no good: %v\n%s", err, data)
		}
		key := rapid.SampledFrom(Keys()).Draw(t, "key").Name
		s, err := lookup(key)
		if err != nil {
			t.Fatal(err)
		}
		text, err := s.typed(rapid.SampledFrom(samples(key)).Draw(t, "value"))
		if err != nil {
			t.Fatal(err)
		}
		changed, err := edit(data, s, text)
		if err != nil {
			t.Fatal(err)
		}
		after, err := Parse(changed)
		if err != nil {
			t.Fatalf("%v\nbefore:\n%s\nafter:\n%s", err, data, changed)
		}

		if got, _ := after.Value(key); got != text {
			t.Fatalf("%s = %s, want %s", key, got, text)
		}
		// That there are hours at all follows from one of them being set.
		before.Hours.Set = before.Hours.Set || strings.HasPrefix(key, "hours.")
		for _, k := range Keys() {
			was, _ := before.Value(k.Name)
			if is, _ := after.Value(k.Name); is != was && k.Name != key {
				t.Fatalf("%s was %s and is %s\nbefore:\n%s\nafter:\n%s", k.Name, was, is, data, changed)
			}
		}
		for _, c := range comments {
			if !bytes.Contains(changed, []byte(c)) {
				t.Fatalf("the comment %q is gone\nbefore:\n%s\nafter:\n%s", c, data, changed)
			}
		}
		if lost := removed(data, changed); !strings.Contains(writtenValue(data, s), lost) {
			t.Fatalf("%q is lost\nbefore:\n%s\nafter:\n%s", lost, data, changed)
		}
	})
}

// removed is the part of before that is not in after, if only one part is.
func removed(before, after []byte) string {
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return string(before)
}

// writtenValue is the setting's value as it stands in data, or "".
func writtenValue(data []byte, s setting) string {
	doc, _ := parseDocument(data)
	table, name := s.split()
	e, _ := doc.entry(table, name)
	return e.value.written
}

// Whatever the file and whatever is typed: Set leaves a file that Parse takes and that says what was asked, or
// changes nothing.
func FuzzSet(f *testing.F) {
	f.Add("[sitting]\nlimit = \"30m\" # long\n", uint8(0), "45m")
	f.Add("hold = {}\r\nreminder.snooze = [\n'1m' ]", uint8(7), "[\"5m\"] # x")
	f.Add("[hours]\nmon = []", uint8(16), "22:00-02:00")
	f.Fuzz(func(t *testing.T, text string, n uint8, value string) {
		s := settings[int(n)%len(settings)]
		toml, err := s.typed(value)
		if err != nil {
			return
		}
		changed, err := edit([]byte(text), s, toml)
		if err != nil {
			return
		}
		c, err := Parse(changed)
		if err != nil {
			return
		}
		if got, _ := c.Value(s.Name); got != toml {
			t.Errorf("%s = %s, want %s, in %q made of %q", s.Name, got, toml, changed, text)
		}
		again, err := edit(changed, s, toml)
		if err != nil || !bytes.Equal(again, changed) {
			t.Errorf("set again, %q became %q, %v", changed, again, err)
		}
	})
}
