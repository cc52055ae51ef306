package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
	"pgregory.net/rapid"
)

// asChild has this test binary be the child.
const asChild = "UNHUNCH_TEST_ENGINE"

func TestMain(m *testing.M) {
	if os.Getenv(asChild) != "" {
		if err := Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Setenv(asChild, "yes")
	os.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector's children sleep for a second at their end
	os.Exit(m.Run())
}

// opened is a new database of each kind, in memory: it is the pipe that is tested.
func opened(t *testing.T) (in Conn, out *child) {
	t.Helper()
	in, err := Here("file::memory:")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := Child(os.Args[0])("file::memory:")
	if err != nil {
		t.Fatal(err)
	}
	return in, conn.(*child)
}

// TestAlike: whatever is asked of a database in this process and of one in a child, both say the same.
func TestAlike(t *testing.T) {
	here, there := opened(t)
	defer here.Close()
	defer there.Close()
	both := func(t *testing.T, query string) {
		for _, c := range []Conn{here, there} {
			if err := c.Exec(query); err != nil {
				t.Fatal(err)
			}
		}
	}
	both(t, `CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c INTEGER) STRICT;
		INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i+1 FROM n WHERE i < 400) SELECT i, 'row ' || i, i FROM n`)
	rapid.Check(t, func(rt *rapid.T) {
		both(t, "DELETE FROM t WHERE a < 100")
		t := rt
		t.Repeat(map[string]func(*rapid.T){
			"insert": func(t *rapid.T) {
				args := []any{rapid.Int64Range(0, 50).Draw(t, "a"), rapid.String().Draw(t, "b"), rapid.Int().Draw(t, "c")}
				alike(t, told(here.Exec("INSERT INTO t VALUES (?, ?, ?)", args...)), told(there.Exec("INSERT INTO t VALUES (?, ?, ?)", args...)))
			},
			"flag": func(t *rapid.T) {
				flag := rapid.Bool().Draw(t, "flag")
				alike(t, told(here.Exec("UPDATE t SET c = ? WHERE a < 100", flag)), told(there.Exec("UPDATE t SET c = ? WHERE a < 100", flag)))
			},
			"wrong": func(t *rapid.T) {
				query := rapid.SampledFrom([]string{"SELEKT", "INSERT INTO t VALUES ('x', 1, 2)", "INSERT INTO none VALUES (1)"}).Draw(t, "query")
				alike(t, told(here.Exec(query)), told(there.Exec(query)))
			},
			"read": func(t *rapid.T) {
				stop := rapid.SampledFrom([]int{0, 1, 15, 16, 17, 48, 49, 5000}).Draw(t, "rows read")
				from := rapid.Int64Range(0, 400).Draw(t, "from")
				alike(t, read(here, from, stop), read(there, from, stop))
			},
		})
	})
}

func alike(t *rapid.T, here, there any) {
	if !reflect.DeepEqual(here, there) {
		t.Fatalf("in this process: %v\nin a child:      %v", here, there)
	}
}

// told is what can be told of an error.
func told(err error) string { return fmt.Sprint(Code(err), err) }

// read is what is read of the table, up to a number of rows.
func read(c Conn, from int64, most int) []string {
	var all []string
	err := c.Query("SELECT a, b, c, b = '' FROM t WHERE a >= ? ORDER BY a", []any{from}, func(scan func(...any) error) error {
		var a int64
		var b string
		var n int
		var empty bool
		if err := scan(&a, &b, &n, &empty); err != nil {
			return err
		}
		if all = append(all, fmt.Sprint(a, b, n, empty)); len(all) >= most {
			return errors.New("that will do")
		}
		return nil
	})
	return append(all, told(err))
}

// TestChildEnds: a child that is gone is an error and no wait, and the daemon's end is the child's.
func TestChildEnds(t *testing.T) {
	_, c := opened(t)
	if err := c.proc.Process.Signal(syscall.SIGTERM); err != nil { // as a service manager ends all of a service at once
		t.Fatal(err)
	}
	if err := c.Exec("CREATE TABLE t (a INTEGER)"); err != nil {
		t.Errorf("it did not finish its work: %v", err)
	}
	if err := c.proc.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.Exec("INSERT INTO t VALUES (1)"); err == nil || !strings.Contains(err.Error(), "does not answer") || Code(err) != 0 {
		t.Errorf("a statement to a child that was killed: %v", err)
	}
	if err := c.Close(); err == nil {
		t.Error("its end is not told of")
	}

	_, c = opened(t)
	if err := c.Close(); err != nil || !c.proc.ProcessState.Success() {
		t.Errorf("it did not end well: %v", err)
	}
}

// TestNoChild: where no process can be started, the database is opened in this one.
func TestNoChild(t *testing.T) {
	conn, err := Child("/nowhere/unhunch")("file:" + filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, ok := conn.(*here); !ok {
		t.Errorf("it is a %T", conn)
	}
}

// TestOpenFails: what cannot be opened says so with SQLite's code, and leaves no process.
func TestOpenFails(t *testing.T) {
	conn, err := Child(os.Args[0])("file:" + filepath.Join(t.TempDir(), "none", "a.db"))
	if conn != nil || Code(err) != sqlite3.SQLITE_CANTOPEN {
		t.Errorf("%v, %v", conn, err)
	}
}

// TestColumns: a column is read into what can hold it, or it is an error.
func TestColumns(t *testing.T) {
	_, c := opened(t)
	defer c.Close()
	var n int
	var s string
	for query, dest := range map[string][]any{
		"SELECT 'x'": {&n}, "SELECT 1": {&s}, "SELECT NULL": {&n}, "SELECT 1, 2": {&n}, "SELECT 1.5": {&n}, "SELECT 2": {new(float64)},
	} {
		err := c.Query(query, nil, func(scan func(...any) error) error { return scan(dest...) })
		if err == nil {
			t.Errorf("%s could be read into %T", query, dest[0])
		}
	}
	if err := c.Query("SELECT 3", nil, func(scan func(...any) error) error { return scan(&n) }); err != nil || n != 3 {
		t.Errorf("after all that: %d, %v", n, err)
	}
}
