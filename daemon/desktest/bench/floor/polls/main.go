// Command polls asks the X server once a second how long nobody has typed, as many programs of our kind do: what there
// is to save by not doing so.
package main

import (
	"log"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"
)

func main() {
	x, err := xgb.NewConn()
	if err != nil {
		log.Fatal(err)
	}
	if err := screensaver.Init(x); err != nil {
		log.Fatal(err)
	}
	root := xproto.Setup(x).DefaultScreen(x).Root
	for range time.Tick(time.Second) {
		if _, err := screensaver.QueryInfo(x, xproto.Drawable(root)).Reply(); err != nil {
			log.Fatal(err)
		}
	}
}
