package notify

import (
	"fmt"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
)

// publish renews the Check and tells when it has changed.
func (n *Notifier) publish() {
	check := n.look()
	n.mu.Lock()
	defer n.mu.Unlock()
	if check == n.check {
		return
	}
	n.check = check
	select {
	case n.changed <- struct{}{}:
	default:
	}
}

const (
	ok       = "ok"
	degraded = "degraded"
	missing  = "missing"
)

func (n *Notifier) look() api.Check {
	const part = "notify"
	const elsewhere = "use the tray or the unhunch command; with `unhunch daemon` in a terminal, breaks are asked for there"
	d := &n.desk
	switch {
	case n.session == nil:
		return api.Check{Part: part, Status: degraded, Detail: "beeep: notifications without buttons", Hint: elsewhere}
	case d.up == nil && d.why == nil:
		return api.Check{Part: part, Status: degraded, Detail: "the session bus has yet to answer", Hint: elsewhere}
	case d.up == nil:
		return api.Check{Part: part, Status: missing, Detail: "no session bus: " + strings.TrimPrefix(d.why.Error(), "no session bus: "), Hint: elsewhere}
	case d.hangs:
		return api.Check{
			Part: part, Status: degraded, Detail: d.name() + " does not answer",
			Hint: "restart the notification service",
		}
	case d.owner == "" && d.refused != nil:
		return api.Check{
			Part: part, Status: missing, Detail: fmt.Sprintf("the notification service cannot be started: %v", d.refused),
			Hint: elsewhere,
		}
	case d.owner == "" && d.activatable:
		return api.Check{Part: part, Status: ok, Detail: "a notification service that starts when needed"}
	case d.owner == "":
		return api.Check{
			Part: part, Status: missing, Detail: "no notification service on the session bus",
			Hint: "install and start one, for example dunst; until then " + elsewhere,
		}
	case d.server == nil:
		return api.Check{
			Part: part, Status: degraded, Detail: "the notification service has yet to answer",
			Hint: "if it stays so, restart the notification service",
		}
	case d.server.can("actions"):
		return api.Check{Part: part, Status: ok, Detail: d.name()}
	default:
		return api.Check{Part: part, Status: degraded, Detail: d.name() + ": no buttons", Hint: elsewhere}
	}
}

func (d *desk) name() string {
	if d.server == nil {
		return "the notification service"
	}
	name := strings.TrimSpace(d.server.name + " " + d.server.version)
	var can []string
	for _, capability := range d.server.capabilities {
		if !strings.HasPrefix(capability, "x-") && !strings.Contains(capability, "synchronous") { // vendors' own
			can = append(can, capability)
		}
	}
	if len(can) == 0 {
		return name
	}
	return name + " (" + strings.Join(can, ", ") + ")"
}
