package tray

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program writes a shell script that is started in the daemon's place.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "unhunch")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLaunchSaysWhyThereIsNoDaemon(t *testing.T) {
	tests := []struct{ name, path, want string }{
		{"fails", program(t, "exit 1"), "the daemon ended at once; to see why, run in a terminal: unhunch daemon"},
		{"another runs", program(t, "exit 4"), "a daemon is running already, but it does not answer"},
		{"no such program", filepath.Join(t.TempDir(), "unhunch"), "cannot start the daemon: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := launch(t.Context(), tt.path, nil); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	if err := Launch(nil)(t.Context()); err == nil || !strings.Contains(err.Error(), "beside") {
		t.Errorf("with no program beside this one: %v", err)
	}
}

// TestLaunchedDaemonIsOnItsOwn: it has a session of its own and goes on when nobody waits for it any more.
func TestLaunchedDaemonIsOnItsOwn(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	path := program(t, `[ "$1" = daemon ] || exit 1
read -r pid name state parent group session rest < /proc/$$/stat
echo "$session $pid" > "$OUT.part"; mv "$OUT.part" "$OUT"
while [ -e "$OUT" ]; do sleep 0.05; done
echo "$LEFT" > "$OUT.done"`)
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan error, 1)
	go func() {
		started <- launch(ctx, path, []string{"PATH=" + os.Getenv("PATH"), "OUT=" + out, "LEFT=by itself"})
	}()
	fields := strings.Fields(await(t, out))
	if len(fields) != 2 || fields[0] != fields[1] {
		t.Errorf("session and process: %q", fields)
	}
	cancel()
	if err := <-started; err != nil {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(await(t, out+".done")); got != "by itself" {
		t.Errorf("it ended with %q", got)
	}
}

// await waits for a file and reads it.
func await(t *testing.T, path string) string {
	t.Helper()
	for late := time.Now().Add(10 * time.Second); ; <-time.After(time.Millisecond) {
		if text, err := os.ReadFile(path); err == nil && len(text) > 0 {
			return string(text)
		}
		if time.Now().After(late) {
			t.Fatalf("%s never came", path)
		}
	}
}

// TestLaunchByService: where a service is installed it is the service that starts the daemon.
func TestLaunchByService(t *testing.T) {
	const says = `{"error":{"code":"%s","message":"systemd is not well"}}`
	tests := []struct {
		name, script string
		installed    bool
		want         string
	}{
		{"installed", `[ "$*" = "service start --json" ]`, true, ""},
		{"not installed", `echo '` + strings.Replace(says, "%s", "not_installed", 1) + `' >&2; exit 1`, false, ""},
		{"root", `echo '` + strings.Replace(says, "%s", "refused", 1) + `' >&2; exit 4`, false, ""},
		{"an older program", `echo what >&2; exit 2`, false, ""},
		{"does not start", `echo '` + strings.Replace(says, "%s", "failed", 1) + `' >&2; exit 1`, true, "systemd is not well"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			installed, err := startService(t.Context(), program(t, tt.script), nil)
			if installed != tt.installed || err == nil && tt.want != "" || err != nil && err.Error() != tt.want {
				t.Errorf("got %t, %v", installed, err)
			}
		})
	}
}
