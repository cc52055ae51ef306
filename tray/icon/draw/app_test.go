package main

import (
	"encoding/xml"
	"testing"
)

func TestAppIcon(t *testing.T) {
	all, err := appFiles()
	if err != nil {
		t.Fatal(err)
	}
	var svg struct {
		Groups []struct {
			Paths []struct {
				D string `xml:"d,attr"`
			} `xml:"path"`
		} `xml:"g"`
	}
	if err := xml.Unmarshal(all["scalable/apps/unhunch.svg"], &svg); err != nil || len(svg.Groups) != 4 {
		t.Errorf("not the tile in two tones, a chair and a person: %v %+v", err, svg)
	}
	small := decode(t, "app.png", all["16x16/apps/unhunch.png"])[0]
	if small.Rect.Dx() != 16 || small.Rect.Dy() != 16 {
		t.Errorf("16 pixels are %v", small.Rect)
	}
	// In the menu of applications it is not taken for a state of the tray's.
	for _, f := range figures() {
		if alike(small, render(f, 16)) {
			t.Errorf("it looks like the tray's %s", f.name)
		}
	}
}
