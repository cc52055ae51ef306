package client

import "github.com/unhunch/unhunch/daemon/api"

// An Error is what the daemon answered in place of doing what was asked.
type Error struct {
	detail api.ErrorDetail
}

func (e *Error) Error() string { return e.detail.Message }

// Detail is the code, the message and what to try.
func (e *Error) Detail() api.ErrorDetail { return e.detail }

// silent says that the daemon's socket takes connections and no more.
func silent() *Error {
	return &Error{api.ErrorDetail{
		Code:    api.CodeFailed,
		Message: "the daemon is running but does not answer",
		Hint:    "end it and start it again with: unhunch daemon",
	}}
}

// NotRunning says that there is no daemon to talk to.
type NotRunning struct {
	Ended bool // there was one until now
}

func (e *NotRunning) Error() string {
	if e.Ended {
		return "the daemon has stopped"
	}
	return "the daemon is not running"
}

// Detail is the message and how to start a daemon.
func (e *NotRunning) Detail() api.ErrorDetail {
	return api.ErrorDetail{Code: api.CodeNotRunning, Message: e.Error(), Hint: "start it with: unhunch service install, or for this once: unhunch daemon"}
}
