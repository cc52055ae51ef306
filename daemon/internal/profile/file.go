package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/unhunch/unhunch/routines"
)

// The format of profile.json.
const (
	fileFormat  = "unhunch-profile"
	fileVersion = 1
)

// maxFile is far above any profile, and far below what would hurt to read.
const maxFile = 1 << 20

// content is what profile.json holds.
type content struct {
	Format  string           `json:"format"`
	Version int              `json:"version"`
	Profile routines.Profile `json:"profile"`
}

// ErrNewer is a file that a newer unhunch wrote. It is not touched.
var ErrNewer = errors.New("the profile is from a newer unhunch")

// Unreadable is a file that could not be read and was put aside.
type Unreadable struct {
	Aside string // where it is now; empty where it could not be moved, and is left alone
	Err   error
}

func (u *Unreadable) Error() string {
	if u.Aside == "" {
		return fmt.Sprintf("the profile can neither be read nor be set aside: %v", u.Err)
	}
	return fmt.Sprintf("the profile could not be read and was set aside as %s: %v", u.Aside, u.Err)
}

func (u *Unreadable) Unwrap() error { return u.Err }

func encode(p routines.Profile) ([]byte, error) {
	data, err := json.MarshalIndent(content{fileFormat, fileVersion, p}, "", "  ")
	return append(data, '\n'), err
}

// load reads the file at path; none at all is nobody known.
func load(path string, now time.Time) (routines.Profile, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return routines.Profile{}, nil
	}
	var data []byte
	if err == nil && info.Size() > maxFile {
		err = fmt.Errorf("it has %d bytes", info.Size())
	}
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err == nil {
		var p routines.Profile
		if p, err = decode(data); err == nil || errors.Is(err, ErrNewer) {
			return p, err
		}
	}
	aside, moved := putAside(path, now)
	return salvage(data), &Unreadable{aside, errors.Join(err, moved)}
}

// putAside renames the file at path to a name of its own. Where it cannot, the name is empty.
func putAside(path string, now time.Time) (aside string, err error) {
	dated := fmt.Sprintf("%s.unreadable-%s", path, now.Format("20060102-150405"))
	aside = dated
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); err != nil { // nothing is there
			break
		}
		aside = fmt.Sprintf("%s-%d", dated, n)
	}
	if err := os.Rename(path, aside); err != nil {
		return "", err
	}
	return aside, nil
}

// decode reads a file's content.
func decode(data []byte) (routines.Profile, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return routines.Profile{}, err
	}
	switch {
	case head.Format != fileFormat || head.Version < 1:
		return routines.Profile{}, fmt.Errorf("its format is %q, version %d", head.Format, head.Version)
	case head.Version > fileVersion:
		return salvage(data), ErrNewer
	}
	var c content
	if err := json.Unmarshal(data, &c); err != nil {
		return routines.Profile{}, err
	}
	return c.Profile, c.Profile.Check()
}

// salvage makes out, one by one, what of a file's profile takes exercises away: to trust that is never dangerous, and to
// forget what hurt may be.
func salvage(data []byte) routines.Profile {
	var file struct {
		Profile map[string]json.RawMessage `json:"profile"`
	}
	var p routines.Profile
	if json.Unmarshal(data, &file) != nil {
		return p
	}
	for key, into := range map[string]any{
		"screening": &p.Screening, "abilities": &p.Abilities, "retired": &p.Retired, "hurts": &p.Hurts, "only_walking": &p.OnlyWalking,
	} {
		_ = json.Unmarshal(file.Profile[key], into) // what is not as expected is not made out
	}
	return p.Restrictions()
}
