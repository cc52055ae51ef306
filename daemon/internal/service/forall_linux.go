package service

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// What InstallForAll writes. kardianos/service has no units for every person of a machine.
const (
	allUnit   = "/etc/systemd/user/" + unitName
	allPreset = "/etc/systemd/user-preset/50-" + program + ".preset"
	allTray   = "/etc/xdg/autostart/" + trayName + ".desktop"
	allApp    = "/usr/local/share/applications/" + program + ".desktop"
)

// InstallForAll gives a unit to everybody on this machine, enabled by a preset, and the tray to every desktop. It
// starts for nobody before their next login: root has no word in a session that runs.
func (s *Service) InstallForAll() error {
	if err := needRoot(); err != nil {
		return err
	}
	if err := s.checkProgram(); err != nil {
		return err
	}
	if err := everybodys(s.Program); err != nil {
		return err
	}
	all := []entry{{allPreset, mark + "\nenable " + unitName + "\n"}}
	if !exists("/usr/share/applications/" + program + ".desktop") { // a package's
		all = append(all, entry{allApp, AppEntry(s.Program)})
	}
	if path, by := provided(); by != ByPackage {
		all = append(all, entry{allUnit, mark + "\n" + UnitText(s.Program, nil)})
	} else {
		s.say("the unit %s is a package's: it is enabled, not written", path)
	}
	if s.Tray != "" && !exists("/etc/xdg/autostart/"+trayName+".desktop") {
		all = append(all, entry{allTray, TrayEntry(s.Tray)})
	}
	var undos []func()
	undo := func() {
		for i := len(undos) - 1; i >= 0; i-- {
			undos[i]()
		}
	}
	for _, e := range all {
		back, wrote, err := put(e)
		if err != nil {
			undo()
			return err
		}
		if wrote {
			s.say("writing %s", e.path)
			undos = append(undos, back)
		}
	}
	if out, err := exec.Command("systemctl", "--global", "preset", unitName).CombinedOutput(); err != nil {
		undo()
		return &Error{Message: "systemd does not take the preset: " + firstLine(string(out)), Cause: err, Hint: "nothing was installed"}
	}
	return nil
}

// UninstallForAll takes that back. Daemons that run go on until their people log out: it says so.
func (s *Service) UninstallForAll() (found bool, err error) {
	if err := needRoot(); err != nil {
		return false, err
	}
	if out, disableErr := exec.Command("systemctl", "--global", "disable", unitName).CombinedOutput(); disableErr != nil {
		if text := string(out); !strings.Contains(text, "does not exist") && !strings.Contains(text, "No such file") {
			err = &Error{Message: "systemd does not disable the unit: " + firstLine(text), Cause: disableErr}
		}
	}
	for _, path := range []string{allUnit, allPreset, allTray, allApp} {
		gone, removeErr := removeOurs(path)
		found = found || gone
		err = errors.Join(err, removeErr)
	}
	for _, t := range targets { // links of a unit that was removed by hand
		link := filepath.Join("/etc/systemd/user", t+".wants", unitName)
		if _, statErr := os.Stat(link); exists(link) && errors.Is(statErr, fs.ErrNotExist) {
			found = true
			err = errors.Join(err, os.Remove(link))
		}
	}
	return found, err
}

func needRoot() error {
	if os.Geteuid() == 0 {
		return nil
	}
	return &Error{
		Message: "only root can install for all users", Refused: true,
		Hint: "try: sudo unhunch service install --for-all-users; for yourself alone: unhunch service install",
	}
}

// everybodys refuses a program that others cannot run, such as one in somebody's home.
func everybodys(path string) error {
	for dir := path; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o001 == 0 || dir == "/home" || dir == "/tmp" {
			return &Error{
				Message: fmt.Sprintf("not everybody can run %s, or rely on it to be there", path), Refused: true,
				Hint: "install it where programs of the machine are, such as by: sudo make install",
			}
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}
