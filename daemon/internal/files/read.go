package files

import (
	"errors"
	"io"
	"os"
)

// ReadRegular reads the file at path, or the first byte more than atMost of one that is larger, so that the caller
// sees it. It refuses what is not a regular file: opening a named pipe would block for ever.
func ReadRegular(path string, atMost int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, atMost+1))
}
