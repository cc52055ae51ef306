package client

import "github.com/unhunch/unhunch/daemon/internal/files"

// A Program is the file that a process of ours was started from, as it was then.
type Program = files.Binary

// Self looks at the file that this process was started from.
func Self() Program { return files.Self() }
