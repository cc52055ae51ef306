package icon

import _ "embed" // the icons of this system, and not those of others

var (
	//go:embed ico/upright.ico
	upright []byte
	//go:embed ico/easing.ico
	easing []byte
	//go:embed ico/leaning.ico
	leaning []byte
	//go:embed ico/slumping.ico
	slumping []byte
	//go:embed ico/slumped.ico
	slumped []byte
	//go:embed ico/standing.ico
	standing []byte
	//go:embed ico/away.ico
	away []byte
	//go:embed ico/session.ico
	session []byte
	//go:embed ico/paused.ico
	paused []byte
	//go:embed ico/unknown.ico
	unknown []byte
	//go:embed ico/down.ico
	down []byte
)

var icos = [Count][]byte{
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

var pngs [Count][]byte
