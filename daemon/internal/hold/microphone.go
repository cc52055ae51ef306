package hold

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A Stream is a program that is recording from a microphone.
type Stream struct {
	ID      string   // tells it from others while it lasts; numbers alone
	Program string   // as doctor names it
	Names   []string // other names of the program
}

// Microphone looks once which programs record from a microphone, over a connection made for it. What records the sound
// that is played is not among them, nor a meter that only draws how loud it is, nor a stream that is paused, nor what the
// sound server does for itself. ctx must have a deadline.
func Microphone(ctx context.Context) ([]Stream, error) {
	p, err := dialPulse(ctx)
	if err != nil {
		return nil, err
	}
	defer p.close()
	return p.microphone()
}

// Found is a stream as a reason to stay quiet.
func (s Stream) Found() Found {
	return Found{Reason: Call, ID: s.ID, By: ByMicrophone, Program: s.Program, names: s.Names}
}

// FollowMicrophone tells what Microphone would tell, first at once and then when it may have changed, until ctx ends or tell
// says that it has heard enough. It keeps one connection to the sound server, which sends word; where that is lost, or the
// server makes no sense, it ends with an error. Streams that change all the time are told of once a second.
func FollowMicrophone(ctx context.Context, tell func([]Stream) (more bool)) error {
	p, err := subscribe(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	defer context.AfterFunc(ctx, p.close)()
	for {
		p.stirred = false
		streams, err := p.microphone()
		if err != nil {
			return err
		}
		if !tell(streams) {
			return nil
		}
		told := time.Now()
		if err := p.await(); err != nil {
			return err
		}
		if !pause(ctx, max(settle, time.Until(told.Add(lookAgain)))) {
			return ctx.Err()
		}
		_ = p.conn.SetDeadline(time.Now().Add(lookTime))
	}
}

// subscribe connects to a sound server that sends word of what records.
func subscribe(ctx context.Context) (*pulse, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	p, err := dialPulse(ctx)
	if err != nil {
		return nil, err
	}
	var what tags
	what.number(pulseSourceOutputs)
	if _, err := p.ask(pulseSubscribe, what); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// hearStreams listens to the microphones. It is heard only when one of these no longer records: a server sends word of every
// change of volume, too.
func hearStreams(ctx context.Context, to []Found, heard func()) error {
	err := FollowMicrophone(ctx, func(streams []Stream) (more bool) {
		left := slices.DeleteFunc(slices.Clone(to), func(f Found) bool {
			return !slices.ContainsFunc(streams, func(s Stream) bool { return s.ID == f.ID })
		})
		if len(left) < len(to) {
			heard()
		}
		to = left
		return len(to) > 0
	})
	if err == nil {
		<-ctx.Done() // there is nothing more to hear
	}
	return err
}

func (p *pulse) microphone() ([]Stream, error) {
	a, err := p.ask(pulseSourceOutputList, nil)
	if err != nil {
		return nil, err
	}
	var all []sourceOutput
	for len(a.rest) > 0 {
		all = append(all, a.sourceOutput())
	}
	if a.err != nil {
		return nil, a.err
	}
	var streams []Stream
	monitors := map[uint32]bool{}
	for _, o := range all {
		if o.corked || o.client == pulseNone || o.meter() {
			continue
		}
		monitor, known := monitors[o.source]
		if !known {
			if monitor, err = p.isMonitor(o.source); err != nil {
				return nil, err
			}
			monitors[o.source] = monitor
		}
		if !monitor {
			streams = append(streams, o.stream())
		}
	}
	return streams, nil
}

// isMonitor tells whether a source is the sound that is played, and no microphone.
func (p *pulse) isMonitor(source uint32) (bool, error) {
	var args tags
	args.number(source)
	args.nothing() // no name: by number
	a, err := p.ask(pulseSourceInfo, args)
	if err != nil {
		return false, err
	}
	a.number() // its number
	a.text()   // name
	a.text()   // description
	a.spec()
	a.channels()
	a.number() // module
	a.volume()
	a.truth() // muted: who has muted themselves is in a call all the same
	monitorOf := a.number()
	return monitorOf != pulseNone, a.err
}

// serverName is what the sound server calls itself.
func (p *pulse) serverName() (string, error) {
	a, err := p.ask(pulseServerInfo, nil)
	if err != nil {
		return "", err
	}
	name, version := a.text(), a.text()
	return strings.TrimSpace(name + " " + version), a.err
}

// A sourceOutput is a stream that records, as the server tells of it.
type sourceOutput struct {
	index, client, source uint32
	resampler             string
	corked                bool
	props                 map[string]string
}

// Properties of streams.
const (
	propName   = "application.name"
	propBinary = "application.process.binary"
	propMeter  = "stream.monitor" // PipeWire's word for a stream that only measures
)

func wanted(name string) bool {
	return slices.Contains([]string{propName, propBinary, propMeter}, name)
}

func (a *answer) sourceOutput() (o sourceOutput) {
	o.index = a.number()
	a.text() // what is recorded for: may be the title of a page
	a.number()
	o.client, o.source = a.number(), a.number()
	a.spec()
	a.channels()
	a.duration()
	a.duration()
	o.resampler = a.text()
	a.text()
	o.props = a.properties(wanted)
	o.corked = a.truth()
	return o
}

// meter tells whether the stream only measures how loud it is, as mixers do for as long as they are open.
func (o *sourceOutput) meter() bool { return o.resampler == "peaks" || o.props[propMeter] == "true" }

func (o *sourceOutput) stream() Stream {
	name, binary := o.props[propName], o.props[propBinary]
	// Of programs that use WebRTC's library, this is what the library calls itself.
	if name == "" || binary != "" && strings.HasPrefix(name, "WEBRTC ") {
		name, binary = binary, name
	}
	if name == "" {
		name = "a program without a name"
	}
	return Stream{ID: fmt.Sprintf("stream %d of %d", o.index, o.client), Program: plainName(name), Names: []string{binary}}
}

// plainName is a name that can be shown: on one line, and not longer than a name is.
func plainName(name string) string {
	const most = 60
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Join(strings.Fields(name), " ")
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most-1]) + "…"
	}
	return name
}
