package presence

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/godbus/dbus/v5"
)

var errNoSession = errors.New("logind knows no session of this user")

// sessionProps are the properties of a session.
type sessionProps map[string]dbus.Variant

func (p sessionProps) is(name string) bool {
	value, _ := p[name].Value().(bool)
	return value
}

func (p sessionProps) text(name string) string {
	value, _ := p[name].Value().(string)
	return value
}

// graphical tells a desktop from a text console or a remote shell.
func (p sessionProps) graphical() bool {
	kind := p.text("Type")
	return kind == "x11" || kind == "wayland" || kind == "mir"
}

// desk says that somebody can sit at it: not a shell on another machine's behalf, nor what is left of a session after
// its person has logged out.
func (p sessionProps) desk() bool {
	return p.text("State") != "closing" && (p.graphical() || !p.is("Remote"))
}

// find picks the session of the person at the screen: the one that our X display belongs to; else the one logind calls
// the user's display; else the one it calls ours (newer versions fall back to the display there); else the best of all
// the user has. An error is one of silence when the last of them met the deadline.
func (l *Logind) find(ctx context.Context) (dbus.ObjectPath, sessionProps, error) {
	for _, pick := range []func(context.Context) (dbus.ObjectPath, error){l.display, l.auto, l.best} {
		path, err := pick(ctx)
		if ctx.Err() != nil {
			return "", nil, context.Cause(ctx)
		}
		if err != nil {
			continue
		}
		if props, err := l.props(ctx, path); err == nil && props.desk() {
			return path, props, nil
		}
	}
	if ctx.Err() != nil {
		return "", nil, context.Cause(ctx)
	}
	return "", nil, errNoSession
}

func (l *Logind) call(ctx context.Context, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return l.system.Call(ctx, logindName, path, method, args...)
}

func (l *Logind) props(ctx context.Context, path dbus.ObjectPath) (sessionProps, error) {
	var props sessionProps
	err := l.call(ctx, path, properties+".GetAll", logindSession).Store(&props)
	return props, err
}

// A handle is an id and an object, as logind gives them in pairs.
type handle struct {
	ID   string
	Path dbus.ObjectPath
}

// display asks logind for the user's display session. Of several it is the first, which may be a locked one at the
// office while the person works in another from home: what our own display belongs to goes before it.
func (l *Logind) display(ctx context.Context) (dbus.ObjectPath, error) {
	var path dbus.ObjectPath
	if err := l.call(ctx, logindPath, logindManager+".GetUser", uint32(os.Getuid())).Store(&path); err != nil {
		return "", err
	}
	var user map[string]dbus.Variant
	if err := l.call(ctx, path, properties+".GetAll", logindName+".User").Store(&user); err != nil {
		return "", err
	}
	var all []handle
	if err := user["Sessions"].Store(&all); err == nil && len(all) > 1 && l.screen != "" {
		for _, s := range all {
			props, err := l.props(ctx, s.Path)
			if err == nil && props.desk() && xDisplay(props.text("Display")) == l.screen {
				return s.Path, nil
			}
		}
	}
	var display handle
	if err := user["Display"].Store(&display); err != nil {
		return "", err
	}
	if display.ID == "" {
		return "", errNoSession
	}
	return display.Path, nil
}

// xDisplay is the name of an X display without that of a screen of it: “:0” for “:0.0”.
func xDisplay(name string) string {
	if colon := strings.LastIndexByte(name, ':'); colon >= 0 {
		if dot := strings.IndexByte(name[colon:], '.'); dot >= 0 {
			return name[:colon+dot]
		}
	}
	return name
}

// auto resolves the alias: signals come from the session's own object.
func (l *Logind) auto(ctx context.Context) (dbus.ObjectPath, error) {
	props, err := l.props(ctx, logindPath+"/session/auto")
	if err != nil {
		return "", err
	}
	var path dbus.ObjectPath
	err = l.call(ctx, logindPath, logindManager+".GetSession", props.text("Id")).Store(&path)
	return path, err
}

// best prefers a session that is active, then one that is graphical. Greeters and the user's manager are no place
// to sit.
func (l *Logind) best(ctx context.Context) (dbus.ObjectPath, error) {
	var all []struct {
		ID   string
		UID  uint32
		User string
		Seat string
		Path dbus.ObjectPath
	}
	if err := l.call(ctx, logindPath, logindManager+".ListSessions").Store(&all); err != nil {
		return "", err
	}
	found, most := dbus.ObjectPath(""), 0
	for _, s := range all {
		if s.UID != uint32(os.Getuid()) {
			continue
		}
		props, err := l.props(ctx, s.Path)
		if err != nil || !strings.HasPrefix(props.text("Class"), "user") || !props.desk() {
			continue
		}
		points := 1
		if props.is("Active") {
			points += 2
		}
		if props.graphical() {
			points++
		}
		if points > most {
			found, most = s.Path, points
		}
	}
	if found == "" {
		return "", errNoSession
	}
	return found, nil
}
