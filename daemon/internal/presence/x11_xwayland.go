package presence

import (
	"bytes"
	"context"
	"errors"

	"github.com/jezek/xgb"
)

// errXwayland is that a server has no input of its own: a Wayland compositor gives it what concerns X windows. To such a
// server a person who types in any other window is idle.
var errXwayland = errors.New("the X server is Xwayland")

// Requests of RANDR.
const (
	randrVersion   = 0
	randrOutput    = 9
	randrResources = 25
)

// isXwayland tells whether the server is Xwayland. It says so by an extension since 23.1; all of them name their outputs
// XWAYLAND0 and on.
func (s *server) isXwayland(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	own, err := s.extension(ctx, "XWAYLAND")
	if err != nil || own.present() {
		return err == nil, err
	}
	randr, err := s.extension(ctx, "RANDR")
	if err != nil || !randr.present() {
		return false, err
	}
	reply, err := s.ask(ctx, randr.major, randrVersion, words(1, 3)...)
	if err != nil || xgb.Get32(reply[8:]) == 1 && xgb.Get32(reply[12:]) < 3 {
		return false, err
	}
	if reply, err = s.ask(ctx, randr.major, randrResources, words(s.root)...); err != nil {
		return false, err
	}
	output, config := firstOutput(reply)
	if output == 0 {
		return false, nil
	}
	if reply, err = s.ask(ctx, randr.major, randrOutput, words(output, config)...); err != nil {
		return false, err
	}
	return bytes.HasPrefix(outputName(reply), []byte("XWAYLAND")), nil
}

// firstOutput finds the first output in the reply to GetScreenResourcesCurrent, and the configuration that it is of.
func firstOutput(reply []byte) (output, config uint32) {
	const fixed = 32
	if len(reply) < fixed {
		return 0, 0
	}
	at := fixed + 4*int(xgb.Get16(reply[16:])) // after the controllers
	if xgb.Get16(reply[18:]) == 0 || len(reply) < at+4 {
		return 0, 0
	}
	return xgb.Get32(reply[at:]), xgb.Get32(reply[12:])
}

// outputName finds the name in the reply to GetOutputInfo, behind three lists.
func outputName(reply []byte) []byte {
	const fixed = 36
	if len(reply) < fixed {
		return nil
	}
	lists := int(xgb.Get16(reply[26:])) + int(xgb.Get16(reply[28:])) + int(xgb.Get16(reply[32:]))
	at, length := fixed+4*lists, int(xgb.Get16(reply[34:]))
	if len(reply) < at+length {
		return nil
	}
	return reply[at : at+length]
}
