package history

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	sqlite3 "modernc.org/sqlite/lib" // its constants alone

	"github.com/unhunch/unhunch/daemon/internal/history/engine"
)

// A database is the open file. The goroutine of the Store is its only user.
type database struct {
	path   string
	conn   engine.Conn
	file   fs.FileInfo // what was opened, to notice when it is no longer there
	synced string      // the value of PRAGMA synchronous
	frozen bool        // opened for reading only
}

var (
	errNewer   = errors.New("the history is from a newer unhunch")
	errForeign = errors.New("not a history of unhunch")
	errNoRow   = errors.New("there is no such row")
)

// applicationID marks the file as ours for those who look at it: "unhu".
const applicationID = 0x756e6875

// What the connection is set to. A small cache is enough, as reports read sums; two seconds are time for somebody who
// looks at the file with another program to be done; the log is folded into the file from a quarter of a megabyte on.
var (
	pragmas = []string{
		"busy_timeout(2000)", "cache_size(-256)", "temp_store(memory)", "secure_delete(1)",
		"wal_autocheckpoint(64)", "journal_size_limit(524288)",
	}
	private = fs.FileMode(0o600)
)

// openDatabase opens the file for reading and writing, making or migrating it as need be.
func openDatabase(open engine.Open, path string, m []migration) (*database, error) {
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	if err := checkHeader(path, len(m)); err != nil {
		return nil, err
	}
	d, err := connect(open, path, "rw", pragmas)
	if err != nil {
		return nil, err
	}
	if err := d.prepareFile(m); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// openFrozen opens the file for reading, on a disk that may be read-only itself.
func openFrozen(open engine.Open, path string) (*database, error) {
	d, err := connect(open, path, "ro", pragmas[:3])
	if err == nil {
		if err = d.check(); err == nil {
			d.frozen = true
			return d, nil
		}
		err = errors.Join(err, d.close())
	}
	// Where the log's index can't be made beside it, SQLite reads the file only if told that nobody writes it.
	d, again := connect(open, path, "ro&immutable=1", pragmas[:3])
	if again != nil {
		return nil, err
	}
	if again = d.check(); again != nil {
		return nil, errors.Join(err, d.close())
	}
	d.frozen = true
	return d, nil
}

// makePrivate makes sure that the file is there and that what SQLite has put beside it can be read by nobody else. It
// gives new ones the mode of the file.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, private)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, beside := range besides {
		info, err := os.Stat(path + beside)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().Perm() == private {
			continue
		}
		if err := errors.Join(err, os.Chmod(path+beside, private)); err != nil {
			return err
		}
	}
	return nil
}

// checkHeader looks into the file before SQLite does. It would fold the log of a newer program's file into it, and throw
// away that of a damaged one.
func checkHeader(path string, known int) error {
	const at = 60 // of user_version, four bytes, big-endian: sqlite.org/fileformat.html
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var header [at + 4]byte
	switch _, err := io.ReadFull(f, header[:]); {
	case errors.Is(err, io.EOF):
		return nil // a new file
	case errors.Is(err, io.ErrUnexpectedEOF), err == nil && !bytes.HasPrefix(header[:], []byte("SQLite format 3\x00")):
		return errForeign
	case err != nil:
		return err
	}
	if version := int(binary.BigEndian.Uint32(header[at:])); version > known {
		return newer(version, known)
	}
	return nil
}

func newer(version, known int) error {
	return fmt.Errorf("%w: version %d, this program knows %d", errNewer, version, known)
}

// besides are the endings of the files that make up the database. The log comes first: it is moved and removed first,
// as an old log beside a new file would be taken for its own.
var besides = []string{"-wal", "-shm", "-journal", ""}

func connect(open engine.Open, path, mode string, pragmas []string) (*database, error) {
	at, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	at = filepath.ToSlash(at)
	if !strings.HasPrefix(at, "/") {
		at = "/" + at // C:/…
	}
	dsn := (&url.URL{Scheme: "file", Path: at}).String() + "?mode=" + mode
	for _, p := range pragmas {
		dsn += "&_pragma=" + p
	}
	conn, err := open(dsn)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &database{path: path, conn: conn, file: info}, nil
}

// prepareFile brings the file to the newest schema.
func (d *database) prepareFile(all []migration) error {
	version, err := d.version()
	if err != nil {
		return err
	}
	if version > len(all) {
		return newer(version, len(all))
	}
	if err := d.exec("PRAGMA journal_mode=WAL"); err != nil {
		return err
	}
	if err := d.migrate(all, version); err != nil {
		return err
	}
	return d.check()
}

// check fails if the tables are not what they should be.
func (d *database) check() error {
	err := d.exec("SELECT 1 FROM spans, prompts, natural_breaks, sessions, steps, days LIMIT 0")
	if engine.Code(err) == sqlite3.SQLITE_ERROR {
		return fmt.Errorf("%w: %w", errForeign, err)
	}
	return err
}

// version is the number of the last migration; 0 for an empty file.
func (d *database) version() (int, error) {
	var version, id, tables int
	err := errors.Join(
		d.get("PRAGMA user_version", nil, &version),
		d.get("PRAGMA application_id", nil, &id),
		d.get("SELECT count(*) FROM sqlite_schema", nil, &tables))
	if err == nil && tables > 0 && id != applicationID {
		return 0, errForeign
	}
	return version, err
}

// there says whether the file that was opened is still the one at its path.
func (d *database) there() bool {
	info, err := os.Stat(d.path)
	return err == nil && os.SameFile(info, d.file)
}

func (d *database) close() error { return d.conn.Close() }

func (d *database) exec(query string, args ...any) error { return d.conn.Exec(query, args...) }

// get reads one row into dest. Without a row it is errNoRow.
func (d *database) get(query string, args []any, dest ...any) error {
	found := false
	err := d.conn.Query(query, args, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		found = true
		return errEnough
	})
	switch {
	case found:
		return nil
	case err == nil:
		return errNoRow
	}
	return err
}

// each calls f for every row, with what reads it.
func (d *database) each(query string, args []any, f func(scan func(...any) error) error) error {
	return d.conn.Query(query, args, f)
}

// change runs f in a transaction. With durable it is on the disk, beyond a power cut, when change returns; else beyond
// the end of the process.
func (d *database) change(durable bool, f func() error) error {
	mode := "NORMAL"
	if durable {
		mode = "FULL"
	}
	if d.synced != mode {
		if err := d.exec("PRAGMA synchronous=" + mode); err != nil {
			return err
		}
		d.synced = mode
	}
	if err := d.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := f()
	if err == nil {
		err = d.exec("COMMIT")
	}
	if err != nil {
		_ = d.exec("ROLLBACK") // fails where SQLite has done so itself
	}
	return err
}
