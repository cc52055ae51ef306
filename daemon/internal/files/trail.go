package files

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxLinks is where Linux, too, gives up on links that lead to links.
const maxLinks = 40

// Trail is every name on the way to the file at path that can change which file that is: each symbolic link passed,
// of directories as of files, and last the file itself. Where something on the way is missing the trail passes
// through that as if it were a directory; the missing names are part of it.
func Trail(path string) []string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	var names []string
	at, todo := root(path)
	for links := 0; len(todo) > 0; {
		next := filepath.Join(at, todo[0])
		todo = todo[1:]
		info, err := os.Lstat(next)
		switch {
		case err == nil && info.Mode()&os.ModeSymlink != 0 && links < maxLinks:
			links++
			names = append(names, next)
			target, err := os.Readlink(next)
			if err != nil {
				return names
			}
			var steps []string
			if filepath.IsAbs(target) {
				at, steps = root(target)
			} else {
				steps = split(target)
			}
			todo = slices.Concat(steps, todo)
		case err != nil || len(todo) == 0:
			names = append(names, next)
			at = next
		default:
			at = next
		}
	}
	return names
}

// BehindLinks is the file at path itself, whether it exists or not: a rename over a link would cut it off.
func BehindLinks(path string) string {
	if names := Trail(path); len(names) > 0 {
		return names[len(names)-1]
	}
	return path // the root directory, which no caller will find to be a file
}

// root splits an absolute path into where it starts and the steps from there.
func root(path string) (start string, steps []string) {
	start = filepath.VolumeName(path) + string(filepath.Separator)
	return start, split(strings.TrimPrefix(path, start))
}

// split leaves ".." to the walk: behind a link it leads elsewhere than the text says.
func split(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return os.IsPathSeparator(uint8(r)) })
}
