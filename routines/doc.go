// Package routines holds the catalogue of exercises, plans sessions from it and plays them.
//
// It is pure but for its embedded data: it takes time as a value, starts no goroutine and reads no clock.
// A [Catalogue] is what there is, a [Plan] is one session on paper, a [Player] is that session being done.
package routines
