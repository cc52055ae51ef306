package words

import "fmt"

// Statuses of what the doctor finds.
const (
	DoctorOK       = "ok"
	DoctorDegraded = "degraded"
	DoctorMissing  = "missing"
)

// Codes of [Doctor].
const (
	DoctorRunning     = "running"
	DoctorNotRunning  = "not_running"
	DoctorSilent      = "silent"
	DoctorUnreached   = "unreached"
	DoctorSecond      = "second"
	DoctorVersions    = "versions"
	DoctorUntested    = "untested"
	DoctorTakesLong   = "takes_long"
	DoctorNotExamined = "not_examined"

	DoctorServiceKept    = "service_kept"
	DoctorServiceLogin   = "service_login"
	DoctorServiceAbsent  = "service_absent"
	DoctorServiceTrouble = "service_trouble"

	DoctorSensor        = "sensor"
	DoctorSensorNone    = "sensor_none"
	DoctorSensorUnfit   = "sensor_unfit"
	DoctorSensorLost    = "sensor_lost"
	DoctorSensorUnsure  = "sensor_unsure"
	DoctorScreen        = "screen"
	DoctorScreenDark    = "screen_dark"
	DoctorScreenUnseen  = "screen_unseen"
	DoctorSession       = "session"
	DoctorSessionRemote = "session_remote"
	DoctorSessionUnseen = "session_unseen"
	DoctorNoLogind      = "no_logind"

	DoctorVouchNone    = "vouch_none"
	DoctorVouched      = "vouched"
	DoctorVouchFixture = "vouch_fixture"

	DoctorDisplay       = "display"
	DoctorNoDisplay     = "no_display"
	DoctorBus           = "bus"
	DoctorNoBus         = "no_bus"
	DoctorBusSilent     = "bus_silent"
	DoctorRuntime       = "runtime"
	DoctorNoRuntime     = "no_runtime"
	DoctorRuntimeAbsent = "runtime_absent"
	DoctorRuntimeOpen   = "runtime_open"

	DoctorHoldOff             = "hold_off"
	DoctorHoldSeen            = "hold_seen"
	DoctorHoldNoScreen        = "hold_no_screen"
	DoctorHoldNoSound         = "hold_no_sound"
	DoctorHoldFails           = "hold_fails"
	DoctorHoldDisturb         = "hold_disturb"
	DoctorHoldMicrophone      = "hold_microphone"
	DoctorHoldCamera          = "hold_camera"
	DoctorHoldScreen          = "hold_screen"
	DoctorHoldMicrophoneStays = "hold_microphone_stays"
	DoctorHoldCameraStays     = "hold_camera_stays"
	DoctorHoldIgnored         = "hold_ignored"

	DoctorTray        = "tray"
	DoctorTrayOnce    = "tray_once"
	DoctorTrayEnded   = "tray_ended"
	DoctorTrayWaits   = "tray_waits"
	DoctorTrayAbsent  = "tray_absent"
	DoctorHost        = "host"
	DoctorHostEmpty   = "host_empty"
	DoctorNoHost      = "no_host"
	DoctorNoHostBus   = "no_host_bus"
	DoctorAlone       = "alone"
	DoctorOther       = "other"
	DoctorFilesYours  = "files_yours"
	DoctorFileOpen    = "file_open"
	DoctorFileWritten = "file_written"
	DoctorFileOthers  = "file_others"
	DoctorFileShut    = "file_shut"
	DoctorFileUnseen  = "file_unseen"
	DoctorOwnFiles    = "own_files"
)

// DoctorFacts are what a finding may name.
type DoctorFacts struct {
	PID     int
	Name    string // of a program, a display or a system
	Version string // of the daemon, empty where that is not known
	Program string // version of the command
	Path    string
	Mode    uint32 // of the file there
	Want    uint32 // what it should be
	Detail  string // an error's own words
	Hint    string // what its finder says that one can do
	Clock   bool   // meanwhile the clock alone counts
}

// A Finding is one thing the doctor found.
type Finding struct{ Status, Detail, Hint string }

// Doctor words what the doctor finds, and what to do about it. Nothing is to be done about what is ok.
func Doctor(code string, f DoctorFacts) Finding {
	for _, look := range []func(string, DoctorFacts) (Finding, bool){
		doctorProgram, doctorSensor, doctorDesktop, doctorHold, doctorTray, doctorFiles,
	} {
		if found, ok := look(code, f); ok {
			return found
		}
	}
	return degraded(f.Detail, f.Hint)
}

func well(detail string) Finding           { return Finding{DoctorOK, detail, ""} }
func degraded(detail, hint string) Finding { return Finding{DoctorDegraded, detail, hint} }
func missing(detail, hint string) Finding  { return Finding{DoctorMissing, detail, hint} }

func doctorProgram(code string, f DoctorFacts) (Finding, bool) {
	switch code {
	case DoctorRunning:
		return well(fmt.Sprintf("running as process %d", f.PID)), true
	case DoctorNotRunning:
		return missing("not running",
			"now and at every login: unhunch service install; for this once: unhunch daemon"), true
	case DoctorSilent:
		return missing("it runs, and does not answer",
			"to start it anew: unhunch service restart; if that does not help, end the process unhunch by hand"), true
	case DoctorUnreached:
		return degraded(fmt.Sprintf("one runs as process %d, and cannot be reached from here", f.PID),
			fmt.Sprintf("it was started with another XDG_RUNTIME_DIR; to end it: kill %d", f.PID)), true
	case DoctorSecond:
		return degraded(fmt.Sprintf("a second one runs as process %d, and would ask as well", f.PID),
			fmt.Sprintf("to end it: kill %d", f.PID)), true
	case DoctorVersions:
		return degraded(Versions(f.Version, f.Program)), true
	case DoctorUntested:
		return degraded(fmt.Sprintf("on %s everything here is untested so far", f.Name),
			"whatever you see of it is worth a report"), true
	case DoctorTakesLong:
		return degraded("it could not be looked at in time", "try again; if it stays so, log out and in again"), true
	case DoctorNotExamined:
		if f.Hint == "" {
			f.Hint = "find out more with: unhunch service status"
		}
		return degraded(fmt.Sprintf("it could not be looked at: %s", f.Detail), f.Hint), true
	case DoctorServiceKept:
		return well("it starts at every login, and again after a crash"), true
	case DoctorServiceLogin:
		return well("it starts at every login"), true
	case DoctorServiceAbsent:
		return missing("not installed: it does not start at login", "to have it do so: unhunch service install"), true
	case DoctorServiceTrouble:
		return degraded(f.Detail, f.Hint), true
	}
	return Finding{}, false
}

// doctorSensor is about what sees keyboard and mouse.
func doctorSensor(code string, f DoctorFacts) (Finding, bool) {
	switch code {
	case DoctorSensor:
		if f.Detail == "" {
			return well(fmt.Sprintf("seen by %s", f.Name)), true
		}
		return well(fmt.Sprintf("seen by %s: %s", f.Name, f.Detail)), true
	case DoctorSensorNone:
		f.Detail = fmt.Sprintf("not seen: %s", f.Detail)
		return missing(byTheClock(f), "run it in a terminal of your desktop"), true
	case DoctorSensorUnfit:
		f.Detail = fmt.Sprintf("not seen: %s", f.Detail)
		return missing(byTheClock(f), "what tells: GNOME, KDE Plasma, any desktop on X11, and on Wayland those with ext-idle-notify-v1, "+
			"such as sway 1.8, Hyprland, labwc, niri and COSMIC"), true
	case DoctorSensorLost:
		f.Detail = fmt.Sprintf("the connection that tells of keyboard and mouse is lost: %s", f.Detail)
		return missing(byTheClock(f), "it is tried again by itself"), true
	case DoctorSensorUnsure:
		return degraded(Problem(ProblemPhantomInput, ProblemFacts{})), true
	case DoctorScreen:
		return well(fmt.Sprintf("it is on, as %s tells", f.Name)), true
	case DoctorScreenDark:
		return well(fmt.Sprintf("it is dark, as %s tells", f.Name)), true
	case DoctorScreenUnseen:
		return well("whether it is dark is not told here; a lock and a long silence tell as much"), true
	}
	return Finding{}, false
}

// byTheClock adds to why nothing is seen what counts instead.
func byTheClock(f DoctorFacts) string {
	if f.Clock {
		return fmt.Sprintf("%s; time with the screen unlocked counts as sitting", f.Detail)
	}
	return f.Detail
}

func doctorDesktop(code string, f DoctorFacts) (Finding, bool) {
	switch code {
	case DoctorDisplay:
		return well(f.Name), true
	case DoctorNoDisplay:
		return missing("neither DISPLAY nor WAYLAND_DISPLAY is set", "run it in a terminal of your desktop"), true
	case DoctorBus:
		return well("it answers"), true
	case DoctorNoBus:
		return missing(fmt.Sprintf("it cannot be reached: %s", f.Detail),
			"log in as yourself, rather than by su or sudo, and try again there"), true
	case DoctorBusSilent:
		return degraded("it does not answer", "log out and in again"), true
	case DoctorSession:
		return well("seen by " + f.Name), true
	case DoctorSessionRemote:
		return well(fmt.Sprintf("seen by %s, in a session that is used from another computer", f.Name)), true
	case DoctorSessionUnseen:
		detail := "they are not seen"
		if f.Detail != "" {
			detail = fmt.Sprintf("they are not seen: %s", f.Detail)
		}
		return degraded(detail, "suspend is still noticed by the clocks; a lock is, too, once the keyboard has been quiet"), true
	case DoctorNoLogind:
		return degraded(fmt.Sprintf("they are not seen: %s", f.Detail),
			"with elogind they would be; suspend is still noticed by the clocks, and a lock once the keyboard has been quiet"), true
	case DoctorVouchNone:
		return well("nothing just now that would make a silence count as sitting"), true
	case DoctorVouched:
		return well(fmt.Sprintf("a silence counts as sitting just now because of %s", f.Name)), true
	case DoctorVouchFixture:
		return degraded(fmt.Sprintf("ignored, as it goes on for over 3 hours or while the screen is locked: %s", f.Name),
			"end it, and it is believed again the next time"), true
	case DoctorRuntime:
		return well("yours alone"), true
	case DoctorNoRuntime:
		return degraded("XDG_RUNTIME_DIR is not set; the socket is looked for beside your state",
			"log in as yourself, rather than by su or sudo"), true
	case DoctorRuntimeAbsent:
		return degraded("XDG_RUNTIME_DIR names no directory of yours",
			"log in as yourself, rather than by su or sudo"), true
	case DoctorRuntimeOpen:
		return degraded(fmt.Sprintf("others can enter %s (mode %04o)", f.Path, f.Mode), "to close it: chmod 700 "+f.Path), true
	}
	return Finding{}, false
}

// saySo is what to do where the program cannot see for itself that it should stay quiet.
const saySo = "switch do-not-disturb on, or say so: unhunch meeting 1h"

// alwaysIgnored is what to do about a program that is taken for a call at first, again and again.
const alwaysIgnored = "to have it ignored from the start, name it in ignore_apps in your settings, which are at: unhunch config path"

func doctorHold(code string, f DoctorFacts) (Finding, bool) {
	switch code {
	case DoctorHoldOff:
		return well("none are looked for: they are switched off in your settings"), true
	case DoctorHoldSeen:
		return well(f.Name), true
	case DoctorHoldNoScreen:
		return degraded("this desktop does not tell which program fills the screen", "for a film or a talk, "+saySo), true
	case DoctorHoldNoSound:
		return degraded("there is no sound server, so no call is noticed by its microphone", "for a call, "+saySo), true
	case DoctorHoldFails:
		return degraded(fmt.Sprintf("nothing is known of %s: %s", f.Name, f.Detail),
			"if it stays so, log out and in again; until then, "+saySo), true
	case DoctorHoldDisturb:
		return well("do-not-disturb is on"), true
	case DoctorHoldMicrophone:
		return well(fmt.Sprintf("%s is using the microphone", f.Name)), true
	case DoctorHoldCamera:
		return well(fmt.Sprintf("%s is using a camera", f.Name)), true
	case DoctorHoldScreen:
		return well(fmt.Sprintf("%s fills the screen", f.Name)), true
	case DoctorHoldIgnored:
		return well(fmt.Sprintf("%s is no reason to wait, by your settings", f.Name)), true
	case DoctorHoldMicrophoneStays:
		return degraded(fmt.Sprintf("%s uses the microphone all the time, so it is not taken for a call", f.Name),
			alwaysIgnored), true
	case DoctorHoldCameraStays:
		return degraded(fmt.Sprintf("%s uses a camera all the time, so it is not taken for a call", f.Name),
			alwaysIgnored), true
	}
	return Finding{}, false
}

// HoldSource names what is looked at for a reason to wait, and who tells of it, if that has a name.
func HoldSource(source, by string) string {
	name := map[string]string{
		"do_not_disturb": "do-not-disturb", "screen": "full screens", "microphone": "microphones", "camera": "cameras",
	}[source]
	if by == "" || source == "camera" {
		return name
	}
	return fmt.Sprintf("%s (%s)", name, by)
}

// withoutIcon says what to do where there is no icon.
const withoutIcon = "without an icon, notifications and the command unhunch do the same"

func doctorTray(code string, f DoctorFacts) (Finding, bool) {
	switch code {
	case DoctorTray:
		return well("it runs, and starts with the desktop"), true
	case DoctorTrayOnce:
		return degraded("it runs, and does not start with the desktop", "to have it do so: unhunch service install"), true
	case DoctorTrayEnded:
		return degraded("it does not run", "to start it: unhunch-tray"), true
	case DoctorTrayWaits:
		return degraded("it does not run: there is no display to show it on", "it comes with the desktop"), true
	case DoctorTrayAbsent:
		return missing("there is no unhunch-tray beside this program", withoutIcon), true
	case DoctorHost:
		return well("a panel shows icons"), true
	case DoctorHostEmpty:
		return degraded("there is a tray, and no panel shows it", "add the tray to your panel; "+withoutIcon), true
	case DoctorNoHost:
		return missing("no panel here shows icons",
			"add a tray to your panel; on GNOME that takes the AppIndicator extension; "+withoutIcon), true
	case DoctorNoHostBus:
		return missing("no panel can be found without a session bus", withoutIcon), true
	case DoctorAlone:
		return well("no other program that asks for breaks"), true
	case DoctorOther:
		return degraded(OtherReminder(f.Name)), true
	}
	return Finding{}, false
}

func doctorFiles(code string, f DoctorFacts) (Finding, bool) {
	switch code {
	case DoctorFilesYours:
		return well("they are readable by you alone"), true
	case DoctorFileOpen:
		return degraded(fmt.Sprintf("%s is open to others (mode %04o)", f.Path, f.Mode),
			fmt.Sprintf("to close it: chmod %o %s", f.Want, f.Path)), true
	case DoctorFileWritten:
		return degraded(fmt.Sprintf("%s can be written by others (mode %04o)", f.Path, f.Mode),
			"to change that: chmod go-w "+f.Path), true
	case DoctorFileOthers:
		return degraded(fmt.Sprintf("%s belongs to another user", f.Path),
			`to have it back: sudo chown -R "$(id -u)" `+f.Path), true
	case DoctorFileShut:
		return degraded(fmt.Sprintf("%s cannot be read and written by you (mode %04o)", f.Path, f.Mode),
			fmt.Sprintf("to change that: chmod %o %s", f.Want, f.Path)), true
	case DoctorFileUnseen:
		return degraded(fmt.Sprintf("%s cannot be looked at: %s", f.Path, f.Detail),
			"look at the permissions of the directories above it"), true
	case DoctorOwnFiles:
		return degraded("a file with exercises of your own has a mistake and is left out",
			"to see everything that is wrong: unhunch routines check"), true
	}
	return Finding{}, false
}

// DoctorParts are the parts of the doctor's report in the order in which they are read, under the headings that they
// belong to.
func DoctorParts() []DoctorHeading {
	return []DoctorHeading{
		{"The program", []DoctorPart{
			{"daemon", "daemon"}, {"version", "version"}, {"service", "service"}, {"system", "system"},
		}},
		{"Your desk", []DoctorPart{
			{"display", "display"},
			{"session bus", "session bus"},
			{"runtime directory", "runtime directory"},
			{"presence", "keyboard, mouse"},
			{"session", "lock, suspend"},
			{"screen", "screen"},
			{"vouch", "video, call"},
			{"hold", "reasons to wait"},
		}},
		{"How it asks", []DoctorPart{
			{"notify", "notifications"}, {"tray", "icon"}, {"tray host", "panel"}, {"other reminders", "other reminders"},
		}},
		{"Your files", []DoctorPart{
			{"files", "permissions"},
			{"config", "settings"},
			{"routines", "exercises"},
			{"state", "count"},
			{"profile", "profile"},
			{"history", "history"},
		}},
	}
}

// DoctorMore stands over parts that have no place among these, such as those of a newer daemon.
const DoctorMore = "More"

// A DoctorHeading is what stands over some parts.
type DoctorHeading struct {
	Title string
	Parts []DoctorPart
}

// A DoctorPart is what the report calls a part of the program, and what a person does.
type DoctorPart struct{ Part, Title string }

// DoctorSummary is the last line: how many of the checks were well, and what became of the others. Each has its mark.
func DoctorSummary(ok, degraded, missing int) string {
	switch {
	case degraded == 0 && missing == 0:
		return fmt.Sprintf("✓ %d ok: nothing to do", ok)
	case missing == 0:
		return fmt.Sprintf("✓ %d ok   ! %d degraded", ok, degraded)
	case degraded == 0:
		return fmt.Sprintf("✓ %d ok   ✗ %d missing", ok, missing)
	}
	return fmt.Sprintf("✓ %d ok   ! %d degraded   ✗ %d missing", ok, degraded, missing)
}
