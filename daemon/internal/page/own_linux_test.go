package page

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestOtherUser: another user of this machine does not even get an answer, whatever they know. The other user is played
// by this test, run again as nobody; for that it must be root.
func TestOtherUser(t *testing.T) {
	if address := os.Getenv("UNHUNCH_TEST_PAGE"); address != "" {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_, _ = c.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
		var answer [1]byte
		n, _ := c.Read(answer[:])
		t.Logf("answered %d bytes", n)
		return
	}
	p := serve(t, newFake())
	link(t, p)
	if status, _ := ask(t, browser(t), request(t, "GET", "http://"+p.Listening()+"/")); status != 403 {
		t.Errorf("this user is answered %d", status)
	}
	if os.Getuid() != 0 {
		t.Skip("only root can play another user")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test's own directory is nobody else's.
	self := "/proc/self/fd/3"
	cmd := exec.Command(self, "-test.run=^TestOtherUser$", "-test.v")
	file, err := os.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cmd.ExtraFiles = []*os.File{file}
	cmd.Dir, cmd.Env = "/", append(os.Environ(), "UNHUNCH_TEST_PAGE="+p.Listening())
	const nobody = 65534
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("answered 0 bytes")) {
		t.Errorf("another user is answered: %v\n%s", err, out)
	}
}

func TestOwnerOf(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A0E6 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:1F90 0100007F:A0E6 01 00000000:00000000 00:00000000 00000000     0        0 2 1
`
	browser := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 41190}
	page := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	if uid, known := ownerOf(strings.NewReader(table), browser, page); uid != 1000 || !known {
		t.Errorf("got %d %t", uid, known)
	}
	if _, known := ownerOf(strings.NewReader(table), browser, browser); known {
		t.Error("found what is not there")
	}
}
