package daemon_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// makePackage makes the packages as a release of that version would be, and returns the .deb.
func makePackage(t *testing.T, release string) string {
	t.Helper()
	cmd := exec.Command("make", "-C", "..", "packages", "RELEASE="+release)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make packages: %v\n%s", err, out)
	}
	found, err := filepath.Glob("../bin/packages/*.deb")
	if err != nil || len(found) != 1 {
		t.Fatalf("not one .deb: %q %v", found, err)
	}
	return found[0]
}

// cleanDebian makes a tree of the newest Debian we know, once: it is kept among the caches.
func cleanDebian(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	const suite = "bookworm"
	tree := filepath.Join(cache, "unhunch-test", suite)
	if _, err := os.Stat(filepath.Join(tree, "made")); err == nil {
		return tree
	}
	if err := os.RemoveAll(tree); err != nil {
		t.Fatal(err)
	}
	with := "--include=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,init-system-helpers,procps,ca-certificates"
	out, err := exec.Command("debootstrap", "--variant=minbase", with, suite, tree, "http://deb.debian.org/debian").CombinedOutput()
	if err != nil {
		t.Fatalf("debootstrap: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(tree, "made"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return tree
}

// TestBootPackage installs, uses, upgrades and purges the package on a clean system. It is not for every day: `make
// test-packages` asks for it.
func TestBootPackage(t *testing.T) {
	if os.Getenv("UNHUNCH_TEST_PACKAGES") == "" {
		t.Skip("for make test-packages")
	}
	desktest.Need(t, "unshare", "mount", "pgrep", "debootstrap", "lintian", "desktop-file-validate", "appstreamcli", "man", "rpm")
	if os.Geteuid() != 0 {
		t.Fatal("booting a machine takes root")
	}
	dir, err := os.MkdirTemp("", "boot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, release := range []string{"1.0.0", "1.1.0"} {
		move(t, makePackage(t, release), filepath.Join(dir, release+".deb"))
	}
	t.Run("is well made", func(t *testing.T) { wellMade(t, filepath.Join(dir, "1.1.0.deb")) })
	for _, script := range []string{"boot-package.sh", "boot.sh"} {
		data, err := os.ReadFile("testdata/" + script)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, script), data, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("bash", filepath.Join(dir, "boot.sh"), dir, filepath.Join(dir, "boot-package.sh"),
		filepath.Join(dir, "1.0.0.deb"), filepath.Join(dir, "1.1.0.deb"))
	cmd.Env = append(cmd.Environ(), "LOWER="+cleanDebian(t))
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "boot.log"))
		t.Fatalf("%v\n%s", err, log)
	}
	for _, want := range []string{
		"installed, and started for nobody", "enabled for one person, and no file written",
		"upgraded, and nothing was stopped", "there after a reboot", "what is removed does not run on", "purged without a trace",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("not shown: %s", want)
		}
	}
}

// wellMade has those look at the packages who would have to take them.
func wellMade(t *testing.T, deb string) {
	said := func(cmd *exec.Cmd) string {
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", cmd, err, out)
		}
		return string(out)
	}
	t.Log(said(exec.Command("lintian", "--fail-on", "error", "--allow-root", deb)))
	tree := t.TempDir()
	said(exec.Command("dpkg-deb", "-x", deb, tree))
	share := filepath.Join(tree, "usr/share")
	said(exec.Command("desktop-file-validate", share+"/applications/unhunch.desktop",
		filepath.Join(tree, "etc/xdg/autostart/unhunch-tray.desktop")))
	said(exec.Command("appstreamcli", "validate", "--no-net", share+"/metainfo/io.github.unhunch.unhunch.metainfo.xml"))
	pages, err := filepath.Glob(share + "/man/man1/*.1.gz")
	if err != nil || len(pages) < 20 {
		t.Errorf("%d pages of the manual: %v", len(pages), err)
	}
	for _, page := range pages {
		cmd := exec.Command("man", "--warnings", "-E", "UTF-8", "-l", page)
		cmd.Env = append(cmd.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80", "MANROFFSEQ=")
		var warned strings.Builder
		cmd.Stderr = &warned
		if _, err := cmd.Output(); err != nil || warned.Len() > 0 {
			t.Errorf("%s: %v %s", filepath.Base(page), err, warned.String())
		}
	}
	rpms, err := filepath.Glob("../bin/packages/*.rpm")
	if err != nil || len(rpms) != 1 {
		t.Fatalf("not one .rpm: %q %v", rpms, err)
	}
	if files := said(exec.Command("rpm", "-qpl", rpms[0])); !strings.Contains(files, "/usr/lib/systemd/user/unhunch.service") {
		t.Errorf("no unit in the .rpm:\n%s", files)
	}
}

// move moves a file, also to another disk.
func move(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err == nil {
		err = os.Remove(from)
	}
	if err != nil {
		t.Fatal(err)
	}
}
