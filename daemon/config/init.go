package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/unhunch/unhunch/daemon/internal/files"
)

// Init writes a file that names and explains every setting and sets none, so that a later, better default is not
// held off by a copy of an old one. It refuses when there is a file already.
func Init(path string) error {
	path = files.BehindLinks(path)
	_, err := os.Lstat(path)
	if err == nil {
		return fmt.Errorf("%s is there already; change it with `unhunch config set KEY VALUE`, or move it away", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return replace(path, nil, []byte(explained()), 0o600)
}

func explained() string {
	var b strings.Builder
	b.WriteString(`# Settings of unhunch. What is shown is the default; to change one, remove the "# " in front of it.
# Durations are like "90s", "30m", "1h30m" or "2d". Changes are taken over as soon as the file is saved.
`)
	current := ""
	for _, s := range settings {
		table, name := s.split()
		if table != current {
			current = table
			b.WriteString("\n" + tableHeader(table) + "\n")
		}
		fmt.Fprintf(&b, "\n# %s (%s)\n# %s = %s\n", strings.TrimSuffix(s.Meaning, "."), s.Unit, name, s.Default)
	}
	return b.String()
}

// tableHeader leaves out [hours]: there, an empty table would mean to work never.
func tableHeader(table string) string {
	if table == "hours" {
		return "# Working hours. Without this table they are always; with it, a day that is not named has none.\n# [hours]"
	}
	return "[" + table + "]"
}
