package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/unhunch/unhunch/daemon/desktest"
)

const (
	accuracyName = "prompts on random traces"
	// atOnce is how many desks have a person at the same time. They mostly wait.
	atOnce = 16
)

// accuracy plays random input traces, a person and a desk for each, and sums up how far from the ideal moment the
// prompts were. The seed of a trace is its number.
func accuracy(r *rig, binary string, n int) []row {
	late := make([]time.Duration, n)
	fate := make([]string, n) // what else became of the prompt
	seeds := make(chan int)
	var desks sync.WaitGroup
	for range atOnce {
		desks.Go(func() {
			for i := range seeds {
				fate[i] = "the desk could not be set up"
				newRig(fmt.Sprintf("trace %d", i+1), newGathering(1)).do(func(r *rig) []row {
					late[i], fate[i] = promptedAtRandom(r, binary, uint64(i+1))
					return nil
				})
			}
		})
	}
	for i := range n {
		seeds <- i
	}
	close(seeds)
	desks.Wait()
	var good []time.Duration
	for i, d := range late {
		if fate[i] != "" {
			r.Logf("trace %d: %s", i+1, fate[i])
			continue
		}
		good = append(good, d)
	}
	if len(good) == 0 {
		return []row{{what: accuracyName}}
	}
	slices.Sort(good)
	of := func(share float64) string {
		return fmt.Sprintf("%+.3f s", good[int(share*float64(len(good)-1))].Seconds())
	}
	within := good[0] >= -precise && good[len(good)-1] <= precise
	return []row{
		{fmt.Sprintf("prompt against the ideal moment on %d random traces: prompted", n), "all", fmt.Sprintf("%d", len(good)), len(good) == n},
		{"least, median, 95 %, most", "within 0.2 s", of(0) + ", " + of(0.5) + ", " + of(0.95) + ", " + of(1), within},
	}
}

// promptedAtRandom plays one trace: typing, reading and looking for up to less than away_after, with absences that
// clear the limit, until the limit is reached. It is what a person does who knows nothing of limits.
func promptedAtRandom(r *rig, binary string, seed uint64) (late time.Duration, fate string) {
	rnd := rand.New(rand.NewPCG(seed, seed))
	desk := r.desk(desktest.Options{Logind: true})
	desk.Start(binary, config)
	p := desk.Person()
	p.Away(fetchingTea)
	begin := time.Now()
	for time.Since(begin) < limit+2*time.Second {
		if sat := time.Since(begin); sat > 2*time.Second && sat < limit-3*time.Second && rnd.IntN(12) == 0 {
			p.Key() // the absence begins with the last input
			p.Away(fetchingTea)
			begin = time.Now()
		}
		stretch := time.Duration(200+rnd.IntN(2300)) * time.Millisecond
		switch rnd.IntN(3) {
		case 0:
			p.Type(stretch, time.Duration(60+rnd.IntN(300))*time.Millisecond)
		case 1:
			p.Key()
			p.Away(min(stretch, awayAfter-300*time.Millisecond))
		case 2:
			p.Move()
			p.Away(min(stretch, awayAfter-300*time.Millisecond))
		}
	}
	sent := desk.Notifications()
	if len(sent) == 0 {
		return 0, "never prompted"
	}
	if first := sent[0].At; first.Before(begin) {
		return 0, "prompted before the last absence ended"
	}
	return sent[0].At.Sub(begin.Add(limit)), ""
}
