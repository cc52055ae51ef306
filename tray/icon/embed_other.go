//go:build !windows

package icon

import _ "embed" // the icons of this system, and not those of others

var (
	//go:embed png/upright.png
	upright []byte
	//go:embed png/easing.png
	easing []byte
	//go:embed png/leaning.png
	leaning []byte
	//go:embed png/slumping.png
	slumping []byte
	//go:embed png/slumped.png
	slumped []byte
	//go:embed png/standing.png
	standing []byte
	//go:embed png/away.png
	away []byte
	//go:embed png/session.png
	session []byte
	//go:embed png/paused.png
	paused []byte
	//go:embed png/unknown.png
	unknown []byte
	//go:embed png/down.png
	down []byte
)

var pngs = [Count][]byte{
	Upright:  upright,
	Easing:   easing,
	Leaning:  leaning,
	Slumping: slumping,
	Slumped:  slumped,
	Standing: standing,
	Away:     away,
	Session:  session,
	Paused:   paused,
	Unknown:  unknown,
	Down:     down,
}

var icos [Count][]byte
