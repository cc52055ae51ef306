//go:build !linux

package service

// OtherReminders are not looked for here.
func OtherReminders() []string { return nil }
