package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/golang/snappy"

	"github.com/memseep/memseep/internal/agent/metric"
	"github.com/memseep/memseep/internal/agent/queue"
	"github.com/memseep/memseep/internal/agent/send"
)

// receiver is who takes the batches. Its errors are those of send.Client.
type receiver interface {
	Send(ctx context.Context, compressed []byte) error
	name() string
}

// delivery takes batches out of the queue, the oldest first, and sends each until it is taken.
type delivery struct {
	queue *queue.Queue
	to    receiver
	log   *slog.Logger

	sent, failed, refused atomic.Int64

	trouble string    // what was last said to be wrong
	since   time.Time // when it was said
}

// The pauses after failures: twice as long after each, and long from the start where only a
// person can help.
const (
	firstPause   = time.Second
	longestPause = time.Minute
	slowPause    = time.Minute
	// sayAgain is after how long the same trouble is logged once more.
	sayAgain = time.Hour
)

func (d *delivery) run(ctx context.Context) error {
	failures := 0
	for {
		data, handle, ok := d.queue.Oldest()
		if !ok {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-d.queue.Pushed():
				continue
			}
		}
		err := d.to.Send(ctx, data)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var later *send.LaterError
		if err != nil && errors.As(err, &later) {
			d.failed.Add(1)
			d.say(err.Error(), "it is tried again")
			if err := sleep(ctx, pause(failures, later)); err != nil {
				return err
			}
			failures++
			continue
		}
		failures = 0
		d.queue.Remove(handle)
		if err != nil {
			d.refused.Add(1)
			d.say(err.Error(), "the batch is dropped")
			continue
		}
		d.sent.Add(1)
		if d.trouble != "" {
			d.log.Info("the server takes what is sent again")
			d.trouble = ""
		}
	}
}

// pause is how long to wait after so many failures in a row. A random part keeps a fleet from
// coming back all at once.
func pause(failures int, e *send.LaterError) time.Duration {
	p := min(firstPause<<min(failures, 10), longestPause)
	if e.Slow {
		p = slowPause
	}
	p = p/2 + rand.N(p/2+1)
	return max(p, e.After+rand.N(e.After/10+1))
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// say logs what is wrong, once while it stays so and then every hour.
func (d *delivery) say(trouble, consequence string) {
	now := time.Now()
	if trouble == d.trouble && now.Sub(d.since) < sayAgain {
		return
	}
	d.trouble, d.since = trouble, now
	waiting, _, _ := d.queue.Stats()
	d.log.Warn(trouble, "then", consequence, "waiting", waiting)
}

// tell adds how the delivery goes.
func (d *delivery) tell(b *metric.Batch) {
	batches, bytes, dropped := d.queue.Stats()
	b.Add(agentQueue, float64(batches))
	b.Add(agentQueueBytes, float64(bytes))
	b.Add(agentSent, float64(d.sent.Load()))
	b.Add(agentFailed, float64(d.failed.Load()))
	b.Add(agentDropped, float64(dropped), "full")
	b.Add(agentDropped, float64(d.refused.Load()), "refused")
}

// server is a receiver over HTTP.
type server struct{ *send.Client }

func (s server) name() string { return s.URL() }

// function is a receiver in the same program.
type function func(ctx context.Context, request []byte) error

func (f function) name() string { return "this program" }

// Send takes an error for one that passes, but for those with a status that says otherwise.
func (f function) Send(ctx context.Context, compressed []byte) error {
	request, err := snappy.Decode(nil, compressed)
	if err != nil {
		return &send.RefusedError{Reason: fmt.Sprintf("the batch is damaged: %v", err)}
	}
	if err = f(ctx, request); err == nil {
		return nil
	}
	var answer interface{ Status() int }
	if errors.As(err, &answer) {
		if code := answer.Status(); code/100 == 4 && code != 429 {
			return &send.RefusedError{Reason: err.Error()}
		}
	}
	return &send.LaterError{Reason: err.Error()}
}

func receiverOf(c *Config) (receiver, error) {
	if c.Send != nil {
		return function(c.Send), nil
	}
	if c.URL == "" {
		return nil, errors.New("no server is named: give --url http://HOST:PORT")
	}
	client, err := send.New(send.Options{
		URL: c.URL, Key: c.Key, Headers: c.Headers, CAFile: c.CAFile, Insecure: c.Insecure,
		UserAgent: "memseep-agent/" + c.Version,
	})
	if err != nil {
		return nil, err
	}
	return server{client}, nil
}
