package clock

import (
	"fmt"
	"time"

	"golang.org/x/sys/windows"
)

// localZone is the zone Windows is set to. Windows has other names for zones and knows only this year's rule, which is
// taken for all years.
func localZone() (Zone, error) {
	var info windows.Timezoneinformation
	if _, err := windows.GetTimeZoneInformation(&info); err != nil {
		return utc, fmt.Errorf("no time zone: %w", err)
	}
	return ruleZone(windows.UTF16ToString(info.StandardName[:]), posixRule(info))
}

// posixRule writes a zone of Windows, whose biases are minutes that UTC is ahead, as POSIX does.
func posixRule(z windows.Timezoneinformation) string {
	rule := abbreviate(z.Bias + z.StandardBias)
	if z.DaylightDate.Month == 0 {
		return rule
	}
	return rule + abbreviate(z.Bias+z.DaylightBias) + posixDay(z.DaylightDate) + posixDay(z.StandardDate)
}

// abbreviate names an offset by itself: "<+01>-1:00".
func abbreviate(bias int32) string {
	ahead, back := '+', '-'
	if bias > 0 {
		ahead, back = '-', '+'
	}
	d := time.Duration(bias).Abs()
	return fmt.Sprintf("<%c%02d%02d>%c%d:%02d", ahead, d/60, d%60, back, d/60, d%60)
}

// posixDay writes a day such as the last Sunday of March, which both count in the same way.
func posixDay(d windows.Systemtime) string {
	return fmt.Sprintf(",M%d.%d.%d/%d:%02d", d.Month, d.Day, d.DayOfWeek, d.Hour, d.Minute)
}

// ZoneFile is none: nothing tells of a new zone here.
func ZoneFile() (path string, ok bool) { return "", false }
