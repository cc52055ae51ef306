package desktest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

// dunstrc is dunst's configuration; its verbs are the desk's directory and the colour of a notification. Notifications
// come up where no menu of the panel does; pictures are as large as Debian's configuration lets them be.
const dunstrc = `[global]
	width = 360
	origin = bottom-right
	offset = 10x10
	font = DejaVu Sans 11
	idle_threshold = 0
	dmenu = %[1]s/pick
	mouse_left_click = do_action, close_current
	frame_width = 1
	max_icon_size = 128
[urgency_low]
	timeout = 10
	background = "%[2]s"
	foreground = "#222222"
	frame_color = "#999999"
[urgency_normal]
	timeout = 10
	background = "%[2]s"
	foreground = "#222222"
	frame_color = "#999999"
[urgency_critical]
	timeout = 0
`

// pick stands in for the menu in which dunst lets the person choose an action; the verb is the desk's directory.
const pick = `#!/bin/sh
exec grep -m1 -F -f %s/picked
`

// xfceNotifydXML has xfce4-notifyd show a notification at once, opaque and in our theme.
const xfceNotifydXML = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-notifyd" version="1.0">
  <property name="theme" type="string" value="desk"/>
  <property name="initial-opacity" type="double" value="1.0"/>
  <property name="do-fadeout" type="bool" value="false"/>
  <property name="do-slideout" type="bool" value="false"/>
  <property name="notify-location" type="uint" value="2"/>
</channel>
`

// most buttons a notification is looked for.
const mostButtons = 8

// buttonColour is the background of the nth button, from 0: all one colour to the eye, each its own to a test that
// wants to find it on the screen.
func buttonColour(n int) color.RGBA { return color.RGBA{0xe9, 0xe6, 0xe0 + byte(n), 0xff} }

// bodyColour is the background of every notification.
var bodyColour = color.RGBA{0xfa, 0xf9, 0xf7, 0xff}

// xfceTheme is the style sheet of xfce4-notifyd's windows.
func xfceTheme() string {
	var css strings.Builder
	fmt.Fprintf(&css, "#XfceNotifyWindow { background: %s; color: #222; border: 1px solid #999; }\n", hex(bodyColour))
	css.WriteString("#XfceNotifyWindow label#summary { font-weight: bold; }\n")
	for n := range mostButtons {
		fmt.Fprintf(&css, "#XfceNotifyWindow button:nth-child(%d) { background: %s; border: 1px solid #aaa; }\n",
			n+1, hex(buttonColour(n)))
	}
	return css.String()
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// StartNotifyd starts the desk's notification daemon and waits until it can be called. A desk without one stays so.
func (d *Desk) StartNotifyd() {
	d.t.Helper()
	switch d.opts.Notifyd {
	case Dunst:
		d.notifyd = d.run("notifyd", d.Command("dunst", "-conf", filepath.Join(d.Dir, "dunstrc")))
	case Mako:
		d.startMako()
	case Xfce:
		d.notifyd = d.run("notifyd", d.Command("/usr/lib/*/xfce4/notifyd/xfce4-notifyd"))
	default:
		return
	}
	d.waitName(notifications)
}

// KillNotifyd kills the notification daemon; what was on the screen is gone.
func (d *Desk) KillNotifyd() {
	d.t.Helper()
	d.notifyd.kill(d.t)
	d.notifyd = nil
	d.log.serverGone()
}

// FreezeNotifyd stops the notification daemon without ending it: it owns its name and answers nobody.
func (d *Desk) FreezeNotifyd() {
	d.t.Helper()
	d.notifyd.signal(d.t, syscall.SIGSTOP)
}

// ThawNotifyd lets a frozen notification daemon go on.
func (d *Desk) ThawNotifyd() {
	d.t.Helper()
	d.notifyd.signal(d.t, syscall.SIGCONT)
}

// Press presses the button with these words on the newest notification, as the person would, and returns the
// notification once the button has been heard on the bus.
func (d *Desk) Press(label string) *Notification {
	d.t.Helper()
	n := d.needPrompt()
	i := slices.IndexFunc(n.Actions, func(a Action) bool { return a.Label == label && a.Key != "default" })
	if i < 0 {
		d.t.Fatalf("no button %q on %q, only %q", label, n.Title, n.Labels())
	}
	key := n.Actions[i].Key
	if d.opts.Notifyd == Dunst {
		d.dunstMenu(n, key)
		return d.waitInvoked(n, key)
	}
	// A note that has just taken another's place may be laid out anew under the pointer: then the click is lost.
	button := buttonColour(slices.Index(drawn(n), label))
	for deadline := time.Now().Add(patience / 2); time.Now().Before(deadline); {
		d.clickColour(button)
		if pressed := d.waitSince(n, lostClick, invoked(key)); pressed != nil {
			return pressed
		}
	}
	return d.waitInvoked(n, key)
}

// lostClick is when a click of which nothing was heard counts as lost. It is heard within milliseconds.
const lostClick = 3 * time.Second

func invoked(key string) func(*Notification) bool {
	return func(n *Notification) bool { return slices.Contains(n.Invoked, key) }
}

// PressBody clicks on the newest notification itself, which invokes its default action. Only dunst has that: to
// xfce4-notifyd such a click is a dismissal.
func (d *Desk) PressBody() *Notification {
	d.t.Helper()
	if d.opts.Notifyd != Dunst {
		d.t.Fatalf("a click on the body invokes nothing in %s", d.opts.Notifyd)
	}
	n := d.needPrompt()
	d.clickColour(bodyColour)
	return d.waitInvoked(n, "default")
}

// Dismiss closes the newest notification by hand.
func (d *Desk) Dismiss() *Notification {
	d.t.Helper()
	n := d.needPrompt()
	if d.opts.Notifyd == Dunst {
		d.callDunst("NotificationCloseLast")
	} else {
		d.clickColour(bodyColour)
	}
	return d.WaitGone(n, patience)
}

// drawn are the labels that xfce4-notifyd draws as buttons: the default action too, unless its label is empty.
func drawn(n *Notification) []string {
	var labels []string
	for _, a := range n.Actions {
		if a.Label != "" {
			labels = append(labels, a.Label)
		}
	}
	return labels
}

func (d *Desk) needPrompt() *Notification {
	d.t.Helper()
	n := d.Prompt()
	if n == nil {
		d.t.Fatalf("nothing on the screen to press")
	}
	return n
}

func (d *Desk) waitInvoked(n *Notification, key string) *Notification {
	d.t.Helper()
	pressed := d.waitFor(n, patience, invoked(key))
	if pressed == nil {
		d.t.Fatalf("pressed %q on %q, and nothing was heard of it", key, n.Title)
	}
	return pressed
}

// dunstMenu chooses from dunst's menu of actions, where each line ends with the notification's id and the key.
func (d *Desk) dunstMenu(n *Notification, key string) {
	d.t.Helper()
	d.write(filepath.Join(d.Dir, "picked"), fmt.Sprintf("[%d,%s]", n.ID, key), 0o600)
	d.callDunst("ContextMenuCall")
}

func (d *Desk) callDunst(method string) {
	d.t.Helper()
	o := d.session.conn.Object(notifications, dbus.ObjectPath("/org/freedesktop/Notifications"))
	if err := call(o, "org.dunstproject.cmd0."+method).Err; err != nil {
		d.t.Fatalf("dunst: %v", err)
	}
}

// clickColour waits for a patch of colour on the screen and clicks on it.
func (d *Desk) clickColour(c color.RGBA) {
	d.t.Helper()
	var at image.Point
	var since time.Time
	Until(d.t, patience, "the button "+hex(c)+" on the screen", func() bool {
		before := at
		var found bool
		if at, found = findPatch(d.x.screen(d.t), c); !found || at != before {
			since = time.Now()
		}
		return found && time.Since(since) >= settled
	})
	d.Person().Click(at)
}

// settled is how long a thing must have been seen in the same place before it is clicked on.
const settled = 100 * time.Millisecond

// findPatch finds a run of pixels of one colour and returns a point inside.
func findPatch(img *image.RGBA, c color.RGBA) (image.Point, bool) {
	patch := bytes.Repeat([]byte{c.R, c.G, c.B, c.A}, 6)
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		if i := bytes.Index(row, patch); i >= 0 {
			return image.Pt(i/4+3, y+2), true
		}
	}
	return image.Point{}, false
}
