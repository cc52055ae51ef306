// Package bus keeps one supervised connection to each D-Bus bus, shared by every room that talks to it.
//
// A room becomes a Tenant: it is told when there is a connection, gets the signals it asked for on a goroutine of
// its own, and is told when the connection is lost. The bus is redialed for as long as the daemon runs. One
// connection for all is a promise to the desktop: a break reminder that opened one per look has frozen whole
// sessions (stretchly#1393).
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// ErrNotConnected is the error of a call while there is no connection.
var ErrNotConnected = errors.New("not connected to the bus")

var errLost = errors.New("the bus closed the connection")

const (
	// callTimeout bounds a call whose context has no deadline. godbus by itself waits for ever.
	callTimeout = 5 * time.Second
	// dialTimeout bounds connecting, saying hello and subscribing together.
	dialTimeout = 5 * time.Second
	// The first retry comes at once for a bus that was merely restarted; a bus that stays away costs one dial a minute.
	firstRetry, slowestRetry = 100 * time.Millisecond, time.Minute
	// steadyAfter is how long a connection must have lasted for the next retry to be a first one again.
	steadyAfter = 2 * time.Second
)

// A Tenant lives on a Bus. Its methods are called one at a time, on a goroutine that is the tenant's own, so a slow
// tenant holds up nobody else. ctx ends when the connection does.
type Tenant interface {
	// Connected says that the tenant's subscriptions are in place and that now is the time to read what it wants
	// to know. It comes again, without Lost in between, when the tenant fell so far behind that signals were
	// dropped: what it read before may be stale.
	Connected(ctx context.Context)
	// Signal brings one signal. The bus vouches for Sender being a unique name, not for whose it is.
	Signal(ctx context.Context, s *dbus.Signal)
	// Lost says why there is no connection: once when it was lost, or when the first attempt failed.
	Lost(why error)
}

// A Bus is one message bus. Make it with Session or System, Attach the tenants, then Run it.
type Bus struct {
	name    string
	address func() (string, error)
	log     *slog.Logger
	tenants []*lodger
	ears    ears

	mu   sync.Mutex
	conn *dbus.Conn // nil while there is no connection
	err  error      // why not, nil while there is one
}

// Session is the user's session bus, at DBUS_SESSION_BUS_ADDRESS or else $XDG_RUNTIME_DIR/bus.
func Session(log *slog.Logger) *Bus { return newBus("session", sessionAddress, log) }

// System is the machine's system bus, at DBUS_SYSTEM_BUS_ADDRESS or else its well-known place.
func System(log *slog.Logger) *Bus { return newBus("system", systemAddress, log) }

func newBus(name string, address func() (string, error), log *slog.Logger) *Bus {
	return &Bus{name: name, address: address, log: log.With("bus", name), err: ErrNotConnected}
}

// Attach gives t the signals that fit any of the matches. Not to be called once the bus runs.
func (b *Bus) Attach(t Tenant, matches ...Match) {
	b.tenants = append(b.tenants, &lodger{tenant: t, matches: matches, lives: make(chan *life, 1)})
}

// Err is nil while there is a connection, and otherwise says why there is none.
func (b *Bus) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// Call calls a method, "interface.Member", and waits for the answer until ctx ends, or for five seconds when ctx has
// no deadline. The error is in the Call; it is ErrNotConnected while there is no connection.
func (b *Bus) Call(ctx context.Context, dest string, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	b.mu.Lock()
	conn := b.conn
	b.mu.Unlock()
	if conn == nil {
		return &dbus.Call{Err: ErrNotConnected}
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTimeout)
		defer cancel()
	}
	return conn.Object(dest, path).CallWithContext(ctx, method, 0, args...)
}

// Owner is the unique name of the peer that owns name, or "" when nobody does. It never starts a service.
func (b *Bus) Owner(ctx context.Context, name string) (string, error) {
	var owner string
	err := b.Call(ctx, driver, driverPath, driver+".GetNameOwner", name).Store(&owner)
	var refused dbus.Error
	if errors.As(err, &refused) && refused.Name == "org.freedesktop.DBus.Error.NameHasNoOwner" {
		return "", nil
	}
	return owner, err
}

// Run connects, and connects again whenever the connection is lost, until ctx ends. It returns nil.
func (b *Bus) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for _, l := range b.tenants {
		wg.Go(func() { l.run(ctx) })
	}
	delay := firstRetry
	for ctx.Err() == nil {
		began := time.Now()
		b.stay(ctx)
		if time.Since(began) > steadyAfter {
			delay = firstRetry
		}
		if appeared := b.await(ctx, jitter(delay)); appeared {
			delay = firstRetry
		} else {
			delay = min(2*delay, slowestRetry)
		}
	}
	return nil
}

// stay connects and lets the tenants live on the connection until it ends.
func (b *Bus) stay(ctx context.Context) {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	lives := make([]*life, len(b.tenants))
	for i, l := range b.tenants {
		lives[i] = newLife(ctx, l.matches)
	}
	conn, err := b.connect(ctx, lives)
	if err == nil {
		b.set(conn, nil)
		b.moveIn(lives)
		select {
		case <-conn.Context().Done():
			err = errLost
		case <-ctx.Done():
			err = ctx.Err()
		}
		_ = conn.Close()
		b.set(nil, err)
		end(err)
		return
	}
	end(err)
	if news := b.set(nil, err); news {
		b.moveIn(lives) // which have ended already: the tenants are told why
	}
}

func (b *Bus) moveIn(lives []*life) {
	for i, l := range b.tenants {
		l.moveIn(lives[i])
	}
}

// set notes the connection or why there is none. It tells whether a failure is the first one, and logs only changes:
// a bus that stays away must not fill the journal.
func (b *Bus) set(conn *dbus.Conn, err error) (news bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil:
		b.log.Debug("connected")
	case errors.Is(err, context.Canceled): // hung up by us
	case b.conn != nil && !errors.Is(err, context.Canceled): // which is the daemon's own end
		b.log.Info("connection lost", "err", err)
	case errors.Is(b.err, ErrNotConnected):
		b.log.Info("no connection yet", "err", err)
		news = true
	}
	b.conn, b.err = conn, err
	return news
}

// connect dials, says hello and subscribes. A bus that accepts the connection and then says nothing is given up
// after dialTimeout.
func (b *Bus) connect(ctx context.Context, lives []*life) (*dbus.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	address, err := b.address()
	if err != nil {
		return nil, err
	}
	sock, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	conn, err := dbus.NewConn(newPipe(sock), dbus.WithSignalHandler(post{lives, &b.ears}))
	if err != nil {
		_ = sock.Close()
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	err = b.greet(ctx, conn)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("the %s bus at %s does not let us in: %w", b.name, address, err)
	}
	return conn, nil
}

func (b *Bus) greet(ctx context.Context, conn *dbus.Conn) error {
	me := strconv.Itoa(os.Geteuid())
	if err := conn.Auth([]dbus.Auth{dbus.AuthExternal(me)}); err != nil {
		return err
	}
	if err := conn.Hello(); err != nil {
		return err
	}
	for _, l := range b.tenants {
		for _, m := range l.matches {
			if err := conn.BusObject().CallWithContext(ctx, driver+".AddMatch", 0, m.rule()).Err; err != nil {
				return fmt.Errorf("subscribing to %s: %w", m.rule(), err)
			}
		}
	}
	return nil
}

// jitter spreads d by a fifth, so that the daemons of many users do not knock together.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}
