package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

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
	return unversioned
}

// unversioned is the version of a program that was built without one.
const unversioned = "dev"

func (v *invocation) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Which version this is",
		Example: "  unhunch version",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if v.json {
				return v.printJSON(map[string]string{"version": buildVersion(), "go": runtime.Version()})
			}
			return v.print("unhunch " + buildVersion())
		},
	}
}
