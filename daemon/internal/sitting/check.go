package sitting

import (
	"errors"
	"fmt"
)

// Check says whether s is a state that the machine can be in, so that a damaged file is refused and not run.
func (s *State) Check() error {
	for _, set := range []Settings{s.Settings, s.Log.Limits, s.Log.Now} {
		if err := set.check(); err != nil {
			return err
		}
	}
	entries := s.Log.Entries
	if len(entries) == 0 || s.Log.last().mark() {
		return errors.New("the log of postures has no open end")
	}
	for i, e := range entries {
		if i > 0 && e.From < entries[i-1].From {
			return fmt.Errorf("entry %d of the log of postures begins before the one before it", i)
		}
		if e.Kind == markLimits && (e.Settings == nil || e.Settings.check() != nil) {
			return fmt.Errorf("entry %d of the log of postures names no settings", i)
		}
	}
	return nil
}

func (s Settings) check() error {
	if s.Limit <= 0 || s.Rest <= 0 || s.AwayAfter <= 0 || s.SureAfter <= 0 || s.StandLimit <= 0 || s.InhibitAtMost < 0 {
		return fmt.Errorf("settings that are not positive: %+v", s)
	}
	return nil
}
