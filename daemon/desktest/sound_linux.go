package desktest

import (
	"path/filepath"
	"syscall"
)

// StartSound starts a sound server with a microphone that hears nothing and a loudspeaker that nobody hears.
func (d *Desk) StartSound() {
	d.t.Helper()
	Need(d.t, "pulseaudio", "parecord", "pactl")
	d.mkdir(filepath.Join(d.Getenv("XDG_RUNTIME_DIR"), "pulse"))
	d.sound = d.run("pulseaudio", d.Command("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
		"--disable-shm=yes", "--log-level=error",
		"-L", "module-null-sink sink_name=loudspeaker", "-L", "module-null-source source_name=microphone",
		"-L", "module-native-protocol-unix socket="+d.soundSocket()))
	Until(d.t, patience, "the sound server", func() bool { return d.Command("pactl", "info").Run() == nil })
}

func (d *Desk) soundSocket() string {
	return filepath.Join(d.Getenv("XDG_RUNTIME_DIR"), "pulse", "native")
}

// FreezeSound stops the sound server without ending it.
func (d *Desk) FreezeSound() {
	d.t.Helper()
	d.sound.signal(d.t, syscall.SIGSTOP)
}

// EndSound kills the sound server, as a crash does.
func (d *Desk) EndSound() {
	d.t.Helper()
	d.sound.kill(d.t)
}

// Record has a program record from the microphone, as in a call, until it is hung up.
func (d *Desk) Record(more ...string) (hangUp func()) {
	d.t.Helper()
	args := append([]string{"--device=microphone", "--client-name=Talk", "--raw"}, more...)
	p := d.run("recording", d.Command("parecord", append(args, "/dev/null")...))
	Until(d.t, patience, "somebody to record", func() bool {
		out, err := d.Command("pactl", "list", "short", "source-outputs").Output()
		return err == nil && len(out) > 0
	})
	return func() { p.kill(d.t) }
}
