package icon

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"runtime"
	"testing"
)

func TestEveryIDHasItsIcon(t *testing.T) {
	here, elsewhere, kind := PNG, ICO, "png"
	if runtime.GOOS == "windows" {
		here, elsewhere, kind = ICO, PNG, "ico"
	}
	seen := map[string]ID{}
	for id := range Count {
		got := here(id)
		want, err := os.ReadFile(fmt.Sprintf("%s/%s.%s", kind, id, kind))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%v: another icon is embedded than %s/%s.%s", id, kind, id, kind)
		}
		if other, ok := seen[string(got)]; ok {
			t.Errorf("%v and %v are the same", id, other)
		}
		seen[string(got)] = id
		if elsewhere(id) != nil {
			t.Errorf("%v: what another system needs is embedded too", id)
		}
	}
}

func TestPNGsAreSmallSquares(t *testing.T) {
	const most = 4 << 10
	for id := range Count {
		data := PNG(id)
		if data == nil {
			t.Skip("no PNGs on this system")
		}
		img, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%v: %v", id, err)
			continue
		}
		if img.Width != img.Height {
			t.Errorf("%v is %d by %d", id, img.Width, img.Height)
		}
		if len(data) > most {
			t.Errorf("%v has %d bytes, more than %d", id, len(data), most)
		}
	}
}

// TestBytesStay: C reads the bytes after SetIcon has returned, so every call must answer with the same ones.
func TestBytesStay(t *testing.T) {
	for id := range Count {
		if a, b := PNG(id), PNG(id); a != nil && &a[0] != &b[0] {
			t.Errorf("%v: the PNG was copied", id)
		}
		if n := testing.AllocsPerRun(10, func() { PNG(id); ICO(id) }); n != 0 {
			t.Errorf("%v: %v allocations", id, n)
		}
	}
}

func TestString(t *testing.T) {
	for id, want := range map[ID]string{Upright: "upright", Down: "down", -1: "no icon", Count: "no icon"} {
		if got := id.String(); got != want {
			t.Errorf("ID(%d) is %q, not %q", int(id), got, want)
		}
	}
}
