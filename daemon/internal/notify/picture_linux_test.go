package notify

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// checkered is a picture of two by two pixels.
func checkered() *Picture {
	return &Picture{2, 2, []byte{255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 128}}
}

func TestPicture(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, append(full, "icon-static")...)
	r := newRig(t, d, false)
	note := prompt()
	note.Picture = checkered
	r.Show(note)
	var got rawImage
	if err := dbus.Store([]any{f.waitShown(1).hints["image-data"].Value()}, &got); err != nil {
		t.Fatal(err)
	}
	if got.Width != 2 || got.Height != 2 || got.RowStride != 8 || !got.Alpha || got.BitsPerSample != 8 || got.Channels != 4 ||
		string(got.Data) != string(checkered().RGBA) {
		t.Errorf("got %+v", got)
	}
	note.Picture = func() *Picture { return nil }
	r.Show(note)
	if _, ok := f.waitShown(2).hints["image-data"]; ok {
		t.Error("a picture of nothing")
	}
}

// TestPictureIsDrawnForThoseWhoShowIt is a server of text alone.
func TestPictureIsDrawnForThoseWhoShowIt(t *testing.T) {
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	var drawn atomic.Bool
	note := prompt()
	note.Picture = func() *Picture { drawn.Store(true); return checkered() }
	r.Show(note)
	if _, ok := f.waitShown(1).hints["image-data"]; ok || drawn.Load() {
		t.Error("drawn in vain")
	}
}

// fakePlayer puts a player of the sound theme first in the path, and says what it was asked to play.
func fakePlayer(t *testing.T) (played func() string) {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\necho \"$@\" >>" + dir + "/played\n"
	if err := os.WriteFile(filepath.Join(dir, "canberra-gtk-play"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return func() string {
		all, _ := os.ReadFile(filepath.Join(dir, "played"))
		return strings.ReplaceAll(string(all), "\n", " ")
	}
}

func TestSoundOfAServerThatPlays(t *testing.T) {
	played := fakePlayer(t)
	d := startBus(t)
	f := newFake(t, d, append(full, "sound")...)
	r := newRig(t, d, false)
	note := prompt()
	note.Sound = "bell"
	note.Seen = "it"
	r.Show(note)
	got := f.waitShown(1)
	if got.hints["sound-name"].Value() != "bell" || got.hints["suppress-sound"].Value() != nil {
		t.Errorf("the hints are %v", got.hints)
	}
	note.Sound = ""
	r.Show(note)
	got = f.waitShown(2)
	if got.hints["sound-name"].Value() != nil || got.hints["suppress-sound"].Value() != true {
		t.Errorf("without a sound the hints are %v", got.hints)
	}
	r.until("both to be shown", func() bool { return len(r.got()) == 2 })
	if played() != "" {
		t.Errorf("heard twice: %s", played())
	}
}

func TestSoundOfAServerThatDoesNot(t *testing.T) {
	played := fakePlayer(t)
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	note := prompt()
	note.Sound = "bell"
	r.Show(note)
	if got := f.waitShown(1); got.hints["sound-name"].Value() != nil || got.hints["suppress-sound"].Value() != true {
		t.Errorf("the hints are %v", got.hints)
	}
	r.until("the sound", func() bool { return played() == "--id=bell " })
}

// TestSoundWithoutServer: who is guided in the terminal of the daemon hears it too.
func TestSoundWithoutServer(t *testing.T) {
	played := fakePlayer(t)
	d := startBus(t)
	r := newRig(t, d, true)
	note := prompt()
	note.Sound = "bell"
	r.Show(note)
	r.until("the sound", func() bool { return played() == "--id=bell " })
}

// TestRefreshShowsNothingNew: what the person has closed does not come back only to be heard.
func TestRefreshShowsNothingNew(t *testing.T) {
	played := fakePlayer(t)
	d := startBus(t)
	f := newFake(t, d, full...)
	r := newRig(t, d, false)
	note, again := prompt(), prompt()
	again.Refresh, again.Sound = true, "bell"
	note.Seen = "s1"
	r.Show(note)
	first := f.waitShown(1)
	shown := Answer{"prompt", Shown, "s1"}
	r.wantAnswers(shown) // until then there is nothing to take the place of
	r.Show(again)
	if got := f.waitShown(2); got.replaces != first.id {
		t.Errorf("replaced %d, want %d", got.replaces, first.id)
	}
	r.until("the sound", func() bool { return played() == "--id=bell " })
	f.emit("NotificationClosed", first.id, uint32(2))
	r.wantAnswers(shown, Answer{"prompt", Closed, ""})
	r.until("the player to be free", func() bool { return !r.player.playing.Load() })
	r.Show(again)
	r.until("the sound again", func() bool { return played() == "--id=bell --id=bell " })
	if n := len(f.notes()); n != 2 {
		t.Errorf("%d notes were shown, want 2", n)
	}
}

// TestSoundFile plays by file where nothing knows themes.
func TestSoundFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv("XDG_DATA_DIRS", dir+"/none:"+dir)
	if err := play("bell"); err == nil || !strings.Contains(err.Error(), "sound theme") {
		t.Errorf("without a theme: %v", err)
	}
	file := filepath.Join(dir, "sounds", "freedesktop", "stereo", "bell.oga")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := play("bell"); err == nil || !strings.Contains(err.Error(), "paplay") {
		t.Errorf("without a player: %v", err)
	}
	script := "#!/bin/sh\necho \"$@\" >" + dir + "/played\n"
	if err := os.WriteFile(filepath.Join(dir, "paplay"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	if err := play("bell"); err != nil {
		t.Errorf("after %v: %v", time.Since(started), err)
	}
	if got, _ := os.ReadFile(dir + "/played"); strings.TrimSpace(string(got)) != file {
		t.Errorf("played %q", got)
	}
}
