//go:build unix && !linux

package files

// maxSocketPath is the BSDs' shorter sun_path less its closing zero, in bytes.
const maxSocketPath = 103
