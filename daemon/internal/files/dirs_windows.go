package files

import (
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

func stateBase() (string, error)  { return windowsBase("XDG_STATE_HOME", os.UserCacheDir) }
func configBase() (string, error) { return windowsBase("XDG_CONFIG_HOME", os.UserConfigDir) }
func dataBase() (string, error)   { return windowsBase("XDG_DATA_HOME", os.UserConfigDir) }

// windowsBase prefers the XDG variable, for people who use one everywhere, to %LocalAppData% and %AppData%.
func windowsBase(variable string, native func() (string, error)) (string, error) {
	if dir := fromEnv(variable); dir != "" {
		return dir, nil
	}
	dir, err := native()
	if err != nil {
		return "", fmt.Errorf("cannot tell where your files live: %w", err)
	}
	return dir, nil
}

// SocketPath is the named pipe of this user.
func SocketPath() (string, error) {
	sid, err := UserSID()
	if err != nil {
		return "", err
	}
	return `\\.\pipe\unhunch-` + sid, nil
}

// UserSID is how Windows names this user.
func UserSID() (string, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "", fmt.Errorf("cannot tell who you are: %w", err)
	}
	return user.User.Sid.String(), nil
}

// Directories under a user's profile inherit an access list that names that user; modes say nothing here.
func owned(fs.FileInfo) bool     { return true }
func makePrivate(*os.File) error { return nil }

// syncDir has no counterpart: NTFS journals renames.
func syncDir(string) error { return nil }
