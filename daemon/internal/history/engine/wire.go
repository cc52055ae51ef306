package engine

import (
	"encoding/json"
	"fmt"
)

// A request is what is asked of the child. The first one has Open, each after it Query or Want.
type request struct {
	Open  string `json:"open,omitempty"`  // the data source name
	Query string `json:"query,omitempty"` // a statement
	Args  []any  `json:"args,omitempty"`
	Want  int    `json:"want,omitempty"` // of the statement's rows this many, or, without Query, so many more; 0: no more
}

// An answer is what the child says to it.
type answer struct {
	Rows  [][]any `json:"rows,omitempty"`
	More  bool    `json:"more,omitempty"` // rows may follow: the child waits to hear whether they are wanted
	Code  int     `json:"code,omitempty"` // of an Error
	Error string  `json:"error,omitempty"`
}

func (a *answer) fail(err error) {
	if err != nil {
		a.Code, a.Error = Code(err), err.Error()
	}
}

func (a *answer) err() error {
	if a.Error == "" {
		return nil
	}
	return &Error{Code: a.Code, Message: a.Error}
}

// Rows are asked for in parts that grow: most questions want a few rows, and some want all.
const (
	firstPart = 16
	largePart = 1024
)

// plain makes arguments of JSON's numbers, which hold every integer.
func plain(args []any) error {
	for i, a := range args {
		if n, ok := a.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return fmt.Errorf("argument %d is no integer: %w", i+1, err)
			}
			args[i] = whole
		}
	}
	return nil
}

// assign stores a column into what dest points to.
func assign(dest, v any) error {
	if n, ok := v.(json.Number); ok {
		whole, err := n.Int64()
		if err != nil {
			return fmt.Errorf("%v is no integer: %w", v, err)
		}
		v = whole
	}
	switch dest := dest.(type) {
	case *int64:
		if n, ok := v.(int64); ok {
			*dest = n
			return nil
		}
	case *int:
		if n, ok := v.(int64); ok {
			*dest = int(n)
			return nil
		}
	case *bool:
		switch b := v.(type) {
		case bool:
			*dest = b
			return nil
		case int64:
			*dest = b != 0
			return nil
		}
	case *string:
		if s, ok := v.(string); ok {
			*dest = s
			return nil
		}
	}
	return fmt.Errorf("a column with %v (%T) cannot be read into a %T", v, v, dest)
}
