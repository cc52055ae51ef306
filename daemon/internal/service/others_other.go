//go:build !linux

package service

import "context"

// OtherReminders are not looked for here.
func OtherReminders(context.Context) []string { return nil }

// IsDaemon cannot be told here.
func IsDaemon(int) bool { return false }

// Daemons are not looked for here.
func Daemons() []int { return nil }
