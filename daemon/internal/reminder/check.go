package reminder

import "fmt"

// Check says whether s is a state that the machine can be in, so that a damaged file is refused and not run.
func (s *State) Check() error {
	set := s.Settings
	if set.Limit <= 0 || set.StandLimit <= 0 || set.IgnoredAfter <= 0 || len(set.Snooze) == 0 || s.Ignored < 0 {
		return fmt.Errorf("settings that cannot be: %+v", set)
	}
	return nil
}
