//go:build race

package desktest

const raceEnabled = true
