package engine

import (
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Serve is the child: it answers what is asked on in, on out, until in ends. What ends the daemon ends it too, once the
// daemon is done with it: a signal to the whole group, such as Ctrl-C, is not for it.
func Serve(in io.Reader, out io.Writer) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	s := &served{from: json.NewDecoder(in), to: json.NewEncoder(out)}
	s.from.UseNumber()
	var first request
	if err := s.from.Decode(&first); err != nil {
		return ended(err)
	}
	conn, err := open(first.Open)
	var a answer
	a.fail(err)
	if said := s.to.Encode(a); said != nil || err != nil {
		return said // why it cannot be opened has been answered; a line in the log at each attempt would fill that
	}
	return errors.Join(s.answer(conn), conn.Close())
}

// ended is nil for the end of the daemon, which is ours.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

type served struct {
	from *json.Decoder
	to   *json.Encoder
}

// answer answers statements.
func (s *served) answer(conn *here) error {
	for {
		var r request
		if err := s.from.Decode(&r); err != nil {
			return ended(err)
		}
		var last answer
		err := plain(r.Args)
		switch {
		case err != nil:
		case r.Want > 0:
			err = s.query(conn, r, &last)
		default:
			err = conn.Exec(r.Query, r.Args...)
		}
		if errors.Is(err, errGone) {
			return nil
		}
		last.fail(err)
		if err := s.to.Encode(last); err != nil {
			return err
		}
	}
}

var (
	errEnough = errors.New("no more rows are wanted")
	errGone   = errors.New("nobody asks any more")
)

// query sends the rows of a statement, part by part, and leaves those of the last part in last.
func (s *served) query(conn *here, r request, last *answer) error {
	want := r.Want
	err := conn.each(r.Query, r.Args, func(rows *sql.Rows) error {
		if len(last.Rows) == want {
			last.More = true
			if err := s.to.Encode(last); err != nil {
				return errors.Join(errGone, err)
			}
			*last = answer{}
			var next request
			if err := s.from.Decode(&next); err != nil {
				return errors.Join(errGone, err)
			}
			if want = next.Want; want <= 0 {
				return errEnough
			}
		}
		row, err := columns(rows)
		last.Rows = append(last.Rows, row)
		return err
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// columns are those of the row that rows is at.
func columns(rows *sql.Rows) ([]any, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	row, into := make([]any, len(names)), make([]any, len(names))
	for i := range row {
		into[i] = &row[i]
	}
	return row, rows.Scan(into...)
}
