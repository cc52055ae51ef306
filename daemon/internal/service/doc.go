// Package service keeps the daemon running from one login to the next: it installs, starts, stops and removes what
// does that on this system, and speaks with it while the daemon runs.
//
// On Linux that is a unit of the person's own service manager (systemd --user), written by kardianos/service from our
// own text, and where there is no systemd an autostart entry of the desktop. On macOS it is a LaunchAgent. On Windows it
// is the person's own logon start, and never a service of the machine: those live in session 0, where nobody's keyboard
// is seen and nobody reads a notification.
//
// Every step can be done again, and undone from any half state. Files are removed only if they say that they are ours.
package service
