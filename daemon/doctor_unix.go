//go:build unix

package daemon

// permissionsCount says that the mode of a file tells who may read it.
const permissionsCount = true
