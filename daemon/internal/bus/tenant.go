package bus

import (
	"context"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

// The bus's own name and object.
const (
	driver     = "org.freedesktop.DBus"
	driverPath = dbus.ObjectPath("/org/freedesktop/DBus")
)

// backlog is how many signals may wait for a tenant. More than a desktop sends while one call runs into its
// deadline; a flood beyond it costs the tenant a fresh look, never memory. (godbus alone would start a goroutine
// for every signal that is not taken at once.)
const backlog = 64

// A Match picks signals; an empty field picks any. Sender may be a well-known name: the bus then compares owners,
// but a peer can also send a signal straight to us, past all matches, so a tenant checks the sender itself.
type Match struct {
	Sender, Path, PathNamespace, Interface, Member, Arg0 string
}

// OwnerChanges picks the signals that tell of name getting, changing or losing its owner. They are sure to be the
// bus's own.
func OwnerChanges(name string) Match {
	return Match{Sender: driver, Interface: driver, Member: "NameOwnerChanged", Arg0: name}
}

// NewOwner reads a signal picked by OwnerChanges: the unique name that now owns name, "" for nobody. ok is false
// for any other signal.
func NewOwner(s *dbus.Signal, name string) (owner string, ok bool) {
	if s.Sender != driver || s.Name != driver+".NameOwnerChanged" || len(s.Body) != 3 || s.Body[0] != name {
		return "", false
	}
	owner, ok = s.Body[2].(string)
	return owner, ok
}

// rule is the match in the bus's own notation.
func (m Match) rule() string {
	rule := "type='signal'"
	for _, part := range [][2]string{
		{"sender", m.Sender},
		{"path", m.Path},
		{"path_namespace", m.PathNamespace},
		{"interface", m.Interface},
		{"member", m.Member},
		{"arg0", m.Arg0},
	} {
		if part[1] != "" {
			rule += "," + part[0] + "='" + part[1] + "'"
		}
	}
	return rule
}

// fits tells whether a signal that has arrived is one the match asked for: all tenants share one stream.
func (m Match) fits(s *dbus.Signal) bool {
	iface, member := "", s.Name
	if dot := strings.LastIndexByte(s.Name, '.'); dot >= 0 {
		iface, member = s.Name[:dot], s.Name[dot+1:]
	}
	path := string(s.Path)
	return (m.Sender != driver || s.Sender == driver) &&
		(m.Path == "" || m.Path == path) &&
		(m.PathNamespace == "" || m.PathNamespace == path || strings.HasPrefix(path, m.PathNamespace+"/")) &&
		(m.Interface == "" || m.Interface == iface) &&
		(m.Member == "" || m.Member == member) &&
		(m.Arg0 == "" || len(s.Body) > 0 && s.Body[0] == m.Arg0)
}

// A lodger is a tenant and its goroutine.
type lodger struct {
	tenant  Tenant
	matches []Match
	lives   chan *life // at most one, the newest
}

// moveIn hands over the newest life; one that the tenant never got round to is forgotten.
func (l *lodger) moveIn(next *life) {
	select {
	case <-l.lives:
	default:
	}
	l.lives <- next
}

func (l *lodger) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case life := <-l.lives:
			life.spend(l.tenant)
			if ctx.Err() == nil {
				l.tenant.Lost(context.Cause(life.ctx))
			}
		}
	}
}

// A life is a tenant's time on one connection.
type life struct {
	ctx      context.Context
	matches  []Match
	signals  chan *dbus.Signal
	overflow chan struct{}
}

func newLife(ctx context.Context, matches []Match) *life {
	return &life{ctx, matches, make(chan *dbus.Signal, backlog), make(chan struct{}, 1)}
}

// spend serves the tenant until the connection ends; on one that has ended already it returns at once.
func (l *life) spend(t Tenant) {
	if l.ctx.Err() != nil {
		return
	}
	t.Connected(l.ctx)
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-l.overflow:
			l.forget()
			t.Connected(l.ctx)
		case s := <-l.signals:
			t.Signal(l.ctx, s)
		}
	}
}

// forget empties the queue: what is in it is older than what was dropped.
func (l *life) forget() {
	for {
		select {
		case <-l.signals:
		default:
			return
		}
	}
}

func (l *life) put(s *dbus.Signal) {
	select {
	case l.signals <- s:
	default:
		select {
		case l.overflow <- struct{}{}:
		default:
		}
	}
}

// A post delivers the signals of one connection. It runs on the connection's reader and never waits.
type post struct {
	lives []*life
	ears  *ears
}

// DeliverSignal implements dbus.SignalHandler.
func (p post) DeliverSignal(_, _ string, s *dbus.Signal) {
	for _, l := range p.lives {
		if fitsAny(l.matches, s) {
			l.put(s)
		}
	}
	p.ears.hear(s)
}

func fitsAny(matches []Match, s *dbus.Signal) bool {
	return slices.ContainsFunc(matches, func(m Match) bool { return m.fits(s) })
}
