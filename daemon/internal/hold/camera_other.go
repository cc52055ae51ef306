//go:build !linux

package hold

import "context"

// cameras cannot be looked at on this system.
type cameras struct{}

var ourCameras cameras

func (cameras) look(context.Context) ([]Found, string, error) { return nil, "", ErrUnseen }

func (cameras) hear(context.Context, []Found, func()) error { return ErrUnseen }
