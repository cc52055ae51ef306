package page

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/words"
)

// cookieName is the cookie's. Cookies know no ports: what else listens on 127.0.0.1 is sent it too. Where that is another
// user's, the cookie is of no use to them: see own.
const cookieName = "unhunch"

// A guard keeps out who has not been let in.
type guard struct {
	hosts  []string
	cookie string // the secret of whoever has shown a code
	origin *http.CrossOriginProtection

	mu    sync.Mutex
	codes map[string]time.Time // until when each works
	shown bool                 // one was, so that somebody has the cookie
}

func newGuard(hosts []string, cookie string) *guard {
	return &guard{hosts: hosts, cookie: cookie, origin: http.NewCrossOriginProtection(), codes: map[string]time.Time{}}
}

// newCode is a code that works once.
func (g *guard) newCode(now time.Time) string {
	code := secret()
	g.mu.Lock()
	defer g.mu.Unlock()
	for old, until := range g.codes {
		if now.After(until) {
			delete(g.codes, old)
		}
	}
	g.codes[code] = now.Add(codeLives)
	return code
}

// waiting says whether a code may still be shown.
func (g *guard) waiting(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, until := range g.codes {
		if now.Before(until) {
			return true
		}
	}
	return false
}

// use says whether the code works, which it then does no more.
func (g *guard) use(code string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	until, known := g.codes[code]
	delete(g.codes, code)
	return known && now.Before(until)
}

// letIn notes that somebody has the cookie.
func (g *guard) letIn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shown = true
}

// used says whether a browser was let in.
func (g *guard) used() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shown
}

// harden sets what every answer carries, errors too.
func harden(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// A closed door is an answer to somebody who is not let in: the status, and the words.
type closedDoor struct {
	status int
	words  string
}

// check is nil for a request that may be answered.
func (g *guard) check(r *http.Request) *closedDoor {
	switch {
	case !slices.Contains(g.hosts, r.Host):
		return &closedDoor{http.StatusMisdirectedRequest, words.PageForeignHost}
	case r.URL.Path == pathOpen:
		return nil // brings its own code
	case !g.knows(r):
		return &closedDoor{http.StatusForbidden, words.PageNoCookie}
	case g.origin.Check(r) != nil || foreign(r):
		return &closedDoor{http.StatusForbidden, words.PageForeignOrigin}
	}
	return nil
}

// knows says whether r shows the cookie.
func (g *guard) knows(r *http.Request) bool {
	for _, c := range r.CookiesNamed(cookieName) {
		if subtle.ConstantTimeCompare([]byte(c.Value), []byte(g.cookie)) == 1 {
			return true
		}
	}
	return false
}

// foreign says whether another site asks, also where it only wants to read: to a browser every port of 127.0.0.1 is the
// same site, and gets the cookie sent along.
func foreign(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none"
}

// open swaps a code for the cookie, and takes the code out of the address.
func (l *live) open(w http.ResponseWriter, r *http.Request) {
	if !l.guard.use(r.URL.Query().Get("code"), time.Now()) {
		refuse(w, closedDoor{http.StatusForbidden, words.PageCodeUsed})
		return
	}
	l.guard.letIn()
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: l.guard.cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func refuse(w http.ResponseWriter, d closedDoor) { http.Error(w, d.words, d.status) }
