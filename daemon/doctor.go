package daemon

import (
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"github.com/unhunch/unhunch/daemon/api"
	"github.com/unhunch/unhunch/daemon/client"
	"github.com/unhunch/unhunch/daemon/words"
)

// Statuses of a check.
const (
	checkOK       = words.DoctorOK
	checkDegraded = words.DoctorDegraded
	checkMissing  = words.DoctorMissing
)

// found is a check with the words for code.
func found(part, code string, f words.DoctorFacts) api.Check {
	w := words.Doctor(code, f)
	return api.Check{Part: part, Status: w.Status, Detail: w.Detail, Hint: w.Hint}
}

const (
	// lookAround is how long the desktop gets to answer, and the daemon before it.
	lookAround = time.Second
	// lookAtMost is how long anything else that is looked at gets: a service manager starts a program to be asked.
	lookAtMost = 1500 * time.Millisecond
)

// Examine looks at everything, with a daemon or without one: the daemon tells of its own parts, and what is around it
// is looked at from here. It takes two seconds at most, whatever hangs. The report can be shown to anybody.
func Examine(ctx context.Context, configPath, version string) api.Doctor {
	around := begin(ctx, append(systemLooks(),
		look{"service", serviceLook}, look{"runtime directory", runtimeLook},
		look{"other reminders", remindersLook}, look{"files", filesLook(configPath)},
	)...)
	report := examineDaemon(ctx, configPath, version)
	report.Program = version
	if report.PID != 0 && version != report.Version && numbered(version) && numbered(report.Version) {
		facts := words.DoctorFacts{Version: report.Version, Program: version}
		report.Checks = append(report.Checks, found("version", words.DoctorVersions, facts))
	}
	report.Checks = inOrder(sayAlone(append(report.Checks, around()...)))
	return maskFor(os.Getenv).report(report)
}

// numbered tells a version from the names of none: programs that were built without one cannot be told apart.
func numbered(version string) bool { return version != "" && version != "dev" }

// examineDaemon asks the daemon, which alone knows what it uses, or else looks at the desktop itself.
func examineDaemon(ctx context.Context, configPath, version string) api.Doctor {
	c, err := client.Default()
	if err == nil {
		asked, cancel := context.WithTimeout(ctx, lookAround)
		defer cancel()
		var report api.Doctor
		if report, err = c.Doctor(asked); err == nil {
			if report.PID != 0 { // an older one does not say
				report.Checks = append(report.Checks, secondDaemons(report.PID, false)...)
			}
			return report
		}
	}
	code := words.DoctorSilent
	if _, absent := errors.AsType[*client.NotRunning](err); absent || c == nil {
		code = words.DoctorNotRunning
	}
	report := diagnose(ctx, configPath, version)
	seconds := secondDaemons(0, code == words.DoctorSilent)
	report.Checks = slices.Concat([]api.Check{found("daemon", code, words.DoctorFacts{})}, seconds, report.Checks)
	return report
}

// A look is one part that is looked at on its own.
type look struct {
	part string
	at   func(context.Context) []api.Check
}

// begin starts all looks at once. The function it returns waits for them; what is not done in time is said to be late and
// left to itself.
func begin(ctx context.Context, looks ...look) func() []api.Check {
	ctx, cancel := context.WithTimeout(ctx, lookAtMost)
	results := make([]chan []api.Check, len(looks))
	for i, l := range looks {
		results[i] = make(chan []api.Check, 1)
		go func() { results[i] <- l.at(ctx) }()
	}
	late := time.After(lookAtMost + lateness) // what ends because time is up may still have something to say
	return func() (all []api.Check) {
		defer cancel()
		for i, l := range looks {
			select {
			case checks := <-results[i]:
				all = append(all, checks...)
				continue
			case <-late:
				late = closed
			}
			select { // of two that are ready either may have been taken
			case checks := <-results[i]:
				all = append(all, checks...)
			default:
				all = append(all, found(l.part, words.DoctorTakesLong, words.DoctorFacts{}))
			}
		}
		return all
	}
}

// lateness is what a look gets to come back once its time is up.
const lateness = 100 * time.Millisecond

// closed is a time that has passed.
var closed = func() <-chan time.Time { c := make(chan time.Time); close(c); return c }()

// inOrder puts checks in the order in which they are read.
func inOrder(checks []api.Check) []api.Check {
	place := map[string]int{}
	for _, heading := range words.DoctorParts() {
		for _, p := range heading.Parts {
			place[p.Part] = len(place) + 1
		}
	}
	last := len(place) + 1
	slices.SortStableFunc(checks, func(a, b api.Check) int {
		at, bt := place[a.Part], place[b.Part]
		if at == 0 {
			at = last
		}
		if bt == 0 {
			bt = last
		}
		return at - bt
	})
	return checks
}
