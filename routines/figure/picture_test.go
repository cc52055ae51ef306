package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the golden files")

func TestGolden(t *testing.T) {
	for name, draw := range map[string]func() string{
		"cat-cow.svg":            func() string { return string(must(t, "cat-cow").SVG("", "Cat and cow")) },
		"neck-tilts-left.svg":    func() string { return string(must(t, "neck-tilts").Fragment(Left, "Neck tilts, left")) },
		"marching.braille.txt":   func() string { return must(t, "marching").Braille("", 30, 18) },
		"supine-twist.left.txt":  func() string { return must(t, "supine-twist").Braille(Left, 30, 18) },
		"cat-cow.blocks.txt":     func() string { return must(t, "cat-cow").Text("", 2*time.Second, Blocks, 44, 14) },
		"desk-lean.ascii.txt":    func() string { return must(t, "desk-lean").Text("", 3*time.Second, ASCII, 44, 18) },
		"knee-to-chest.left.txt": func() string { return must(t, "knee-to-chest").Braille(Left, 36, 10) },
	} {
		path := filepath.Join("testdata", name)
		got := draw()
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s has changed; look at it, then run: go test ./routines/figure -update\n%s", name, got)
		}
	}
}

func must(t *testing.T, id string) Figure {
	t.Helper()
	f, ok := Of(id)
	if !ok {
		t.Fatalf("%s is not drawn", id)
	}
	return f
}

func TestSVGIsSmallAndWellFormed(t *testing.T) {
	const most = 8192
	for _, f := range all(t) {
		for _, side := range []string{"", Left, Right} {
			file, fragment := f.SVG(side, `A "<&> title`), f.Fragment(side, "x")
			if len(file) > most {
				t.Errorf("%s: %d bytes of SVG", f.ID, len(file))
			}
			for _, doc := range [][]byte{file, fragment} {
				d := xml.NewDecoder(bytes.NewReader(doc))
				for {
					if _, err := d.Token(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s: %v", f.ID, err)
					}
				}
				for _, need := range []string{"<title>", "<desc>", `role="img"`, "fig-move", "fig-still"} {
					if !bytes.Contains(doc, []byte(need)) {
						t.Errorf("%s: no %s", f.ID, need)
					}
				}
			}
			if bytes.Contains(fragment, []byte("style")) || bytes.Contains(fragment, []byte("script")) || bytes.Contains(fragment, []byte(" id=")) {
				t.Errorf("%s: the fragment has styles of its own, which a strict policy refuses, or ids, which a second one on the page would repeat", f.ID)
			}
		}
	}
}

// TestKeyTimesAreOfTheirValues: browsers drop an animation whose times and values are not as many, or out of order.
func TestKeyTimesAreOfTheirValues(t *testing.T) {
	animation := regexp.MustCompile(`keyTimes="([^"]*)" values="([^"]*)"`)
	for _, f := range all(t) {
		found := animation.FindAllStringSubmatch(string(f.SVG("", "x")), -1)
		if len(found) == 0 {
			t.Errorf("%s does not move", f.ID)
		}
		for _, m := range found {
			times, values := strings.Split(m[1], ";"), strings.Split(m[2], ";")
			if len(times) != len(values) || times[0] != "0" || times[len(times)-1] != "1" {
				t.Errorf("%s: %d times, %d values, from %s to %s", f.ID, len(times), len(values), times[0], times[len(times)-1])
			}
			before := -1.0
			for _, s := range times {
				var v float64
				if _, err := fmt.Sscan(s, &v); err != nil || v < before {
					t.Errorf("%s: times %s", f.ID, m[1])
				}
				before = v
			}
			digits := regexp.MustCompile(`[-0-9. ]+`)
			for _, v := range values[1:] {
				if digits.ReplaceAllString(v, "") != digits.ReplaceAllString(values[0], "") {
					t.Errorf("%s: %s cannot become %s", f.ID, values[0], v)
				}
			}
		}
	}
}

// TestStylesheetHasThePalettes: pictures on the page and in notifications are of one kind.
func TestStylesheetHasThePalettes(t *testing.T) {
	light, dark, _ := strings.Cut(Stylesheet, "@media")
	for part, p := range map[string]palette{light: lightCard, dark: darkCard} {
		for i, c := range p.tones {
			want := fmt.Sprintf("--fig-%s:#%02x%02x%02x", toneNames[i], c.R, c.G, c.B)
			if !strings.Contains(part, want) {
				t.Errorf("the stylesheet has no %s", want)
			}
		}
	}
}

func TestPNG(t *testing.T) {
	f := must(t, "knee-to-chest")
	for _, px := range []int{1, 32, 256} {
		for _, dark := range []bool{false, true} {
			img, err := png.Decode(bytes.NewReader(f.PNG("", px, dark)))
			if err != nil {
				t.Fatal(err)
			}
			if img.Bounds().Dx() != px || img.Bounds().Dy() != px {
				t.Errorf("%v, not %d", img.Bounds(), px)
			}
		}
	}
	const px = 64
	right, left := f.Image(Right, px, false), f.Image(Left, px, false)
	inked := 0
	for y := range px {
		for x := range px {
			a, b := right.NRGBAAt(x, y), left.NRGBAAt(px-1-x, y)
			if d := int(a.R) - int(b.R); d < -2 || d > 2 {
				t.Fatalf("at %d, %d the left is not the mirror image of the right", x, y)
			}
			if a.A == 255 && a != lightCard.card {
				inked++
			}
		}
	}
	if inked < px*px/20 {
		t.Errorf("only %d pixels of figure", inked)
	}
	if a := right.NRGBAAt(0, 0).A; a != 0 {
		t.Errorf("the corner has alpha %d", a)
	}
}

func TestTextFits(t *testing.T) {
	for _, f := range all(t) {
		for _, set := range []Charset{Braille, Blocks, ASCII} {
			for _, size := range [][2]int{{1, 1}, {20, 8}} {
				text := f.Text(Left, time.Second, set, size[0], size[1])
				lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
				if len(lines) != size[1] {
					t.Errorf("%s: %d lines, not %d", f.ID, len(lines), size[1])
				}
				for _, line := range lines {
					if utf8.RuneCountInString(line) > size[0] {
						t.Errorf("%s: %q is wider than %d", f.ID, line, size[0])
					}
				}
				if size[0] > 1 && strings.TrimSpace(text) == "" {
					t.Errorf("%s: nothing is seen", f.ID)
				}
			}
		}
		if f.Braille("", 0, 5) != "" {
			t.Error("something in no columns")
		}
	}
}
