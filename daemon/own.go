package daemon

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/internal/core"
	"github.com/unhunch/unhunch/daemon/internal/files"
	"github.com/unhunch/unhunch/daemon/words"
	"github.com/unhunch/unhunch/routines"
)

// OwnFolder is where the person's own exercises and routines are looked for: $XDG_DATA_HOME/unhunch/routines.
func OwnFolder() (string, error) {
	dir, err := files.DataDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "routines"), nil
}

// Catalogue is every exercise and routine there is, the person's own included, and everything that is wrong with
// those. It needs no daemon.
func Catalogue() (*routines.Catalogue, []routines.Fault) {
	folder, err := OwnFolder()
	if err != nil {
		return routines.Default(), nil
	}
	return catalogueWith(folder)
}

func catalogueWith(folder string) (*routines.Catalogue, []routines.Fault) {
	own, wrong := readOwn(folder)
	if len(own) == 0 {
		return routines.Default(), wrong
	}
	all, faults := routines.Default().With(own)
	return all, append(wrong, faults...)
}

// CheckOwn finds everything wrong with an own file, or with each in a folder. A file is judged as if it lay among
// those in the person's folder, in the place of one of the same name. An error is a path that leads nowhere.
func CheckOwn(path string) ([]routines.Fault, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		_, faults := catalogueWith(path)
		return faults, nil
	}
	if !isOwnName(filepath.Base(path)) {
		return []routines.Fault{{
			File: words.Path(path), Message: "only files that end in .toml and begin with no dot are read", Hint: "give it another name",
		}}, nil
	}
	file, wrong := readOwnFile(path)
	if wrong != nil {
		return []routines.Fault{*wrong}, nil
	}
	_, faults := routines.Default().With(append(neighbours(path), file)) // last: of two with one id this one is told
	return slices.DeleteFunc(faults, func(f routines.Fault) bool { return f.File != file.Name }), nil
}

// neighbours are the own files that one at path would lie among.
func neighbours(path string) []routines.File {
	folder, err := OwnFolder()
	if err != nil {
		return nil
	}
	var others []routines.File
	for _, other := range ownFiles(folder) {
		if filepath.Base(other) == filepath.Base(path) {
			continue
		}
		if file, wrong := readOwnFile(other); wrong == nil {
			others = append(others, file)
		}
	}
	return others
}

// readOwn reads the files of a folder, in the order of their names. What cannot be read is a fault; a folder that is
// not there is empty.
func readOwn(folder string) (own []routines.File, wrong []routines.Fault) {
	if _, err := os.ReadDir(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, []routines.Fault{{File: words.Path(folder), Message: "cannot be read: " + reason(err)}}
	}
	paths := ownFiles(folder)
	if len(paths) > routines.MaxFiles {
		wrong = append(wrong, routines.Fault{
			File:    words.Path(folder),
			Message: fmt.Sprintf("has %d files, of which the first %d are read", len(paths), routines.MaxFiles),
			Hint:    "move some of them elsewhere",
		})
		paths = paths[:routines.MaxFiles]
	}
	for _, path := range paths {
		file, fault := readOwnFile(path)
		if fault != nil {
			wrong = append(wrong, *fault)
			continue
		}
		own = append(own, file)
	}
	return own, wrong
}

// ownFiles are the paths of the files in the folder that count, sorted.
func ownFiles(folder string) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var paths []string
	for _, entry := range entries {
		if isOwnName(entry.Name()) {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths
}

// isOwnName leaves out what editors put beside the file they change.
func isOwnName(name string) bool {
	return filepath.Ext(name) == ".toml" && !strings.HasPrefix(name, ".")
}

func readOwnFile(path string) (routines.File, *routines.Fault) {
	data, err := files.ReadRegular(path, routines.MaxFileSize)
	if err != nil {
		return routines.File{}, &routines.Fault{File: words.Path(path), Message: "cannot be read: " + reason(err)}
	}
	return routines.File{Name: words.Path(path), Data: data}, nil
}

// reason is an error without the path, which stands before it already.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// catalogue is what sessions are made of. As long as there are no own files nothing is kept for them.
func (d *daemon) catalogue() *routines.Catalogue {
	if c := d.own.Load(); c != nil {
		return c
	}
	return routines.Default()
}

// loadOwn reads the own files, takes the good ones into use, and returns the events that say what is wrong with the
// others, if that is news.
func (d *daemon) loadOwn() []core.Event {
	folder, err := OwnFolder()
	if err != nil {
		return nil // nor can anything be put there
	}
	var all *routines.Catalogue
	own, wrong := readOwn(folder)
	seen := fingerprint(own, wrong)
	if seen == d.ownSeen {
		return nil // at start, when watching begins: parsing leaves more behind than the files are worth
	}
	d.ownSeen = seen
	if len(own) > 0 {
		var faults []routines.Fault
		all, faults = routines.Default().With(own)
		wrong = append(wrong, faults...)
	}
	d.own.Store(all)
	if slices.Equal(wrong, d.ownWrong) {
		return nil
	}
	d.ownWrong = wrong
	for _, fault := range wrong {
		d.opts.Log.Warn("an own exercise or routine is left out", "fault", fault.Error())
	}
	return []core.Event{{Problems: &core.Problems{Part: "routines", List: ownProblems(wrong)}}}
}

// ownProblems tells the first fault of each file, of the first few files: `unhunch routines check` tells all.
func ownProblems(wrong []routines.Fault) []api.Problem {
	const most = 5
	var list []api.Problem
	last := ""
	for _, f := range wrong {
		if f.File == last || len(list) == most {
			continue
		}
		last = f.File
		list = append(list, problem("routines", words.ProblemRoutinesBroken, words.ProblemFacts{NoticeFacts: words.NoticeFacts{
			Path: f.File, Line: f.Line, Column: f.Column, Message: f.Text(),
		}}))
	}
	return list
}

func ownCheck() api.Check {
	_, wrong := Catalogue()
	return partCheck(ownPart, ownProblems(wrong))[0]
}

// fingerprint tells two contents of the folder apart.
func fingerprint(own []routines.File, wrong []routines.Fault) [sha256.Size]byte {
	hash := sha256.New()
	for _, file := range own {
		fmt.Fprintf(hash, "%q %d\n", file.Name, len(file.Data))
		hash.Write(file.Data)
	}
	for _, f := range wrong {
		fmt.Fprintln(hash, f.Error())
	}
	return [sha256.Size]byte(hash.Sum(nil))
}
