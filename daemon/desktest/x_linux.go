package desktest

import (
	"fmt"
	"image"
	"image/png"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// The size of the desk's screen, in pixels.
const (
	screenWidth  = 1024
	screenHeight = 700
)

func init() {
	// xgb reports the end of each connection to standard error. Connections read the logger without a lock.
	xgb.Logger = log.New(io.Discard, "", 0)
}

// An xserver is Xvfb and the person's connection to it.
type xserver struct {
	proc   *proc
	number *os.File // Xvfb writes its display number here when it is ready
	conn   *xgb.Conn
	root   xproto.Window
}

// launchX starts Xvfb on the given display, or on a free one when display is empty. It is not up yet.
func (d *Desk) launchX(display string) *xserver {
	d.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	defer write.Close()
	args := []string{
		"-displayfd", "3", "-noreset", "-nolisten", "tcp",
		"-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight),
	}
	if display != "" {
		args = append([]string{display}, args...)
	}
	cmd := d.Command("Xvfb", args...)
	cmd.ExtraFiles = []*os.File{write}
	return &xserver{proc: d.run("Xvfb", cmd), number: read}
}

// waitUp waits for the server, connects the person's keyboard and pointer, and returns the display's name.
func (x *xserver) waitUp(d *Desk) string {
	d.t.Helper()
	_ = x.number.SetReadDeadline(time.Now().Add(patience))
	number, err := io.ReadAll(x.number)
	x.number.Close()
	if err != nil || len(number) == 0 {
		d.t.Fatalf("no display number from Xvfb (%v)", err)
	}
	display := ":" + strings.TrimSpace(string(number))
	if x.conn, err = xgb.NewConnDisplay(display); err != nil {
		d.t.Fatalf("connecting to the X server: %v", err)
	}
	if err := xtest.Init(x.conn); err != nil {
		d.t.Fatalf("the X server has no XTEST: %v", err)
	}
	x.root = xproto.Setup(x.conn).DefaultScreen(x.conn).Root
	return display
}

func (x *xserver) close() {
	if x != nil && x.conn != nil {
		x.conn.Close()
		x.conn = nil
	}
}

// fake sends one input event to the server and returns when it has been dealt with.
func (x *xserver) fake(t T, event, detail byte, at image.Point) {
	t.Helper()
	if x == nil || x.conn == nil {
		t.Fatalf("there is no X server to give input to")
	}
	err := xtest.FakeInputChecked(x.conn, event, detail, 0, x.root, int16(at.X), int16(at.Y), 0).Check()
	if err != nil {
		t.Fatalf("input through XTEST: %v", err)
	}
}

// screen is a picture of the whole screen.
func (x *xserver) screen(t T) *image.RGBA {
	t.Helper()
	shot, err := xproto.GetImage(x.conn, xproto.ImageFormatZPixmap, xproto.Drawable(x.root),
		0, 0, screenWidth, screenHeight, ^uint32(0)).Reply()
	if err != nil {
		t.Fatalf("reading the screen: %v", err)
	}
	img := image.NewRGBA(image.Rect(0, 0, screenWidth, screenHeight))
	for i := 0; i < len(img.Pix); i += 4 { // the server's pixels are blue, green, red, unused
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = shot.Data[i+2], shot.Data[i+1], shot.Data[i], 0xff
	}
	return img
}

// Screenshot writes a PNG of the whole screen.
func (d *Desk) Screenshot(path string) {
	d.t.Helper()
	f, err := os.Create(path)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	defer f.Close()
	if err := png.Encode(f, d.x.screen(d.t)); err != nil {
		d.t.Fatalf("writing %s: %v", path, err)
	}
}

// StopX takes the X server away, and with it all that was on the screen. The display stays this desk's own: another
// desk's server, coming up meanwhile, would be taken for ours that has come back.
func (d *Desk) StopX() {
	d.t.Helper()
	d.stopClients()
	d.x.close()
	d.x.proc.kill(d.t)
	// A server that looks for a free display tries the abstract sockets. Nothing on the desk calls there.
	var err error
	if d.reserved, err = net.Listen("unix", "@/tmp/.X11-unix/X"+strings.TrimPrefix(d.Display, ":")); err != nil {
		d.t.Fatalf("keeping display %s: %v", d.Display, err)
	}
	d.t.Cleanup(func() { _ = d.reserved.Close() })
}

// StartX starts the X server again on the same display, with the same clients.
func (d *Desk) StartX() {
	d.t.Helper()
	_ = d.reserved.Close()
	d.x = d.launchX(d.Display)
	if got := d.x.waitUp(d); got != d.Display {
		d.t.Fatalf("the X server came back as %s, not %s", got, d.Display)
	}
	d.startClients()
}
