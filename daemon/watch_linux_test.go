package daemon

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/internal/clock"
	"github.com/unhunch/unhunch/daemon/internal/watch"
)

// TestZoneChanges moves a machine's zone as tools do, by a new link and by new rules behind it, and hears of each change
// once.
func TestZoneChanges(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "localtime")
	point := func(zone string) {
		t.Helper()
		if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(dir, "zoneinfo", zone), link); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(dir, "zoneinfo", "Land", "East"), "east")
	put(t, filepath.Join(dir, "zoneinfo", "Isle", "West"), "west")
	point("Land/East")
	read := func() (clock.Zone, error) {
		rules, err := os.ReadFile(link)
		name, _ := os.Readlink(link)
		return clock.Zone{Name: filepath.Base(name), TZif: rules}, err
	}
	changes := make(chan clock.Zone, 8)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	subject := zoneSubject(link, read, func(z clock.Zone) { changes <- z })
	watching := make(chan struct{})
	look, first := subject.Changed, sync.OnceFunc(func() { close(watching) })
	subject.Changed = func() { look(); first() }
	go func() { ended <- watch.Watch(ctx, subject) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	<-watching
	for _, c := range []struct {
		what string
		make func()
		want string
	}{
		{"a new link", func() { point("Isle/West") }, "West west"},
		{"new rules", func() { put(t, filepath.Join(dir, "zoneinfo", "Isle", "West"), "winter") }, "West winter"},
		{"the same link, then another", func() { point("Isle/West"); point("Land/East") }, "East east"},
	} {
		c.make()
		select {
		case z := <-changes:
			if got := z.Name + " " + string(z.TZif); got != c.want {
				t.Errorf("%s: %s, want %s", c.what, got, c.want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s was not noticed", c.what)
		}
	}
	if len(changes) > 0 {
		t.Errorf("told of %d more changes", len(changes))
	}
}
