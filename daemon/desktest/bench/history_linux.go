package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/desktest"
	"github.com/unhunch/unhunch/daemon/internal/history"
	"github.com/unhunch/unhunch/daemon/internal/history/historytest"
)

// periods are all reports there are.
var periods = []string{"today", "week", "month", "year"}

// reportMost is the budget of a report, however long the history.
const reportMost = 50 * time.Millisecond

// tenYears measures reports on a history of ten years through the daemon, and its memory after them.
func tenYears(r *rig, binary string) []row {
	desk := r.desk(desktest.Options{Logind: true})
	path := filepath.Join(desk.Getenv("XDG_STATE_HOME"), "unhunch", "history.db")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		r.Fatalf("%v", err)
	}
	if err := liveTenYears(path); err != nil {
		r.Fatalf("%v", err)
	}
	d := desk.Start(ownCopy(r, desk, binary), `history.keep = "4000d"`)
	client := desk.HTTP()
	var rows []row
	for _, p := range periods {
		took := repeat(9, func() time.Duration { return reportOnce(r, client, p) })
		rows = append(rows, row{
			"ten years of history: " + p + " (median of 9)", "≤ 50 ms", milliseconds(took), took <= reportMost,
		})
	}
	m := r.memory(d.Pid())
	return append(rows, row{"ten years of history: memory after the reports", "≤ 24 / 8 MB", m.String(), m.within(24, 8)})
}

// tenYearsLived is the history once it has been made up, which takes longer than all that is measured of it.
var tenYearsLived []byte

// liveTenYears leaves the history of ten years at path.
func liveTenYears(path string) error {
	if tenYearsLived != nil {
		return os.WriteFile(path, tenYearsLived, 0o600)
	}
	store := history.Open(path, history.Options{})
	store.SetDays(history.Days{Zone: time.UTC, Starts: 4 * time.Hour})
	err := historytest.Fill(context.Background(), store, 1, time.Now(), historytest.TenYears)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	tenYearsLived, err = os.ReadFile(path)
	return err
}

func reportOnce(r *rig, client *http.Client, period string) time.Duration {
	begin := time.Now()
	ask(r, client, http.MethodGet, api.PathHistory+"?period="+period)
	return time.Since(begin)
}

// ask sends a request without a body and reads the whole answer.
func ask(r *rig, client *http.Client, method, path string) {
	request, err := http.NewRequest(method, "http://unhunch"+path, strings.NewReader(""))
	if err != nil {
		r.Fatalf("%v", err)
	}
	if method != http.MethodGet {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := client.Do(request)
	if err != nil {
		r.Fatalf("%v", err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		r.Fatalf("%s %s: %v %s %s", method, path, err, answer.Status, text)
	}
}

// record makes the daemon record at least n rows: each session leaves one, and the time before and in it.
func record(r *rig, client *http.Client, n int) {
	for range n / 3 {
		ask(r, client, http.MethodPost, api.PathActions+"stretch")
		ask(r, client, http.MethodPost, api.PathSession+"stop")
	}
	for _, p := range periods {
		ask(r, client, http.MethodGet, fmt.Sprintf("%s?period=%s", api.PathHistory, p))
	}
}
