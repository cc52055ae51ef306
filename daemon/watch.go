package daemon

import (
	"bytes"
	"context"
	"crypto/sha256"

	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/watch"
)

// watchFiles takes the settings, the own files and the time zone into use whenever they change.
func (d *daemon) watchFiles(ctx context.Context) error {
	subjects := []watch.Subject{config.Watched(d.cfgPath, d.reload)}
	if folder, err := OwnFolder(); err == nil {
		subjects = append(subjects, watch.Subject{
			Path: folder, Files: func() []string { return ownFiles(folder) },
			Look: func() [sha256.Size]byte { return fingerprint(readOwn(folder)) },
			Changed: func() {
				for _, e := range d.loadOwn() {
					d.loop.post(e)
				}
			},
		})
	}
	if path, ok := clock.ZoneFile(); ok {
		subjects = append(subjects, zoneSubject(path, clock.LocalZone, d.zoneChanged))
	}
	d.mild("changes of settings, own exercises and time zone", watch.Watch(ctx, subjects...))
	return nil
}

// zoneSubject is the time zone of the machine. Some tools remove the old link before they make the new one: what cannot
// be read, or stays as it was, is no change.
func zoneSubject(path string, read func() (clock.Zone, error), changed func(clock.Zone)) watch.Subject {
	last, _ := read()
	return watch.Subject{
		Path: path,
		Look: func() [sha256.Size]byte {
			zone, _ := read()
			return sha256.Sum256(append([]byte(zone.Name+"\n"), zone.TZif...))
		},
		Changed: func() {
			zone, err := read()
			if err != nil || zone.Name == last.Name && bytes.Equal(zone.TZif, last.TZif) {
				return
			}
			last = zone
			changed(zone)
		},
	}
}

func (d *daemon) zoneChanged(zone clock.Zone) { d.loop.post(core.Event{Zone: &zone}) }
