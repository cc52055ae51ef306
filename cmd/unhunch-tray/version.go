//go:build windows || cgo

package main

import "runtime/debug"

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version string

// buildVersion is the version of this program, from the module where none was set.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
