package presence

import (
	"context"
	"testing"
	"time"
)

// senses is a Sensor that runs until the test ends, and its reports.
type senses struct {
	Sensor
	inputs chan Input
	running
}

// running is a sensor's Run until it is stopped, which it is at the end of the test.
type running struct {
	cancel context.CancelFunc
	done   chan error
}

// start runs the sensor.
func (r *running) start(t *testing.T, s Sensor) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel, r.done = cancel, make(chan error, 1)
	go func() { r.done <- s.Run(ctx) }()
	t.Cleanup(func() { r.stop(t) })
}

// startSenses runs the sensor that create returns.
func startSenses(t *testing.T, create func(input func(Input)) Sensor) *senses {
	t.Helper()
	s := &senses{inputs: make(chan Input, 1000)}
	s.Sensor = create(func(i Input) { s.inputs <- i })
	s.start(t, s.Sensor)
	return s
}

// stop ends Run and waits for it; a second stop does nothing.
func (r *running) stop(t *testing.T) {
	t.Helper()
	if r.cancel == nil {
		return
	}
	r.cancel()
	r.cancel = nil
	select {
	case err := <-r.done:
		if err != nil {
			t.Errorf("Run: %v", err)
		}
	case <-time.After(patience):
		t.Error("Run goes on although its context has ended")
	}
}

// want waits for the next report, which must say state and come from source.
func (s *senses) want(t *testing.T, source, state string) Input {
	t.Helper()
	select {
	case got := <-s.inputs:
		if got.State != state || got.Source != source {
			t.Fatalf("reported %+v, want %s by %s", got, state, source)
		}
		if (got.State == Unknown) == (got.Why == "") || (got.State == Unknown) == (got.How != "") {
			t.Fatalf("reported %+v: a reason belongs to what is unknown, and a way to what is known", got)
		}
		return got
	case <-time.After(patience):
		t.Fatalf("no report in %v, want %s by %s", patience, state, source)
	}
	panic("unreachable")
}

// none sees to it that nothing has been reported so far.
func (s *senses) none(t *testing.T) {
	t.Helper()
	select {
	case got := <-s.inputs:
		t.Fatalf("reported %+v, want nothing", got)
	default:
	}
}

// asked asks how long there has been no input.
func (s *senses) asked(t *testing.T) (time.Duration, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.Idle(ctx)
}
