package desktest

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"syscall"
)

const watcherName = "org.kde.StatusNotifierWatcher"

// xfcePanelXML is a panel with nothing but a tray.
const xfcePanelXML = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator"><property name="expand" type="bool" value="true"/></property>
    <property name="plugin-2" type="string" value="systray"/>
  </property>
</channel>
`

// panelHeight is that of the panel above, in pixels, at the top of the screen.
const panelHeight = 30

// What is looked at to find the icons on the panel.
const (
	mostIcons    = 5 // so many have room at its end
	panelMargin  = 3 // so many pixels at the top and the bottom are border
	smallestIcon = 8 // what is narrower is a line that the panel draws
)

// StartPanel starts the panel of a desk that has one, and waits until it takes icons.
func (d *Desk) StartPanel() {
	d.t.Helper()
	d.panel = d.run("panel", d.Command("xfce4-panel", "--disable-wm-check"))
	d.waitName(watcherName)
}

// KillPanel kills the panel, and all icons with it.
func (d *Desk) KillPanel() {
	d.t.Helper()
	d.panel.kill(d.t)
	d.panel = nil
	Until(d.t, patience, "the panel's tray to be gone", func() bool { return !d.hasOwner(watcherName) })
}

// FreezePanel stops the panel without ending it: it owns the tray and answers nobody.
func (d *Desk) FreezePanel() {
	d.t.Helper()
	d.panel.signal(d.t, syscall.SIGSTOP)
}

// ThawPanel lets a frozen panel go on.
func (d *Desk) ThawPanel() {
	d.t.Helper()
	d.panel.signal(d.t, syscall.SIGCONT)
}

// RestartPanel kills the panel and starts it again.
func (d *Desk) RestartPanel() {
	d.t.Helper()
	d.KillPanel()
	d.StartPanel()
}

// mostEntries in one menu among which a mouse finds its way.
const mostEntries = 40

// entryColour is the background of the nth visible line of a menu, from 0: all nearly one colour to the eye, each its
// own to a test that wants to find it on the screen.
func entryColour(n int) color.RGBA {
	return color.RGBA{0xf4 + byte(n/8), 0xf4, 0xf0 + byte(n%8), 0xff}
}

// menuTheme is the style sheet of all GTK programs on the desk.
func menuTheme() string {
	var css strings.Builder
	for n := range mostEntries {
		fmt.Fprintf(&css, "menu > menuitem:nth-child(%d) { background: %s; }\n", n+1, hex(entryColour(n)))
		fmt.Fprintf(&css, "menu > menuitem:nth-child(%d):hover { background: #3584e4; }\n", n+1)
	}
	return css.String()
}

// PanelIcon is where the icons on the panel are drawn, if there are any.
func (d *Desk) PanelIcon() (where image.Rectangle, drawn bool) {
	d.t.Helper()
	screen := d.x.screen(d.t)
	empty := screen.RGBAAt(panelHeight, panelHeight/2)
	for x := screenWidth - mostIcons*panelHeight; x < screenWidth; x++ {
		for y := panelMargin; y < panelHeight-panelMargin; y++ {
			if screen.RGBAAt(x, y) != empty {
				where = where.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return where, where.Dx() >= smallestIcon
}
