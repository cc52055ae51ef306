// Package engine runs SQL on an SQLite file: in this process ([Here]), or in a child of its own ([Child], [Serve]).
//
// # Why a child
//
// SQLite is a fifth of the program. A daemon that has called it once keeps about 2.4 megabytes of it for as long as it
// runs, for a handful of rows an hour. In a child that is there only while rows are written or read, it costs ten
// milliseconds each time, and a crash of SQLite is not one of the daemon.
//
// # What goes over the pipes
//
// JSON values, one request at a time. The daemon asks on the child's standard input: to open a file, then statements;
// the child answers on its standard output. Rows come in parts that are asked for, so that a question can end early.
// The child ends with its input, so it never outlives the daemon by more than a statement.
package engine

import "errors"

// An Open opens the database that a data source name of modernc.org/sqlite speaks of.
type Open func(dsn string) (Conn, error)

// A Conn is an open database. It is for one goroutine, and one question at a time.
type Conn interface {
	// Exec runs a statement; without arguments, also several.
	Exec(query string, args ...any) error
	// Query calls row for every row, with what reads its columns into pointers to int, int64, bool or
	// string; NULL into none of them. An error of row ends it and is returned.
	Query(query string, args []any, row func(scan func(dest ...any) error) error) error
	Close() error
}

// An Error is what SQLite says.
type Error struct {
	Code    int // the primary result code: sqlite.org/rescode.html
	Message string
}

func (e *Error) Error() string { return e.Message }

// Code is SQLite's primary result code for err, 0 if it is not from there.
func Code(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return 0
}
