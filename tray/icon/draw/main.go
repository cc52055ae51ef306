// Command draw draws the tray's icons and writes them beside package icon, which embeds them.
//
//	go run ./draw               writes png/NAME.png and ico/NAME.ico
//	go run ./draw -sheet FILE   writes all of them at all sizes on all panels, to be looked at
//	go run ./draw -app DIR      writes the program's own icon, for packages, as an icon theme has it
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
)

// drawn is how many pixels wide the PNGs are: see TestDrawnSize for why.
const drawn = 88

// inICO are the sizes in a Windows icon: of the notification area at 100, 150, 200 and 300 %.
var inICO = []int{16, 24, 32, 48}

func main() {
	contact := flag.String("sheet", "", "write a contact sheet to this `file` and no icons")
	theme := flag.String("app", "", "write the program's icon below this `directory` and no others")
	flag.Parse()
	if err := run(*contact, *theme); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func run(contact, theme string) error {
	if contact != "" {
		data, err := encodePNG(sheet(), png.DefaultCompression)
		if err != nil {
			return err
		}
		return os.WriteFile(contact, data, 0o644)
	}
	if theme != "" {
		icons, err := appFiles()
		if err != nil {
			return err
		}
		return write(theme, icons)
	}
	return write(".", files())
}

func write(dir string, all map[string][]byte) error {
	for name, data := range all {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// files are all icons as they are embedded, by their names in package icon.
func files() map[string][]byte {
	all := map[string][]byte{}
	for _, f := range figures() {
		data, err := encodePNG(render(f, drawn), png.BestCompression)
		if err != nil {
			panic(err) // writing to memory does not fail
		}
		all["png/"+f.name+".png"] = data
		var sizes []*image.NRGBA
		for _, size := range inICO {
			sizes = append(sizes, render(f, size))
		}
		all["ico/"+f.name+".ico"] = encodeICO(sizes...)
	}
	return all
}

func encodePNG(img image.Image, level png.CompressionLevel) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: level}
	err := e.Encode(&b, img)
	return b.Bytes(), err
}
