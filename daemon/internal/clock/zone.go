package clock

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// utc is the zone where nothing else is known.
var utc = Zone{Name: "UTC"}

// rulePattern is POSIX's notation of a zone without a file, as in "CET-1CEST,M3.5.0,M10.5.0/3": a name and how far
// UTC is ahead of it, and the same for summer time with the days it begins and ends.
// It is made when it is needed: few have such a zone.
var rulePattern = sync.OnceValue(func() *regexp.Regexp {
	const (
		name   = `(?:<[A-Za-z0-9+-]{3,6}>|[A-Za-z]{3,6})`
		offset = `[+-]?\d{1,2}(?::\d{2}){0,2}`
		day    = `,(?:M\d{1,2}\.[1-5]\.[0-6]|J?\d{1,3})(?:/[+-]?\d{1,3}(?::\d{2}){0,2})?`
	)
	return regexp.MustCompile(`^(` + name + `)(` + offset + `)(?:` + name + `(?:` + offset + `)?(?:` + day + day + `)?)?$`)
})

// ruleZone makes a zone of a POSIX rule: TZif data without a single recorded change, and the rule behind it for all of
// time.
func ruleZone(name, rule string) (Zone, error) {
	parts := rulePattern().FindStringSubmatch(rule)
	if parts == nil {
		return utc, fmt.Errorf("%q is no rule of a time zone", rule)
	}
	abbreviation := strings.Trim(parts[1], "<>") + "\x00"
	offset := -seconds(parts[2])

	block := []byte("TZif2" + strings.Repeat("\x00", 15))
	for _, count := range []int{0, 0, 0, 0, 1, len(abbreviation)} { // one kind of local time, no changes
		block = binary.BigEndian.AppendUint32(block, uint32(count))
	}
	block = binary.BigEndian.AppendUint32(block, uint32(int32(offset)))
	block = append(block, 0, 0) // no summer time, the first abbreviation
	block = append(block, abbreviation...)

	data := append(block, block...) // once for readers of the first version, once for all others
	return validZone(name, append(data, "\n"+rule+"\n"...))
}

// seconds reads a duration like "-5:30", which matches rulePattern.
func seconds(s string) int {
	sign := 1
	if strings.HasPrefix(s, "-") {
		sign = -1
	}
	total, unit := 0, 3600
	for part := range strings.SplitSeq(strings.TrimLeft(s, "+-"), ":") {
		n, _ := strconv.Atoi(part) // digits, by the pattern
		total += n * unit
		unit /= 60
	}
	return sign * total
}

// validZone is a zone whose data Go understands.
func validZone(name string, tzif []byte) (Zone, error) {
	if _, err := time.LoadLocationFromTZData(name, tzif); err != nil {
		return utc, fmt.Errorf("time zone %s: %w", name, err)
	}
	return Zone{Name: name, TZif: tzif}, nil
}
