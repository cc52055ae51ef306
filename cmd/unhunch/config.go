package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unhunch/unhunch/daemon/config"
	"github.com/unhunch/unhunch/daemon/words"
)

func (v *invocation) configCommand() *cobra.Command {
	type action = func(path string, args []string) error
	leaf := func(use, short, example string, takes cobra.PositionalArgs, do action) *cobra.Command {
		return &cobra.Command{
			Use: use, Short: short, Example: "  " + example, Args: takes,
			RunE: func(_ *cobra.Command, args []string) error {
				path, err := v.configPath()
				if err != nil {
					return err
				}
				return settingsFault(do(path, args))
			},
		}
	}
	set := leaf("set KEY VALUE", "Change one setting and nothing else in the file",
		"unhunch config set sitting.limit 45m", cobra.ExactArgs(2), v.setSetting)
	set.ValidArgsFunction = settingNames
	return v.group(&cobra.Command{
		Use:     "config",
		Short:   "The settings",
		Long:    "The settings. A running daemon takes over changes by itself.",
		Example: "  unhunch config show\n  unhunch config set sitting.limit 45m",
	},
		leaf("path", "Where the settings are", "unhunch config path", cobra.NoArgs, v.showConfigPath),
		leaf("show", "Every setting in force", "unhunch config show", cobra.NoArgs, v.showSettings),
		leaf("check", "Look for mistakes in the file", "unhunch config check", cobra.NoArgs, v.checkSettings),
		leaf("init", "Write a file that explains every setting", "unhunch config init", cobra.NoArgs, v.initSettings),
		set,
	)
}

// configPath is --config, or the usual place.
func (v *invocation) configPath() (string, error) {
	if v.configFile != "" {
		return v.configFile, nil
	}
	return config.Path()
}

// settingsFault tells a mistake on the command line, which is wrong usage, from one in the file.
func settingsFault(err error) error {
	e, ok := errors.AsType[*config.Error](err)
	if !ok || e.File != "" {
		return err
	}
	plain := *e
	plain.Hint = ""
	if strings.Contains(e.Message, e.Key) {
		plain.Key = "" // named once is enough
	}
	return &usageError{plain.Error(), e.Hint}
}

func (v *invocation) showConfigPath(path string, _ []string) error {
	if v.json {
		return v.printJSON(map[string]string{"path": path})
	}
	return v.print(path)
}

func (v *invocation) showSettings(path string, _ []string) error {
	c, err := config.Load(path)
	if err != nil {
		return err
	}
	values := map[string]string{}
	table := ""
	var lines []string
	for _, key := range config.Keys() {
		heading, name, _ := strings.Cut(key.Name, ".")
		if heading == "hours" && !c.Hours.Set {
			continue // an absent table means always
		}
		value, err := c.Value(key.Name)
		if err != nil {
			return err
		}
		values[key.Name] = value
		if heading != table {
			table = heading
			lines = append(lines, "", "["+table+"]")
		}
		lines = append(lines, name+" = "+value)
	}
	if v.json {
		return v.printJSON(values)
	}
	return v.print(strings.TrimPrefix(strings.Join(lines, "\n"), "\n"))
}

func (v *invocation) checkSettings(path string, _ []string) error {
	if _, err := config.Load(path); err != nil {
		return err
	}
	if v.json {
		return v.printJSON(map[string]any{"path": path, "ok": true})
	}
	return v.print(words.Path(path) + " is fine")
}

func (v *invocation) initSettings(path string, _ []string) error {
	if err := config.Init(path); err != nil {
		return err
	}
	return v.showConfigPath(path, nil)
}

func (v *invocation) setSetting(path string, args []string) error {
	if err := config.Set(path, args[0], args[1]); err != nil {
		return err
	}
	c, err := config.Load(path)
	if err != nil {
		return err
	}
	value, err := c.Value(args[0])
	if err != nil {
		return err
	}
	if v.json {
		return v.printJSON(map[string]string{args[0]: value})
	}
	return v.print(fmt.Sprintf("%s = %s", args[0], value))
}

// settingNames completes the key of config set.
func settingNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if len(args) == 0 {
		for _, key := range config.Keys() {
			names = append(names, key.Name+"\t"+key.Meaning)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
