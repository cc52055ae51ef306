package service

import (
	"maps"
	"slices"
	"strings"
)

// unitName is the unit of the person's service manager, and of a package's.
const unitName = program + ".service"

// unitTail is all of the unit but for what it starts.
//
// Order and strength: the daemon is wanted by default.target, so that it is there after login on every desktop, and by
// graphical-session.target, so that it comes back with a desktop that was left and entered again while the manager lived
// on (PartOf stops it with the one it was in). After only says in which order; a desktop that never raises that target
// has its daemon all the same.
//
// Restart: after a crash, not after an end that was asked for (exit code 0), wrong usage (2) or a second daemon (4).
// Five crashes in five minutes are not an accident.
//
// WatchdogSec: a loop that is stuck for that long is killed and started anew. The daemon shows that it is alive twice
// in that time, so it is long: two and a half minutes between wake-ups of a machine that may be asleep otherwise.
//
// Hardening: what a manager without privileges can enforce, each tried. It leaves out all that needs a mount namespace
// (ProtectSystem, ProtectHome, PrivateTmp, PrivateDevices, ProtectKernel…): there it fails the unit or does nothing.
// RuntimeDirectory would take the tray's lock and icon away whenever the daemon stops.
const unitTail = `
Type=notify
NotifyAccess=main
WatchdogSec=5min
TimeoutStartSec=30
TimeoutStopSec=10
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=2 4
MemoryMax=256M
UMask=0077
NoNewPrivileges=yes
MemoryDenyWriteExecute=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=default.target graphical-session.target
`

const unitHead = `[Unit]
Description=` + description + `
Documentation=https://github.com/unhunch/unhunch
PartOf=graphical-session.target
After=graphical-session.target
StartLimitIntervalSec=5min
StartLimitBurst=5

[Service]
`

const description = "Unhunch, a quiet desk companion"

// UnitText is the unit that starts program with the environment variables env, as a package has it too.
//
// It is handed to kardianos/service ready to be written. That has a text of its own, but for services of the machine: it
// is wanted by a target that no person's manager has, and waits two minutes after a crash.
func UnitText(program string, env map[string]string) string {
	text := unitHead + "ExecStart=" + unitWord(program) + " daemon\n"
	for _, name := range slices.Sorted(maps.Keys(env)) {
		text += "Environment=" + name + "=" + unitWord(env[name]) + "\n"
	}
	return text + strings.TrimPrefix(unitTail, "\n")
}

// unitWord writes a word so that systemd reads it as it was: no specifier, no quote, no end at a blank, and
// no line of its own, which would be a setting of its own.
func unitWord(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, " ", `\x20`, "\t", `\t`, `"`, `\x22`, "'", `\x27`, "%", "%%", ";", `\x3b`, "{{", `{\x7b`, "\n", `\n`, "\r", `\r`,
	).Replace(s)
}
