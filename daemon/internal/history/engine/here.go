package engine

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite" // the driver "sqlite" too
)

// here is a database of this process.
type here struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt // by their text, prepared when first used
}

// Here opens a database in this process.
func Here(dsn string) (Conn, error) {
	h, err := open(dsn)
	if err != nil {
		return nil, err
	}
	return h, nil
}

func open(dsn string) (*here, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, said(err)
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(context.Background())
	if err != nil {
		return nil, said(errors.Join(err, db.Close()))
	}
	return &here{db, conn, map[string]*sql.Stmt{}}, nil
}

// said makes an *Error of what is from SQLite.
func said(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return &Error{Code: e.Code() & 0xff, Message: err.Error()}
	}
	return err
}

func (h *here) Exec(query string, args ...any) error {
	if len(args) == 0 { // rare: pragmas and transactions
		_, err := h.conn.ExecContext(context.Background(), query)
		return said(err)
	}
	s, err := h.stmt(query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(context.Background(), args...)
	return said(err)
}

func (h *here) Query(query string, args []any, row func(scan func(...any) error) error) error {
	return h.each(query, args, func(rows *sql.Rows) error { return row(rows.Scan) })
}

// each calls row for every row until it returns an error, which it returns.
func (h *here) each(query string, args []any, row func(*sql.Rows) error) error {
	s, err := h.stmt(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(context.Background(), args...)
	if err != nil {
		return said(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return said(rows.Err())
}

func (h *here) stmt(query string) (*sql.Stmt, error) {
	if s, ok := h.stmts[query]; ok {
		return s, nil
	}
	s, err := h.conn.PrepareContext(context.Background(), query)
	if err == nil {
		h.stmts[query] = s
	}
	return s, said(err)
}

func (h *here) Close() error {
	var errs []error
	for _, s := range h.stmts {
		errs = append(errs, s.Close())
	}
	return said(errors.Join(append(errs, h.conn.Close(), h.db.Close())...))
}
