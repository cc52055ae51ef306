package presence

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jezek/xgb"
)

var (
	errGone       = errors.New("the X connection ended")
	errNoIdleTime = errors.New("the X server has neither an IDLETIME counter nor the MIT-SCREEN-SAVER extension")
)

// basePort is the TCP port of display 0.
const basePort = 6000

// A display is where an X server listens.
type display struct {
	network, address string
	number           string
}

// parseDisplay reads names like ":0", "unix:0.0" and "host:10".
func parseDisplay(name string) (display, error) {
	host, number, found := strings.Cut(name, ":")
	number, _, _ = strings.Cut(number, ".") // the rest is a screen, and idle time is one for all of them
	n, err := strconv.ParseUint(number, 10, 16)
	if !found || err != nil || n > math.MaxUint16-basePort {
		return display{}, fmt.Errorf("%q is no X display; they look like \":0\"", name)
	}
	number = strconv.FormatUint(n, 10)
	if host == "" || host == "unix" {
		return display{network: "unix", address: "/tmp/.X11-unix/X" + number, number: number}, nil
	}
	port := strconv.FormatUint(basePort+n, 10)
	return display{network: "tcp", address: net.JoinHostPort(host, port), number: number}, nil
}

// socket is the file that a server listens on, empty where it is none of this machine's.
func (d display) socket() string {
	if d.network == "unix" {
		return d.address
	}
	return ""
}

// A server is a connection to a live X server. Requests may come from any goroutine.
type server struct {
	socket  net.Conn
	conn    *xgb.Conn
	asking  chan struct{} // capacity 1: holds a token while a question is out
	notices chan notice   // what the server tells unasked; closed when it is gone
	closed  chan struct{}
	err     error // why notices was closed

	root   uint32
	alarms alarms
	saver  extension
	dark   bool // when the connection was made

	watched watched
}

// xgb's core knows no single event and error by itself: xgb/xproto teaches it those of the protocol, by 15,000 lines
// that this sensor has no other use for. Registering everything here and once also keeps xgb's global maps unchanged
// while its goroutines read them. xgb logs each end of a connection; this package does so itself, in words.
func init() {
	xgb.Logger = log.New(io.Discard, "", 0)
	for n := 2; n < 128; n++ {
		ours := n == destroyNotify || n == unmapNotify || n == propertyNotify // in tests xproto has taught it these, too
		if xgb.NewEventFuncs[n] == nil || ours {
			xgb.NewEventFuncs[n] = func(b []byte) xgb.Event { return notice(b) }
		}
	}
	for n := 1; n < 256; n++ {
		if xgb.NewErrorFuncs[n] == nil || n == badWindow {
			xgb.NewErrorFuncs[n] = func(b []byte) xgb.Error { return refusal(b) }
		}
	}
}

// A notice is an event as it came over the wire.
type notice []byte

func (n notice) Bytes() []byte  { return n }
func (n notice) String() string { return fmt.Sprintf("X event %d", n.number()) }
func (n notice) number() byte   { return n[0] & 0x7f } // the top bit marks events made by other clients

// A refusal is an error reply as it came over the wire.
type refusal []byte

func (r refusal) SequenceId() uint16 { return xgb.Get16(r[2:]) }
func (r refusal) BadId() uint32      { return xgb.Get32(r[4:]) }
func (r refusal) Error() string {
	return fmt.Sprintf("error %d to request %d.%d about 0x%x", r[1], r[10], xgb.Get16(r[8:]), r.BadId())
}

// dial connects to the server at d and prepares it for questions and alarms. A frozen server accepts connections and
// says no more, so all of it must be done in answerTimeout.
func dial(ctx context.Context, d display) (*server, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	socket, err := new(net.Dialer).DialContext(ctx, d.network, d.address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { socket.Close() })
	defer stop()
	conn, err := xgb.NewConnNet(&greeter{Conn: socket, greeting: greeting(d)})
	if err != nil {
		socket.Close()
		return nil, cmp.Or(ctx.Err(), err) // a socket closed because time is up fails in many ways, none the cause
	}
	s := &server{
		socket: socket, conn: conn,
		asking:  make(chan struct{}, 1),
		notices: make(chan notice),
		closed:  make(chan struct{}),
	}
	go s.listen()
	if err := s.prepare(ctx); err != nil {
		s.close()
		return nil, cmp.Or(ctx.Err(), err)
	}
	return s, nil
}

// prepare finds the extensions, selects their events and reads the first state of the screen.
func (s *server) prepare(ctx context.Context) error {
	var err error
	if s.root, err = firstRoot(s.conn.SetupBytes); err != nil {
		return err
	}
	if s.alarms, err = s.findSync(ctx); err != nil {
		return err
	}
	if s.saver, err = s.extension(ctx, "MIT-SCREEN-SAVER"); err != nil {
		return err
	}
	if s.saver.present() {
		s.dark, err = s.watchSaver(ctx)
	} else if !s.hasAlarms() {
		err = errNoIdleTime
	}
	return err
}

// firstRoot finds the root window in the server's answer to the greeting.
func firstRoot(setup []byte) (uint32, error) {
	const fixed = 40 // up to the vendor's name
	if len(setup) < fixed {
		return 0, errors.New("the X server's greeting is cut short")
	}
	vendor, formats := int(xgb.Get16(setup[24:])), int(setup[29])
	screens := fixed + xgb.Pad(vendor) + 8*formats
	if len(setup) < screens+4 {
		return 0, errors.New("the X server's greeting names no screen")
	}
	return xgb.Get32(setup[screens:]), nil
}

// close ends the connection at once and with it all of its goroutines, also when the server is frozen, which xgb's own
// Close would wait for.
func (s *server) close() {
	close(s.closed)
	s.socket.Close()
	for range s.notices { // until listen has ended
	}
}

// listen passes the server's events on.
func (s *server) listen() {
	defer close(s.notices)
	for {
		event, refused := s.conn.WaitForEvent()
		if r, ok := refused.(refusal); ok && r.isClosedWindow() {
			continue
		}
		if refused != nil {
			s.err = refused
			return
		}
		if event == nil {
			s.err = errGone
			return
		}
		n, ok := event.(notice)
		if !ok { // an event that another package has taught xgb, none of ours
			continue
		}
		select {
		case s.notices <- n:
		case <-s.closed:
			s.err = errGone
			return
		}
	}
}

// ask sends a request and waits for its reply. Questions go one at a time, so that those asked of a frozen server
// leave no more than one goroutine behind; it ends with the connection.
func (s *server) ask(ctx context.Context, major, minor byte, body ...byte) ([]byte, error) {
	select {
	case s.asking <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	type answer struct {
		reply []byte
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-s.asking }()
		cookie := s.conn.NewCookie(true, true)
		s.conn.NewRequest(request(major, minor, body), cookie)
		reply, err := cookie.Reply()
		answers <- answer{reply, err}
	}()
	select {
	case a := <-answers:
		return a.reply, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// tell sends a request that has no reply. Should the server refuse it, the connection ends with that error.
func (s *server) tell(major, minor byte, body ...byte) {
	s.conn.NewRequest(request(major, minor, body), s.conn.NewCookie(false, false))
}

// request is a request in wire format, in the byte order xgb has greeted the server with.
func request(major, minor byte, body []byte) []byte {
	b := make([]byte, 4+xgb.Pad(len(body)))
	b[0], b[1] = major, minor
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)/4))
	copy(b[4:], body)
	return b
}

// words is the body of a request of 32-bit values.
func words(values ...uint32) []byte {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// hungUp tells whether the other side has ended the connection.
func hungUp(err error) bool {
	return errors.Is(err, errGone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func isTimeout(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)
}

// idle asks how long there has been no input.
func (s *server) idle(ctx context.Context) (time.Duration, error) {
	if s.hasAlarms() {
		return s.idleCounter(ctx)
	}
	return s.idleSaver(ctx)
}
