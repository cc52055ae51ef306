package desktest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/api"
)

// TestMain lets the test binary stand in for unhunch: desktest is tested without it.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "daemon":
			standIn()
		case "refuse":
			fmt.Println("out")
			fmt.Fprintln(os.Stderr, "err")
			os.Exit(4)
		}
	}
	os.Exit(m.Run())
}

// standIn answers on the socket with a state that names its settings.
func standIn() {
	dir := filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "unhunch")
	socket := filepath.Join(dir, "api.sock")
	_ = os.MkdirAll(dir, 0o700)
	_ = os.Remove(socket)
	config, _ := os.ReadFile(filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "unhunch", "config.toml"))
	fmt.Println("serving")
	l, err := net.Listen("unix", socket)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(api.State{Version: string(config)})
	})))
}

func TestDaemon(t *testing.T) {
	d := New(t, Options{NoDisplay: true})
	p := d.Start(os.Args[0], "limit")
	if got := p.State().Version; got != "limit" {
		t.Errorf("settings %q reached the daemon, want %q", got, "limit")
	}
	if out, err, code := p.Unhunch("refuse"); out != "out\n" || err != "err\n" || code != 4 {
		t.Errorf("got %q, %q and exit %d", out, err, code)
	}
	first := p.Pid()
	p.Restart()
	if p.Pid() == first {
		t.Error("it was not started anew")
	}
	p.Kill()
	p.Restart()
	p.Freeze()
	p.Thaw()
	if p.State().Version == "" {
		t.Error("no answer after a freeze")
	}
	if got := strings.Count(p.Log(), "serving"); got != 3 {
		t.Errorf("three starts left %d lines in the log", got)
	}
}
