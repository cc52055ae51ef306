package daemon_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/unhunch/unhunch/daemon/desktest"
)

// TestBootService boots a machine twice. It is not for every day: `make test-packages` asks for it.
func TestBootService(t *testing.T) {
	if os.Getenv("UNHUNCH_TEST_PACKAGES") == "" {
		t.Skip("for make test-packages")
	}
	desktest.Need(t, "unshare", "mount", "systemctl", "pgrep")
	if os.Geteuid() != 0 {
		t.Fatal("booting a machine takes root")
	}
	dir, err := os.MkdirTemp("", "boot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for from, to := range map[string]string{
		desktest.Build(t): "unhunch", "testdata/boot-service.sh": "boot-service.sh", "testdata/boot.sh": "boot.sh",
	} {
		data, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, to), data, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("bash", filepath.Join(dir, "boot.sh"), dir,
		filepath.Join(dir, "boot-service.sh"), filepath.Join(dir, "unhunch")).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "boot.log"))
		t.Fatalf("%v\n%s", err, log)
	}
	for _, want := range []string{
		"back after kill -9", "there after logout and login", "there after a reboot", "gone without a trace",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("not shown: %s", want)
		}
	}
}
