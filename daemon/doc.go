// Package daemon is the program that knows how long you have been sitting: it wires the rooms and runs them.
//
// # The map of the house
//
//	cmd/unhunch/        the command line, one file per command; `unhunch daemon` is the service
//	cmd/unhunch-tray/   the tray icon, the one program with cgo and GTK
//	tray/               follows the daemon, carries out clicks
//	  menu/             from the state to icon and menu                                     PURE
//	  icon/             the icons; draw/ draws them from joints and lines
//	  show/             shows the menu by getlantern/systray
//	routines/           the catalogue of exercises, planning, the session player            PURE
//	  figure/           the exercises drawn: poses as data, as SVG, PNG and text; sheet/    PURE
//	daemon/             this package: Run wires the rooms, loop.go owns the state
//	daemon/api/         wire types, standard library only
//	daemon/client/      the only way to talk to a running daemon; clienttest/ is a fake one behind the real server
//	daemon/config/      settings: defaults, parse, validate, surgical set, watch
//	daemon/words/       every sentence a person reads
//	daemon/desktest/    the virtual desktop for tests, with a person to play; desktest/bench measures
//	daemon/packaged/    writes the unit, the desktop's entries and the licences for packages; .ci/package has the rest
//	daemon/internal/
//	  core/             one Step composing the three machines; event log and replay         PURE
//	  promises/         judges every step of the core by what was promised; shrinks what breaks one  PURE
//	  sitting/          how long the person has been sitting                                PURE
//	  reminder/         when to speak                                                       PURE
//	  clock/            wall, monotonic and boot time read together; the one timer
//	  bus/              one supervised connection for each D-Bus bus; bustest/ is a private bus
//	  files/            atomic private writes, the lock, where things live
//	  watch/            notices that files and folders have changed
//	  presence/         sensors: x11 by SYNC alarms, GNOME's idle monitor, Wayland protocols, logind; Windows, macOS
//	  wayland/          a small client of Wayland compositors; waylandtest/ is a compositor that misbehaves
//	  vouch/            what vouches for somebody who gives no input: programs that keep the screen on
//	  hold/             reasons to stay quiet: do-not-disturb, full screens, microphones and cameras in use
//	  history/          what happened, on disk: SQLite, one writer; engine/ runs it, in a child of the
//	                      daemon that is there only while it is needed; historytest/ makes up lives
//	  profile/          what the person has told of themselves, and what has hurt them, on disk
//	  notify/           notes with buttons, pictures and sounds; beeep, the terminal
//	  server/           HTTP and JSON on the private socket
//	  page/             the web page: session, day, record, exercises, profile, settings; listens only while wanted
//	  service/          runs it from login to login: systemd, autostart, launchd; readiness, watchdog
//
// # Who owns what
//
// One goroutine, in loop.go, owns the core.State. Everybody else posts it core.Events and receives snapshots. It
// does not tick: the core names its next deadline and one timer on CLOCK_BOOTTIME is armed for it. It never waits
// for D-Bus, X, the disk or a client: what a step wants done is handed to workers that take the newest order and
// forget older ones.
//
//	sensors ─┐                       ┌─▶ notify (prompt, session, notices)
//	commands ─┼─ Event ─▶ core.Step ─┼─▶ sensor.Watch (which pauses to tell of)
//	looks ───┤    (one goroutine)    ├─▶ hold, vouch (look now; the answer is an event)
//	timer ───┘                       ├─▶ saver (state.json)
//	                                 ├─▶ history (what was lived, asked and done)
//	                                 └─▶ snapshot ─▶ server, status
//
// # Whose word is taken
//
// Nobody's but the person's own programs': .github/SECURITY.md has the threats and the test that holds off each. What
// others have written (files, the environment, names on a bus) reaches a screen through words.Plain or words.Path, which
// leave nothing that a terminal obeys; problem() and mask.report do so for all problems and reports.
//
// # How it is known to hold
//
// The promises are judged in three places: core's properties, on random lives of the pure machine; the soak (soak_*),
// which lives thirty days in seconds against the real loop, stores and server, on simulated clocks and with everything
// failing that can, while films, calls and do-not-disturb come and go around the person; and crash_linux_test.go, which cuts the power after each file operation of the real program, fails
// each of them, and kills it anywhere. A soak that fails prints its seed and leaves a few events for
// `unhunch debug replay`.
//
// # Which way imports go
//
// cmd/unhunch imports daemon, daemon/{api,client,config,words} and routines; tray and cmd/unhunch-tray only
// daemon/{api,client,words}. Rooms below internal import only the leaf rooms clock, bus, files, api, config and words,
// and core the pure rooms; this package wires them. Pure rooms take time as a value, start no goroutine, read no clock
// and do no I/O. house_test.go holds these walls.
package daemon
