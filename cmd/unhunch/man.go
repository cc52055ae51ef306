package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manCommand writes the manual. It is for those who make packages, and hidden from the rest.
func (v *invocation) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages to a directory, for packages",
		Example: "  unhunch man /usr/local/share/man/man1",
		Hidden:  true,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			date, err := manDate()
			if err != nil {
				return err
			}
			return writeManual(cmd.Root(), args[0], date)
		},
	}
}

// manDate is the day of what is packaged, as reproducible builds have it (https://reproducible-builds.org/specs/source-date-epoch/),
// or empty: today would be another day tomorrow.
func manDate() (string, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return "", nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return "", &usageError{"SOURCE_DATE_EPOCH is not a number of seconds: " + epoch, ""}
	}
	return time.Unix(seconds, 0).UTC().Format("2006-01-02"), nil
}

// writeManual writes one page for the program and one for each of its commands, with those below it.
func writeManual(root *cobra.Command, dir, date string) error {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	pages := []*cobra.Command{root}
	for _, c := range root.Commands() {
		if told(c) {
			pages = append(pages, c)
		}
	}
	for _, c := range pages {
		path := filepath.Join(dir, pageName(c)+".1")
		if err := os.WriteFile(path, []byte(manPage(c, date)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// told says whether a command has a place in the manual. `unhunch help` says what the manual does.
func told(c *cobra.Command) bool { return c.IsAvailableCommand() && c.Name() != "help" }

// pageName is the name under which a command is found in the manual.
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage is one page in roff's man macros.
func manPage(c *cobra.Command, date string) string {
	var p roff
	p.macro("TH", strings.ToUpper(pageName(c)), "1", date, "Unhunch", "User Commands")
	p.macro("SH", "NAME")
	p.line(pageName(c) + ` - ` + strings.ToLower(c.Short[:1]) + c.Short[1:])
	p.macro("SH", "SYNOPSIS")
	p.synopsis(c)
	p.macro("SH", "DESCRIPTION")
	p.text(description(c))
	p.flags("OPTIONS", c.NonInheritedFlags())
	if c.HasParent() {
		p.parts(c)
	} else {
		p.commands(c)
		p.files()
	}
	p.examples(c)
	p.macro("SH", "SEE ALSO")
	p.seeAlso(c)
	return p.String()
}

func description(c *cobra.Command) string {
	if c.Long != "" {
		return c.Long
	}
	return c.Short + "."
}

// A roff is a page being written.
type roff struct{ strings.Builder }

// inRoff keeps text from being taken for instructions: backslashes, and hyphens, which it would make longer ones of
// that nobody can copy and paste.
var inRoff = strings.NewReplacer(`\`, `\e`, "-", `\-`)

// macro writes a request with its arguments.
func (p *roff) macro(name string, args ...string) {
	p.WriteString("." + name)
	for _, arg := range args {
		p.WriteString(` "` + strings.ReplaceAll(inRoff.Replace(arg), `"`, `\(dq`) + `"`)
	}
	p.WriteByte('\n')
}

// line writes a line of text.
func (p *roff) line(s string) {
	s = inRoff.Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	p.WriteString(s + "\n")
}

// text writes help as it is written for the terminal: paragraphs are filled anew, what is indented stays as it is.
func (p *roff) text(help string) {
	asIs := false
	for line := range strings.Lines(help) {
		line = strings.TrimRight(line, "\n")
		indented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "{")
		switch {
		case indented && !asIs:
			p.WriteString(".PP\n.nf\n.RS 4\n")
		case !indented && asIs:
			p.WriteString(".RE\n.fi\n")
		}
		asIs = indented
		if line == "" {
			p.WriteString(".PP\n")
			continue
		}
		p.line(strings.TrimPrefix(strings.TrimPrefix(line, "  "), "#### ")) // cobra's headings
	}
	if asIs {
		p.WriteString(".RE\n.fi\n")
	}
}

// synopsis writes how a command and those below it are used.
func (p *roff) synopsis(c *cobra.Command) {
	var uses []*cobra.Command
	if !c.HasParent() || !c.HasSubCommands() || strings.Contains(c.Use, " ") { // a mere group is not used alone
		uses = append(uses, c)
	}
	if c.HasParent() {
		for _, sub := range c.Commands() {
			if told(sub) {
				uses = append(uses, sub)
			}
		}
	}
	for i, u := range uses {
		if i > 0 {
			p.WriteString(".br\n")
		}
		name, args := u.CommandPath(), strings.TrimPrefix(u.UseLine(), u.CommandPath())
		args = strings.Replace(args, " [flags]", " [OPTION...]", 1)
		if u.Parent() == nil {
			args = " [COMMAND] [OPTION...]"
		}
		p.WriteString(`\fB` + inRoff.Replace(name) + `\fR` + inRoff.Replace(args) + "\n")
	}
}

// flags writes a section of options, if there are any.
func (p *roff) flags(title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	if title != "" {
		p.macro("SH", title)
	}
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		p.WriteString(".TP\n" + `\fB` + inRoff.Replace(name) + `\fR`)
		if value != "" {
			p.WriteString(` \fI` + inRoff.Replace(value) + `\fR`)
		}
		p.WriteByte('\n')
		p.line(usage)
	})
}

// parts writes a section for the commands below c.
func (p *roff) parts(c *cobra.Command) {
	first := true
	for _, sub := range c.Commands() {
		if !told(sub) {
			continue
		}
		if first {
			p.macro("SH", "COMMANDS")
			first = false
		}
		p.macro("SS", strings.TrimPrefix(sub.CommandPath(), c.Root().Name()+" "))
		p.text(description(sub))
		p.flags("", sub.LocalNonPersistentFlags())
	}
}

// commands lists the program's commands.
func (p *roff) commands(root *cobra.Command) {
	p.macro("SH", "COMMANDS")
	for _, c := range root.Commands() {
		if told(c) {
			p.WriteString(".TP\n" + `\fB` + inRoff.Replace(pageName(c)) + `\fR(1)` + "\n")
			p.line(c.Short + ".")
		}
	}
}

// files says where things live.
func (p *roff) files() {
	p.macro("SH", "FILES")
	for _, f := range [][2]string{
		{"~/.config/unhunch/config.toml", "The settings ($XDG_CONFIG_HOME); unhunch config init writes them with every one explained."},
		{"~/.local/state/unhunch/", "What survives a restart, the profile and the history ($XDG_STATE_HOME)."},
		{"~/.local/share/unhunch/routines/", "Exercises and routines of your own ($XDG_DATA_HOME)."},
		{"$XDG_RUNTIME_DIR/unhunch/api.sock", "Where commands reach the daemon."},
	} {
		p.WriteString(".TP\n" + `\fI` + inRoff.Replace(f[0]) + `\fR` + "\n")
		p.line(f[1])
	}
}

func (p *roff) examples(c *cobra.Command) {
	if c.Example == "" {
		return
	}
	p.macro("SH", "EXAMPLES")
	p.text(c.Example)
}

func (p *roff) seeAlso(c *cobra.Command) {
	if c.HasParent() {
		p.WriteString(`\fBunhunch\fR(1), for exit codes and the options of every command.` + "\n")
		return
	}
	p.WriteString(`\fBunhunch\-tray\fR(1), https://github.com/unhunch/unhunch` + "\n")
}
