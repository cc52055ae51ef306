package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon"
	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

const checkRoutinesHelp = `Look for mistakes in an exercise or a routine of your own, or in all of a folder.
Without an argument: in your own folder, whose files are taken into use as soon
as they are saved there.

The exit code is 0 if everything is in order, 1 if a file is not, and 2 if there
is no such file.

An exercise is a file like this:

` + ownExercise + `
gentle and an empty avoid_with go together: such an exercise is planned for
anybody. Anything else is moderate or advanced, says how often a day at most
(per_day, 1 to 3), and names in avoid_with the questions that rule it out:
  surgery bone pregnancy heart eyes reflux disc slip shoulder dizzy blood joints leg
What the body is needed for goes into needs:
  standing kneeling overhead both-arms legs getting-down

A routine is a file like this:

` + ownRoutine + `
An id or a name that comes with the program cannot be taken.`

// The examples are those of the README, where a test checks them.
const (
	ownExercise = `id = "desk-circles"
name = "Desk circles"
spoken = "desk circles"          # the short form in a reminder, lower case
author = "Kim Example"
source = ["my physiotherapist, spring 2026"]
kind = "stretch"                 # or warmup, strength, traction
level = "gentle"                 # or moderate, advanced
place = "standing"               # or chair, floor, bar, table
equipment = []
avoid_with = []                  # whom it is not for; [] means that it suits anybody
direction = ["rotation"]         # what it moves
hold_s = { min = 0, max = 0 }    # seconds to stay in it, 0 to keep moving
work_s = { min = 15, max = 40 }  # seconds a session may give to each side
reps = 0                         # 0 where only time is counted
sides = 2
setup = "Stand beside the desk, one hand on it."
steps = ["Let the free arm hang.", "Draw slow circles with it.", "Stop while it still feels easy."]
benefits = ["May ease stiffness in the shoulder."]
cautions = ["Small circles; nothing should hurt."]

[cues]                           # at most 12 words each; both = […] where sides is 1
left = ["Slow circles with the left arm.", "The other way round."]
right = ["Slow circles with the right arm.", "The other way round."]
`
	ownRoutine = `id = "before-lunch"
name = "Before lunch"
place = "standing"

[[moves]]
exercise = "marching"
work_s = 30

[[moves]]
exercise = "desk-circles"
work_s = 20
`
)

func (v *invocation) checkRoutinesCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "check [FILE]",
		Short:   "Look for mistakes in exercises and routines of your own",
		Long:    checkRoutinesHelp,
		Example: "  unhunch routines check my-stretch.toml\n  unhunch routines check --json",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				return v.checkRoutines(args[0])
			}
			return v.checkOwnFolder()
		},
	}
}

// checkOwnFolder is fine with a folder that is not there: nobody has to have any.
func (v *invocation) checkOwnFolder() error {
	folder, err := daemon.OwnFolder()
	if err != nil {
		return err
	}
	err = v.checkRoutines(folder)
	if _, absent := errors.AsType[*usageError](err); !absent {
		return err
	}
	if v.json {
		return v.printJSON(routinesReport{Path: folder, OK: true, Faults: []routines.Fault{}})
	}
	return v.print("you have no exercises of your own; they would be in " + folder)
}

// A routinesReport is what --json prints.
type routinesReport struct {
	Path   string           `json:"path"`
	OK     bool             `json:"ok"`
	Faults []routines.Fault `json:"faults"`
}

func (v *invocation) checkRoutines(path string) error {
	faults, err := daemon.CheckOwn(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &usageError{"there is no file " + words.Path(path), "see: unhunch routines check --help"}
	}
	if err != nil {
		return err
	}
	report := routinesReport{Path: path, OK: len(faults) == 0, Faults: append([]routines.Fault{}, faults...)}
	if v.json {
		if err := v.printJSON(report); err != nil {
			return err
		}
	}
	switch {
	case !report.OK:
		return &ownFaults{faults, v.json}
	case v.json:
		return nil
	}
	return v.print(path + " is in order")
}

// leftOut says on standard error that own files are missing from what is shown, and why.
func (v *invocation) leftOut(faults []routines.Fault) {
	last := ""
	for _, f := range faults {
		if f.File != last {
			fmt.Fprintln(v.err, f.Error())
		}
		last = f.File
	}
	if len(faults) > 0 {
		fmt.Fprintln(v.err, "see: unhunch routines check")
	}
}

// ownFaults are mistakes in own files.
type ownFaults struct {
	faults []routines.Fault
	listed bool // they are on standard output already
}

func (e *ownFaults) Error() string {
	count := "1 mistake was found"
	if n := len(e.faults); n > 1 {
		count = fmt.Sprintf("%d mistakes were found", n)
	}
	if e.listed {
		return count
	}
	lines := make([]string, len(e.faults))
	for i, f := range e.faults {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

func (e *ownFaults) Detail() api.ErrorDetail {
	return api.ErrorDetail{
		Code: api.CodeFailed, Message: e.Error(), Hint: "what belongs into such a file: unhunch routines check --help",
	}
}
