package presence

// A Session is what logind knows of the person's session.
type Session struct {
	Known    bool   // logind answered and a session of ours was found
	Remote   bool   // the session is used from another machine
	Locked   bool   // behind the lock screen
	Inactive bool   // somebody else's session is on the screen
	Sleeping bool   // the machine is going to sleep or has only just woken
	Why      string // why the session is not known
}

// NoLogind is why the session is not known where nobody plays logind: a machine with seatd alone, or with nothing.
const NoLogind = "logind is not running"
