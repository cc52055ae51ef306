package page

import (
	"encoding/json"
	"net"
	"os"
	"strconv"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// keptFormat is the format of what is kept.
const keptFormat = 1

// A kept is what a page that is open needs to be answered by the next daemon, so that a restart does not cost the person
// their page. It lies beside the daemon's socket, for this user's eyes alone, and is gone when the page is closed.
type kept struct {
	Format int    `json:"format"`
	Port   int    `json:"port"`
	Cookie string `json:"cookie"`
}

// keep writes down what this listener is known by. Where that fails a restart costs the page, and no more.
func (l *live) keep() {
	if l.page.File == "" {
		return
	}
	k := kept{keptFormat, l.listener.Addr().(*net.TCPAddr).Port, l.guard.cookie}
	text, err := json.Marshal(k)
	if err == nil {
		err = files.WriteAtomic(l.page.File, text)
	}
	if err != nil {
		l.page.Log.Debug("the page would not survive a restart", "error", err)
	}
}

// forget takes back what keep wrote.
func (p *Page) forget() {
	if p.File != "" {
		_ = os.Remove(p.File) // where it stays, the next daemon listens for ten minutes, to nobody
	}
}

// resume answers the pages that the daemon before this one has left open. A port that somebody else has taken meanwhile
// is theirs, and the cookie, which they may have been sent, is worth nothing any more.
func (p *Page) resume() {
	if p.File == "" {
		return
	}
	var k kept
	text, err := os.ReadFile(p.File)
	if err != nil {
		return // no page was open
	}
	p.forget()
	if json.Unmarshal(text, &k) != nil || k.Format != keptFormat || k.Port <= 0 || len(k.Cookie) < len(secret()) {
		return
	}
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(k.Port)))
	if err != nil {
		p.Log.Debug("the page cannot be resumed", "error", err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live != nil || p.begin(listener, k.Cookie) != nil {
		listener.Close()
		return
	}
	p.live.guard.letIn() // by somebody whose page is about to connect again
}
