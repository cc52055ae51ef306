package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
)

// An invocation is one run of the program: where it reads and writes, and its global flags.
type invocation struct {
	in, out, err *os.File
	json         bool   // --json
	configFile   string // --config, empty for the usual place
	started      bool   // the command line has been understood

	then func(context.Context) error // what there is to do once the command line is done with; nil: nothing
}

// run is the program. It returns the exit code.
func run(args []string, in, out, err *os.File) int {
	v := &invocation{in: in, out: out, err: err}
	if len(args) == 1 && args[0] == engineName {
		return v.report(serveEngine(in, out))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends what does not listen to the first
	failure := v.understand(ctx, args)
	if failure == nil && v.then != nil {
		failure = v.then(ctx)
	}
	return v.report(failure)
}

// understand takes the command line, and does what it says but for what it leaves in then.
func (v *invocation) understand(ctx context.Context, args []string) error {
	root := v.root()
	root.SetArgs(args)
	root.SetIn(v.in)
	root.SetOut(v.out)
	root.SetErr(v.err)
	failure := root.ExecuteContext(ctx)
	if failure != nil && !v.started {
		failure = asUsage(failure)
	}
	return failure
}

const rootHelp = `Unhunch knows how long you have been sitting, asks at a good moment for a
two-minute stretch, guides you through it, and stays out of the way otherwise.

Without a command it prints the status. Durations are written 90s, 30m, 1h30m
or 2d.

Exit codes:
  0  done
  1  failed
  2  wrong usage
  3  the daemon is not running
  4  refused by a rule, such as no snooze being left

Errors go to standard error; with --json they are JSON there too:
{"error":{"code":"…","message":"…","hint":"…"}}`

func (v *invocation) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "unhunch",
		Short:         "A quiet desk companion",
		Long:          rootHelp,
		Example:       "  unhunch\n  unhunch stretch\n  unhunch snooze 10m",
		Args:          v.knownCommand,
		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: typos,
		PersistentPreRun: func(*cobra.Command, []string) {
			v.started = true
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return v.showStatus(cmd.Context()) },
	}
	root.PersistentFlags().BoolVar(&v.json, "json", false, "print JSON")
	root.PersistentFlags().StringVar(&v.configFile, "config", "", "use the settings in `FILE`")
	root.AddCommand(
		v.statusCommand(), v.stretchCommand(), v.sessionCommand(),
		v.snoozeCommand(), v.skipCommand(), v.pauseCommand(), v.resumeCommand(),
		v.sitCommand(), v.standCommand(), v.meetingCommand(), v.wasCommand(),
		v.routinesCommand(), v.historyCommand(), v.profileCommand(), v.configCommand(), v.pageCommand(),
		v.doctorCommand(), v.serviceCommand(), v.daemonCommand(), v.versionCommand(), v.manCommand(),
		v.debugCommand(),
	)
	return root
}

// typos is how many letters may be wrong for a command to be suggested.
const typos = 2

// knownCommand complains about an argument that is no command, and names those that it may have meant.
func (v *invocation) knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "see: " + cmd.CommandPath() + " --help"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean: " + cmd.CommandPath() + " " + strings.Join(near, ", ")
	}
	return &usageError{fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath()), hint}
}

// group makes a command that does nothing but hold others.
func (v *invocation) group(c *cobra.Command, members ...*cobra.Command) *cobra.Command {
	c.Args = v.knownCommand
	c.SuggestionsMinimumDistance = typos
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		return &usageError{cmd.CommandPath() + " needs a command after it", "see: " + cmd.CommandPath() + " --help"}
	}
	c.AddCommand(members...)
	return c
}

// act has the daemon do something and shows the state after it.
func (v *invocation) act(ctx context.Context, name string, body any) error {
	c, err := client.Default()
	if err != nil {
		return err
	}
	s, err := c.Do(ctx, name, body)
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(s)
	}
	return v.print(words.StatusLineShort(s, s.At, localZone()))
}

// print writes one line.
func (v *invocation) print(line string) error {
	_, err := fmt.Fprintln(v.out, line)
	return err
}

// printJSON writes one value, laid out for people too.
func (v *invocation) printJSON(value any) error {
	e := json.NewEncoder(v.out)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// durationArg is the optional duration at args[0], as typed; "" for none.
func durationArg(args []string) (string, error) {
	if len(args) == 0 {
		return "", nil
	}
	if _, err := config.ParseDuration(args[0]); err != nil {
		return "", &usageError{err.Error(), "durations are written 90s, 30m, 1h30m or 2d"}
	}
	return args[0], nil
}

// durationOrWord is durationArg with one word allowed in its place.
func durationOrWord(args []string, word string) (api.DurationRequest, error) {
	if len(args) == 1 && args[0] == word {
		return api.DurationRequest{Duration: word}, nil
	}
	d, err := durationArg(args)
	return api.DurationRequest{Duration: d}, err
}
