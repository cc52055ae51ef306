package hold

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// A recorder is a stream that records, as a made-up sound server tells of it.
type recorder struct {
	name, binary, title string
	client, source      uint32
	resampler           string
	monitor             string // PipeWire's property
	corked              bool
}

// Sources of the made-up server.
const (
	microphoneSource = 7
	monitorSource    = 8
)

func (r recorder) tags(index uint32) (t tags) {
	t.number(index)
	t.text(r.title)
	t.number(3)
	t.number(r.client)
	t.number(r.source)
	t = append(t, 'a', 3, 1, 0, 0, 0xac, 0x44, 'm', 1, 0)
	t = append(t, 'U', 0, 0, 0, 0, 0, 0, 0, 1, 'U', 0, 0, 0, 0, 0, 0, 0, 2)
	t.text(r.resampler)
	t.nothing() // driver
	t = append(t, 'P')
	for _, p := range [][2]string{{"media.title", r.title}, {propName, r.name}, {propBinary, r.binary}, {propMeter, r.monitor}} {
		if p[1] != "" {
			t.text(p[0])
			t.number(uint32(len(p[1]) + 1))
			t.blob(append([]byte(p[1]), 0))
		}
	}
	t.nothing()
	return append(t, map[bool]byte{true: '1', false: '0'}[r.corked])
}

// soundServer serves the protocol on a socket of its own, which it makes the one in use.
func soundServer(t *testing.T, serve func(command uint32, args *answer) (kind uint32, reply tags)) {
	t.Helper()
	soundServerConn(t, func(_ io.Writer, command uint32, args *answer) (uint32, tags) { return serve(command, args) })
}

// packet is what the body is sent in.
func packet(body tags) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	return append(append(binary.BigEndian.AppendUint32(head, pulseNone), make([]byte, 12)...), body...)
}

// soundServerConn is soundServer with the connection, for a server that speaks unasked.
func soundServerConn(t *testing.T, serve func(conn io.Writer, command uint32, args *answer) (kind uint32, reply tags)) {
	t.Helper()
	dir, err := os.MkdirTemp("", "snd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "native")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	t.Setenv("PULSE_SERVER", "{0123}unix:"+path)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				p := &pulse{conn: conn}
				for {
					a, err := p.read()
					if err != nil {
						return
					}
					command, tag := a.number(), a.number()
					kind, reply := serve(conn, command, a)
					var body tags
					body.number(kind)
					body.number(tag)
					body = append(body, reply...)
					if _, err := conn.Write(packet(body)); err != nil {
						return
					}
				}
			}()
		}
	}()
}

// telling answers as PulseAudio does for these streams.
func telling(streams ...recorder) func(uint32, *answer) (uint32, tags) {
	return func(command uint32, args *answer) (uint32, tags) {
		var t tags
		switch command {
		case pulseSourceOutputList:
			for i, r := range streams {
				t = append(t, r.tags(uint32(i))...)
			}
		case pulseSourceInfo:
			source := args.number()
			t.number(source)
			t.text("source")
			t.text("A source")
			t = append(t, 'a', 3, 2, 0, 0, 0xac, 0x44, 'm', 2, 1, 2)
			t.number(1)
			t = append(t, 'v', 2, 0, 1, 0, 0, 0, 1, 0, 0, '1')
			if source == monitorSource {
				t.number(5)
			} else {
				t.number(pulseNone)
			}
		case pulseServerInfo:
			t.text("sound")
			t.text("1.0")
		default:
			t.number(pulseVersion)
		}
		return pulseReply, t
	}
}

func microphone(t *testing.T) ([]Stream, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	return Microphone(ctx)
}

// TestWhatIsACall: what records from a microphone may be a call, whatever it is called and however long its title is;
// what only measures, waits, or listens to what is played is none.
func TestWhatIsACall(t *testing.T) {
	talk := recorder{name: "Talk", binary: "talk", client: 4, source: microphoneSource, resampler: "copy"}
	with := func(change func(*recorder)) recorder { r := talk; change(&r); return r }
	for _, tt := range []struct {
		name string
		recorder
		want string // the program, empty for no call
	}{
		{"a call", talk, "Talk"},
		{"a long title", with(func(r *recorder) { r.title = strings.Repeat("x", 5000) }), "Talk"},
		{"WebRTC", with(func(r *recorder) { r.name, r.binary = "WEBRTC VoiceEngine", "Discord" }), "Discord"},
		{"no name", with(func(r *recorder) { r.name = "" }), "talk"},
		{"no name at all", with(func(r *recorder) { r.name, r.binary = "", "" }), "a program without a name"},
		{"an odd name", with(func(r *recorder) { r.name = "Talk\n\x1b[2J\xff " + strings.Repeat("y", 80) }), "Talk [2J " + strings.Repeat("y", 50) + "…"},
		{"paused", with(func(r *recorder) { r.corked = true }), ""},
		{"the sound that is played", with(func(r *recorder) { r.source = monitorSource }), ""},
		{"PulseAudio's meter", with(func(r *recorder) { r.resampler = "peaks" }), ""},
		{"PipeWire's meter", with(func(r *recorder) { r.monitor = "true" }), ""},
		{"the server's own", with(func(r *recorder) { r.client = pulseNone }), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			soundServer(t, telling(with(func(r *recorder) { r.corked = true }), tt.recorder))
			streams, err := microphone(t)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(streams) > 0 {
				got = streams[0].Program
				if id := streams[0].ID; id != "stream 1 of 4" {
					t.Errorf("its id is %q", id)
				}
			}
			if len(streams) > 1 || got != tt.want {
				t.Errorf("got %+v, want %q", streams, tt.want)
			}
		})
	}
}

// TestSoundServersThatFail: whatever the server does, a look ends in time, and with an error.
func TestSoundServersThatFail(t *testing.T) {
	good := telling(recorder{name: "Talk", client: 4, source: microphoneSource})
	hang := make(chan struct{})
	defer close(hang)
	for name, serve := range map[string]func(uint32, *answer) (uint32, tags){
		"refuses": func(uint32, *answer) (uint32, tags) { var t tags; t.number(1); return pulseError, t },
		"hangs":   func(uint32, *answer) (uint32, tags) { <-hang; return 0, nil },
		"cut short": func(c uint32, a *answer) (uint32, tags) {
			kind, t := good(c, a)
			if c == pulseSourceOutputList {
				t = t[:len(t)-3]
			}
			return kind, t
		},
		"chatters": func(c uint32, a *answer) (uint32, tags) { return 66, nil },
	} {
		t.Run(name, func(t *testing.T) {
			soundServer(t, serve)
			began := time.Now()
			if streams, err := microphone(t); err == nil {
				t.Errorf("got %+v", streams)
			}
			if took := time.Since(began); took > 1500*time.Millisecond {
				t.Errorf("it took %v", took)
			}
		})
	}
	for _, server := range []string{"/nowhere/native", "tcp:far.example:4713"} {
		t.Setenv("PULSE_SERVER", server)
		if _, err := microphone(t); !errors.Is(err, ErrNoSound) {
			t.Errorf("%s: %v", server, err)
		}
	}
}

// TestSoundServerFloods: a server cannot have us fill the memory.
func TestSoundServerFloods(t *testing.T) {
	client, server := net.Pipe()
	defer server.Close()
	go func() {
		head := binary.BigEndian.AppendUint32(nil, pulseMost+1)
		_, _ = server.Write(append(binary.BigEndian.AppendUint32(head, pulseNone), make([]byte, 12)...))
		_, _ = io.Copy(io.Discard, server)
	}()
	if _, err := (&pulse{conn: client}).read(); !errors.Is(err, errPulseWire) {
		t.Errorf("got %v", err)
	}
}

// FuzzAnswer: nothing that a server says breaks the look.
func FuzzAnswer(f *testing.F) {
	r := recorder{name: "Talk", binary: "talk", client: 4, source: 7, title: "title"}
	f.Add([]byte(r.tags(1)))
	f.Add([]byte(append(r.tags(1), r.tags(2)...)))
	f.Add(bytes.Repeat([]byte("P"), 100))
	f.Fuzz(func(t *testing.T, data []byte) {
		a := &answer{rest: data}
		n := 0
		for ; len(a.rest) > 0; n++ {
			a.sourceOutput()
		}
		if a.err == nil && n > 0 && len(data) < 30*n {
			t.Errorf("%d streams in %d bytes", n, len(data))
		}
	})
}

// FuzzEvents: nothing that a server sends unasked breaks who listens, or is taken for word of a change that it is not.
func FuzzEvents(f *testing.F) {
	change := event(0x10 | pulseEventSourceOutput)
	f.Add(change)
	f.Add(slices.Concat(event(0), event(0x20), change))
	f.Add(change[:30])
	f.Add(packet(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		client, server := net.Pipe()
		defer client.Close()
		go func() {
			defer server.Close()
			_, _ = server.Write(data)
		}()
		p := &pulse{conn: client}
		if err := p.await(); err == nil != p.stirred {
			t.Errorf("%v, and stirred: %t", err, p.stirred)
		}
		if p.stirred && len(data) < len(change) {
			t.Errorf("word of a change in %d bytes", len(data))
		}
	})
}

// TestPulseAudio is the look at the real server, with everything that records and is no call beside what is one.
func TestPulseAudio(t *testing.T) {
	desk := hearing(t)
	programs := func() []string {
		t.Helper()
		streams, err := microphone(t)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, s := range streams {
			all = append(all, s.Program)
		}
		return all
	}
	pactl(t, desk.Command("pactl", "load-module", "module-loopback", "source=microphone", "sink=loudspeaker"))
	desk.Record("--device=loudspeaker.monitor", "--client-name=Screencast")
	if got := programs(); got != nil {
		t.Errorf("without a call: %q", got)
	}
	hangUp := desk.Record("--stream-name=" + strings.Repeat("a long title ", 200))
	desktest.Until(t, 10*time.Second, "the call", func() bool { return slices.Equal(programs(), []string{"Talk"}) })
	hangUp()
	desktest.Until(t, 10*time.Second, "its end", func() bool { return programs() == nil })
}

func pactl(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("pactl: %w %s", err, out))
	}
}
