//go:build !linux

package service

var errOneByOne = &Error{
	Message: "here everybody installs it for themselves", Hint: "without --for-all-users: unhunch service install", Refused: true,
}

// InstallForAll is for Linux.
func (s *Service) InstallForAll() error { return errOneByOne }

// UninstallForAll is for Linux.
func (s *Service) UninstallForAll() (found bool, err error) { return false, errOneByOne }
