package notify

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// soundAtMost is how long a player may take: the sounds of the theme are of a second or two.
const soundAtMost = 10 * time.Second

// play plays a sound of the desktop's theme by whatever is installed. beeep would not do: on Linux it knows only the
// loudspeaker of the mainboard, and else writes a bell to an output that nobody looks at.
func play(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), soundAtMost)
	defer cancel()
	if canberra, err := exec.LookPath("canberra-gtk-play"); err == nil { // it knows which theme the person has chosen
		return exec.CommandContext(ctx, canberra, "--id="+name).Run()
	}
	file, ok := soundFile(name)
	if !ok {
		return errors.New("no sound theme is installed")
	}
	for _, program := range []string{"pw-play", "paplay"} {
		if path, err := exec.LookPath(program); err == nil {
			return exec.CommandContext(ctx, path, file).Run()
		}
	}
	return errors.New("none of canberra-gtk-play, pw-play and paplay is installed")
}

// soundFile is the sound in the theme that all others fall back to.
func soundFile(name string) (string, bool) {
	for _, dir := range strings.Split(cmp.Or(os.Getenv("XDG_DATA_DIRS"), "/usr/local/share:/usr/share"), ":") {
		file := filepath.Join(dir, "sounds", "freedesktop", "stereo", name+".oga")
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file, true
		}
	}
	return "", false
}
