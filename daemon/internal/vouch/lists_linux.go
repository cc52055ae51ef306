package vouch

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/unhunch/unhunch/daemon/internal/bus"
)

// The services that list what keeps the screen on, and what they are asked for.
const (
	gnomeName      = "org.gnome.SessionManager"
	gnomePath      = "/org/gnome/SessionManager"
	gnomeInhibitor = gnomeName + ".Inhibitor"
	// gnomeIdle is the flag of what keeps the session from being taken for idle. The others are about logging out and
	// sleeping.
	gnomeIdle uint32 = 8

	kdeName = "org.kde.Solid.PowerManagement.PolicyAgent"
	kdePath = "/org/kde/Solid/PowerManagement/PolicyAgent"
	// kdeScreen is the type of what keeps the screen as it is.
	kdeScreen uint32 = 4

	logindName    = "org.freedesktop.login1"
	logindPath    = "/org/freedesktop/login1"
	logindManager = logindName + ".Manager"
	// Of logind's locks those for “idle” that block are about somebody who is there without input.
	logindIdle, logindBlock = "idle", "block"

	properties = "org.freedesktop.DBus.Properties"
)

// onBuses are the lists on these buses. Their signals make r look again.
func onBuses(session, system *bus.Bus, r *Room) []source {
	session.Attach((*tenant)(r),
		bus.OwnerChanges(gnomeName),
		bus.Match{Sender: gnomeName, Path: gnomePath, Interface: gnomeName, Member: "InhibitorAdded"},
		bus.Match{Sender: gnomeName, Path: gnomePath, Interface: gnomeName, Member: "InhibitorRemoved"},
		bus.OwnerChanges(kdeName),
		bus.Match{Sender: kdeName, Path: kdePath, Interface: kdeName, Member: "InhibitionsChanged"})
	system.Attach((*tenant)(r),
		bus.OwnerChanges(logindName),
		bus.Match{Sender: logindName, Path: logindPath, Interface: properties, Arg0: logindManager})
	return []source{
		{kind: gnomeName, look: gnome{session}.look}, {kind: kdeName, look: kde{session}.look}, {kind: logindName, look: logind{system}.look},
	}
}

// A tenant is a Room as the buses see it: whatever happens there is only a reason to look.
type tenant Room

func (t *tenant) Connected(context.Context)            { (*Room)(t).Changed() }
func (t *tenant) Signal(context.Context, *dbus.Signal) { (*Room)(t).Changed() }
func (t *tenant) Lost(error)                           { (*Room)(t).Changed() }

// find finds a service that runs. It is then called by its unique name: nothing is started by being asked. running is false
// where there is none.
func find(ctx context.Context, b *bus.Bus, name string) (owner string, running bool, err error) {
	if b.Err() != nil {
		return "", false, nil // no bus, no list; the doctor has a line for the bus itself
	}
	owner, err = b.Owner(ctx, name)
	return owner, owner != "", err
}

type gnome struct{ *bus.Bus }

func (g gnome) look(ctx context.Context) ([]Thing, error) {
	owner, running, err := find(ctx, g.Bus, gnomeName)
	if !running {
		return nil, err
	}
	var any bool
	if err := g.Call(ctx, owner, gnomePath, gnomeName+".IsInhibited", gnomeIdle).Store(&any); err != nil || !any {
		return nil, err
	}
	var paths []dbus.ObjectPath
	if err := g.Call(ctx, owner, gnomePath, gnomeName+".GetInhibitors").Store(&paths); err != nil {
		return nil, err
	}
	var all []Thing
	for _, path := range paths[:min(len(paths), mostFound)] {
		var flags uint32
		var app string
		if err := g.Call(ctx, owner, path, gnomeInhibitor+".GetFlags").Store(&flags); err != nil || flags&gnomeIdle == 0 {
			continue // it has just ended, or is about something else
		}
		_ = g.Call(ctx, owner, path, gnomeInhibitor+".GetAppId").Store(&app) // without one it has no name
		all = append(all, Thing{owner + string(path), app})
	}
	return all, ctx.Err()
}

type kde struct{ *bus.Bus }

func (k kde) look(ctx context.Context) ([]Thing, error) {
	owner, running, err := find(ctx, k.Bus, kdeName)
	if !running {
		return nil, err
	}
	var any bool
	if err := k.Call(ctx, owner, kdePath, kdeName+".HasInhibition", kdeScreen).Store(&any); err != nil || !any {
		return nil, err
	}
	var listed []struct{ Who, Why string }
	if err := k.Call(ctx, owner, kdePath, kdeName+".ListInhibitions").Store(&listed); err != nil {
		return nil, err
	}
	all := []Thing{}
	for _, l := range listed {
		all = append(all, Thing{owner + "\x00" + l.Who + "\x00" + l.Why, l.Who})
	}
	return all, nil
}

type logind struct{ *bus.Bus }

func (l logind) look(ctx context.Context) ([]Thing, error) {
	owner, running, err := find(ctx, l.Bus, logindName)
	if !running {
		return nil, err
	}
	var listed []struct {
		What, Who, Why, Mode string
		UID, PID             uint32
	}
	if err := l.Call(ctx, owner, logindPath, logindManager+".ListInhibitors").Store(&listed); err != nil {
		return nil, err
	}
	var all []Thing
	for _, i := range listed {
		if i.UID != uint32(os.Getuid()) || i.Mode != logindBlock {
			continue // somebody else's film
		}
		for what := range strings.SplitSeq(i.What, ":") {
			if what == logindIdle {
				all = append(all, Thing{strings.Join([]string{owner, i.Who, i.Why, strconv.Itoa(int(i.PID))}, "\x00"), i.Who})
			}
		}
	}
	return all, nil
}
