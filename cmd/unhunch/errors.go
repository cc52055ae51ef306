package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/words"
)

// Exit codes. Scripts rely on them; the help of the root command lists them.
const (
	exitDone       = 0
	exitFailed     = 1
	exitUsage      = 2
	exitNotRunning = 3
	exitRefused    = 4
)

// A usageError is a command line that makes no sense.
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

func (e *usageError) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeInvalid, Message: e.message, Hint: e.hint}
}

// A refusal is a rule of this program saying no.
type refusal struct{ message, hint string }

func (e *refusal) Error() string { return e.message }

func (e *refusal) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeRefused, Message: e.message, Hint: e.hint}
}

// asUsage makes a complaint of the flag parser into a usageError. What is one already stays.
func asUsage(err error) error {
	if _, already := errors.AsType[*usageError](err); already {
		return err
	}
	return &usageError{err.Error(), "see: unhunch --help"}
}

// detailed is an error that knows its code and what to try, such as those of package client.
type detailed interface {
	error
	Detail() api.ErrorDetail
}

// report tells the person what went wrong and returns the exit code for it.
func (v *invocation) report(err error) int {
	if err == nil {
		return exitDone
	}
	detail := api.ErrorDetail{Code: api.CodeFailed, Message: err.Error()}
	var d detailed
	switch {
	case errors.As(err, &d):
		detail = d.Detail()
	case errors.Is(err, context.Canceled):
		detail.Message = "interrupted"
	}
	v.printError(detail)
	switch detail.Code {
	case api.CodeInvalid:
		return exitUsage
	case api.CodeNotRunning:
		return exitNotRunning
	case api.CodeRefused:
		return exitRefused
	}
	return exitFailed
}

// printError writes to standard error; where that fails there is nobody left to tell.
func (v *invocation) printError(detail api.ErrorDetail) {
	if v.json {
		_ = json.NewEncoder(v.err).Encode(api.Error{Error: detail})
		return
	}
	fmt.Fprintln(v.err, "unhunch: "+words.PlainLines(detail.Message)) // which may quote an argument or a file
	if detail.Hint != "" {
		fmt.Fprintln(v.err, words.PlainLines(detail.Hint))
	}
}
