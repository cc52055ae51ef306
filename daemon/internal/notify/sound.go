package notify

import "sync/atomic"

// A player plays one sound at a time: a sound system that hangs must not gather processes.
type player struct {
	play    func(name string) error
	playing atomic.Bool
}

// playSound plays a sound of the freedesktop sound naming specification, on a goroutine of its own. It is for servers that do not.
func (n *Notifier) playSound(name string) {
	if name == "" || !n.player.playing.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer n.player.playing.Store(false)
		if err := n.player.play(name); err != nil {
			n.log.Info("a sound was not played", "sound", name, "err", err)
		}
	}()
}

// sounds tells whether the server plays the sound of a note.
func (s *server) sounds() bool { return s.can("sound") }

// pictures tells whether the server shows the picture of a note. “icon-multi” would play several; it shows one too.
func (s *server) pictures() bool { return s.can("icon-static") || s.can("icon-multi") }
