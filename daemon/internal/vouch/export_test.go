package vouch

// Signal is that a bus tells of a change.
func (r *Room) Signal() { r.changed() }
