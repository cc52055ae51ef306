package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// child is a database of a process of its own.
type child struct {
	proc *exec.Cmd
	pipe io.Closer // its standard input
	to   *json.Encoder
	from *json.Decoder
}

// Child opens databases in a process that is started for each: program with args, which is to call [Serve]. Where it
// cannot be started they are opened in this process: memory is no reason to lose anything.
func Child(program string, args ...string) Open {
	return func(dsn string) (Conn, error) {
		c, err := start(program, args)
		if err != nil {
			return Here(dsn)
		}
		if _, err := c.ask(request{Open: dsn}); err != nil {
			return nil, errors.Join(err, c.end())
		}
		return c, nil
	}
}

func start(program string, args []string) (*child, error) {
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{cmd, in, json.NewEncoder(in), json.NewDecoder(out)}
	c.from.UseNumber()
	return c, nil
}

// ask sends r and waits for the answer. An error that is not an *Error is the end of the child.
func (c *child) ask(r request) (answer, error) {
	var a answer
	err := c.to.Encode(r)
	if err == nil {
		err = c.from.Decode(&a)
	}
	if err != nil {
		return a, fmt.Errorf("the process that has the database does not answer: %w", err)
	}
	return a, a.err()
}

func (c *child) Exec(query string, args ...any) error {
	_, err := c.ask(request{Query: query, Args: args})
	return err
}

func (c *child) Query(query string, args []any, row func(scan func(...any) error) error) error {
	part := firstPart
	a, err := c.ask(request{Query: query, Args: args, Want: part})
	for {
		for _, columns := range a.Rows {
			if failure := row(scanner(columns)); failure != nil {
				if a.More {
					_, err := c.ask(request{})
					failure = errors.Join(failure, err)
				}
				return failure
			}
		}
		if err != nil || !a.More {
			return err
		}
		part = min(2*part, largePart)
		a, err = c.ask(request{Want: part})
	}
}

// scanner reads columns.
func scanner(columns []any) func(...any) error {
	return func(dest ...any) error {
		if len(dest) != len(columns) {
			return fmt.Errorf("%d columns cannot be read into %d", len(columns), len(dest))
		}
		for i, d := range dest {
			if err := assign(d, columns[i]); err != nil {
				return fmt.Errorf("column %d: %w", i+1, err)
			}
		}
		return nil
	}
}

// Close waits until the child has closed the database and ended.
func (c *child) Close() error { return c.end() }

func (c *child) end() error {
	return errors.Join(c.pipe.Close(), c.proc.Wait())
}
