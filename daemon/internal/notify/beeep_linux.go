package notify

import "os"

// beepSafe tells whether beeep would find a session bus. Without an address it would start one of its own by
// dbus-launch and leave it behind.
func beepSafe() bool {
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	return address != "" && address != "autolaunch:"
}
