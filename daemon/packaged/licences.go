package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// ours is the module whose licence is not listed, but leads the list.
const ours = "github.com/unhunch/unhunch"

// A part is something that is linked into the programs.
type part struct {
	name, version string
	licences      []string // by their SPDX names
	texts         []text
}

// A text is a file that must go with a part.
type text struct{ file, words string }

// linked are the modules that are linked into programs of this module, and Go's own library.
func linked(programs ...string) ([]part, error) {
	all, err := modules(permissive, programs...)
	if err != nil {
		return nil, err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	std, err := read("Go's standard library", strings.TrimPrefix(runtime.Version(), "go"), strings.TrimSpace(string(root)), permissive)
	return append(all, std), err
}

// needed are the modules that it takes beside them to build and to test this one: nothing of theirs is given to anybody.
func needed(linked []part) ([]part, error) {
	tests, err := modules(weak, "-test", "./...")
	if err != nil {
		return nil, err
	}
	tools, err := modules(weak, "tool")
	if err != nil {
		return nil, err
	}
	var others []part
	for _, p := range append(tests, tools...) {
		same := func(q part) bool { return p.name == q.name }
		if !slices.ContainsFunc(linked, same) && !slices.ContainsFunc(others, same) {
			others = append(others, p)
		}
	}
	slices.SortFunc(others, func(a, b part) int { return strings.Compare(a.name, b.name) })
	return others, nil
}

// modules are those that packages of Go come from, all but this one.
func modules(allowed []string, packages ...string) ([]part, error) {
	format := "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}"
	out, err := exec.Command("go", append([]string{"list", "-deps", "-f", format}, packages...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var all []part
	for _, line := range slices.Compact(lines) {
		f := strings.Split(line, "\t")
		if len(f) != 3 || f[0] == ours {
			continue // the standard library has no module
		}
		p, err := read(f[0], f[1], f[2], allowed)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Licences by their SPDX names: those under which a module may be part of our programs, which asks for nothing but to be
// named, and those under which it may help to build or to test them.
var (
	permissive = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Zlib", "blessing"}
	weak       = append([]string{"MPL-2.0"}, permissive...)
)

// legal are the files that say what may be done with a module.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)`)

// read reads what a module's directory says. Without a licence that we know nothing may be packaged.
func read(name, version, dir string, allowed []string) (part, error) {
	p := part{name: name, version: version}
	files, err := os.ReadDir(dir)
	if err != nil {
		return p, err
	}
	for _, f := range files {
		if f.IsDir() || !legal.MatchString(f.Name()) {
			continue
		}
		words, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return p, err
		}
		p.texts = append(p.texts, text{f.Name(), string(words)})
		if id := identify(string(words)); id != "" && !slices.Contains(p.licences, id) {
			p.licences = append(p.licences, id)
		}
	}
	if len(p.licences) == 0 {
		return p, fmt.Errorf("%s %s: no licence that is known here", name, version)
	}
	for _, id := range p.licences {
		if !slices.Contains(allowed, id) {
			return p, fmt.Errorf("%s %s: the licence %s does not allow what it is used for", name, version, id)
		}
	}
	slices.Sort(p.licences)
	return p, nil
}

// identify names a licence by what only it says, empty for none.
func identify(words string) string {
	words = strings.ToLower(strings.Join(strings.Fields(words), " "))
	says := func(s string) bool { return strings.Contains(words, s) }
	switch {
	case says("apache license") && says("version 2.0"):
		return "Apache-2.0"
	case says("mozilla public license"):
		return "MPL-2.0"
	case says("permission is hereby granted, free of charge"):
		return "MIT"
	case says("permission to use, copy, modify, and/or distribute"), says("permission to use, copy, modify, and distribute"):
		return "ISC"
	case says("redistribution and use in source and binary forms") && says("endorse or promote"):
		return "BSD-3-Clause"
	case says("redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case says("this software is provided 'as-is', without any express or implied warranty"):
		return "Zlib"
	case says("in place of a legal notice, here is a blessing"), says("dedicated to the public domain"):
		return "blessing"
	}
	return ""
}

// list has a line for each part.
func list(parts []part) string {
	wide := 0
	for _, p := range parts {
		wide = max(wide, len(p.name)+len(p.version)+1)
	}
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "  %-*s  %s\n", wide, p.name+" "+p.version, strings.Join(p.licences, ", "))
	}
	return b.String()
}

// copyright is what Debian wants to be told (https://www.debian.org/doc/debian-policy/ch-docs.html#copyright-information).
func copyright(parts []part) (string, error) {
	mine, err := os.ReadFile("LICENSE")
	if errors.Is(err, os.ErrNotExist) {
		return "", errors.New("run it at the top of the repository")
	}
	if err != nil {
		return "", err
	}
	return "Unhunch, from https://github.com/unhunch/unhunch\n\n" + string(mine) + `
Linked into its programs are, each with its licence by its SPDX name:

` + list(parts) + `
Who holds the copyright of each, and under which words, is in LICENCES beside this
file. On Debian the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.
`, nil
}

// licences are all texts that must go with the programs.
func licences(parts []part) string {
	rule := strings.Repeat("=", 80)
	var b strings.Builder
	b.WriteString("What is linked into the programs of Unhunch:\n\n" + list(parts))
	for _, p := range parts {
		for _, t := range p.texts {
			words := strings.TrimSpace(strings.ReplaceAll(t.words, "\r\n", "\n"))
			fmt.Fprintf(&b, "\n%s\n%s %s: %s\n%s\n\n%s\n", rule, p.name, p.version, t.file, rule, words)
		}
	}
	return b.String()
}
