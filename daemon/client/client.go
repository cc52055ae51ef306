// Package client is the only way to talk to a running daemon: the command line, the tray and the tests go through
// it.
package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/files"
)

const (
	// dialTime and answerTime are far more than a daemon on the same machine needs; one that takes longer is stopped.
	dialTime   = 3 * time.Second
	answerTime = 15 * time.Second // the doctor waits for others' answers
	// maxLine bounds one state on the event stream.
	maxLine = 1 << 20
)

// A Client talks to the daemon on one socket. It may be used by several goroutines and needs no closing.
type Client struct {
	// Open, if set, opens links in the person's browser. Watch and Follow tell the daemon that they can, call it, on a
	// goroutine of its own, for each, and tell the daemon where that fails.
	Open func(link string) error

	path string
	dial func(context.Context) (net.Conn, error)
	http *http.Client
}

// New talks to the daemon whose socket is at path.
func New(path string) *Client {
	call := func(ctx context.Context) (net.Conn, error) { return dial(ctx, path) }
	return &Client{path: path, dial: call, http: &http.Client{Transport: &http.Transport{
		DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return call(ctx) },
		DisableKeepAlives:  true, // a connection costs us nothing and the daemon memory
		DisableCompression: true,
	}}}
}

// Default talks to this user's daemon.
func Default() (*Client, error) {
	path, err := files.SocketPath()
	if err != nil {
		return nil, err
	}
	return New(path), nil
}

// State is the newest state.
func (c *Client) State(ctx context.Context) (api.State, error) {
	return call[api.State](ctx, c, http.MethodGet, api.PathState, nil)
}

// Do carries out an action ("snooze") or a session control ("session/next") and returns the state after it. The
// body is the action's request type of package api, or nil for none.
func (c *Client) Do(ctx context.Context, name string, body any) (api.State, error) {
	path := api.PathActions + name
	if control, ok := strings.CutPrefix(name, "session/"); ok {
		path = api.PathSession + control
	}
	return call[api.State](ctx, c, http.MethodPost, path, body)
}

// Plan is the session that r would start, and why.
func (c *Client) Plan(ctx context.Context, r api.PlanRequest) (api.Plan, error) {
	return call[api.Plan](ctx, c, http.MethodPost, api.PathPlan, r)
}

// Routines is the catalogue of the running daemon.
func (c *Client) Routines(ctx context.Context) (api.Routines, error) {
	return call[api.Routines](ctx, c, http.MethodGet, api.PathRout, nil)
}

// Settings are those in force.
func (c *Client) Settings(ctx context.Context) (api.Settings, error) {
	return call[api.Settings](ctx, c, http.MethodGet, api.PathConfig, nil)
}

// Set changes one setting, written as one would type it, and returns the settings then in force.
func (c *Client) Set(ctx context.Context, key, value string) (api.Settings, error) {
	return call[api.Settings](ctx, c, http.MethodPatch, api.PathConfig, map[string]string{key: value})
}

// Doctor has the daemon examine all its parts.
func (c *Client) Doctor(ctx context.Context) (api.Doctor, error) {
	return call[api.Doctor](ctx, c, http.MethodGet, api.PathDoctor, nil)
}

// Quit ends the daemon. It returns when the daemon has agreed, which is before it is gone.
func (c *Client) Quit(ctx context.Context) error {
	_, err := call[api.State](ctx, c, http.MethodPost, api.PathQuit, nil)
	return err
}

// EventLog copies the event log to w as JSON lines.
func (c *Client) EventLog(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := c.send(ctx, http.MethodGet, api.PathLog, nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if _, err := io.Copy(w, r.Body); err != nil {
		return fmt.Errorf("the event log is cut short: %w", err)
	}
	return nil
}

// Watch calls f with the state now and after each change, until f returns an error (which it returns), ctx ends or
// the daemon does (NotRunning). States may be left out when f is slow; the newest always comes. Connecting again is
// up to the caller.
func (c *Client) Watch(ctx context.Context, f func(api.State) error) error {
	where := api.PathEvents
	if c.Open != nil {
		where += "?" + api.QueryOpens
	}
	r, err := c.send(ctx, http.MethodGet, where, nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	lines.Buffer(nil, maxLine)
	name := "" // of the event, which states do not have
	for lines.Scan() {
		if event, ok := bytes.CutPrefix(lines.Bytes(), []byte("event: ")); ok {
			name = string(event)
		}
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		if name != "" {
			c.other(ctx, name, data)
			name = ""
			continue
		}
		var s api.State
		if err := json.Unmarshal(data, &s); err != nil {
			return fmt.Errorf("the daemon sent something else than a state: %w", err)
		}
		if err := f(s); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("the daemon sent a state of more than %d bytes", maxLine)
	}
	return &NotRunning{Ended: true}
}

// other takes in an event that is no state.
func (c *Client) other(ctx context.Context, name string, data []byte) {
	var asked api.PageLink
	if name != api.EventOpen || c.Open == nil || json.Unmarshal(data, &asked) != nil {
		return
	}
	go func() {
		if c.Open(asked.Link) != nil {
			_, _ = c.Page(ctx, api.PageRequest{Failed: asked.Link}) // without a word it gives up a little later
		}
	}()
}

// Page brings the page into sight.
func (c *Client) Page(ctx context.Context, r api.PageRequest) (api.PageLink, error) {
	return call[api.PageLink](ctx, c, http.MethodPost, api.PathPage, r)
}

// call sends a request and decodes the answer.
func call[T any](ctx context.Context, c *Client, method, path string, body any) (T, error) {
	var answer T
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := c.send(ctx, method, path, body)
	if err != nil {
		return answer, err
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		return answer, fmt.Errorf("the daemon's answer makes no sense: %w", err)
	}
	return answer, nil
}

// send sends a request and turns whatever is not a success into an error.
func (c *Client) send(ctx context.Context, method, path string, body any) (*http.Response, error) {
	request, err := newRequest(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	r, err := c.http.Do(request)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	if r.StatusCode == http.StatusOK {
		return r, nil
	}
	defer r.Body.Close()
	var refused api.Error
	if err := json.NewDecoder(r.Body).Decode(&refused); err != nil || refused.Error.Message == "" {
		return nil, fmt.Errorf("the daemon answers %s", r.Status)
	}
	return nil, &Error{refused.Error}
}

func newRequest(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(text)
	}
	// The host is the one name the daemon answers to.
	r, err := http.NewRequestWithContext(ctx, method, "http://unhunch"+path, content)
	if err != nil {
		return nil, err
	}
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// explain says what a failed connection means to the person.
func (c *Client) explain(ctx context.Context, err error) error {
	var timeout net.Error
	var network *net.OpError
	switch {
	case ctx.Err() == context.Canceled:
		return context.Canceled
	case nobodyThere(err):
		return &NotRunning{}
	case errors.As(err, &timeout) && timeout.Timeout():
		return silent()
	case errors.As(err, &network) && network.Op == "dial":
		return fmt.Errorf("the daemon cannot be reached: %w", err)
	}
	return c.hungUp(ctx, err)
}

// nobodyThere is how a socket sounds that no daemon listens on.
func nobodyThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED)
}

// hungUp says why a connection that stood brought no answer: the daemon was just ending, or has too many. What err is
// then depends on how far net/http had come, and for some of it there is no exported error.
func (c *Client) hungUp(ctx context.Context, err error) error {
	connection, gone := c.dial(ctx)
	if gone != nil {
		return &NotRunning{Ended: true}
	}
	connection.Close()
	if in, ok := errors.AsType[*url.Error](err); ok {
		err = in.Err // without the address, which is made up
	}
	return &Error{api.ErrorDetail{
		Code:    api.CodeFailed,
		Message: fmt.Sprintf("the daemon broke off before it answered: %v", err),
		Hint:    "it may be talking to too many programs at once: end some of those that watch it, and try again",
	}}
}
