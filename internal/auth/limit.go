package auth

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiterMost bounds the memory of a limiter.
const limiterMost = 10_000

// limiter lets each name try a number of times at once, and then once an interval.
type limiter struct {
	every time.Duration
	burst int
	mu    sync.Mutex
	names map[string]*rate.Limiter
}

func newLimiter(every time.Duration, burst int) *limiter {
	return &limiter{every: every, burst: burst, names: map[string]*rate.Limiter{}}
}

// wait counts an attempt and is 0 where it may be made; otherwise nothing is counted, and it is the
// time until the next may.
func (l *limiter) wait(name string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	of := l.names[name]
	if of == nil {
		if len(l.names) >= limiterMost {
			l.makeRoom(now)
		}
		of = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.names[name] = of
	}
	reservation := of.ReserveN(now, 1)
	delay := reservation.DelayFrom(now)
	if delay > 0 {
		reservation.CancelAt(now)
	}
	return delay
}

// forgive forgets the attempts of a name.
func (l *limiter) forgive(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.names, name)
}

// makeRoom forgets who may try as often as anybody new; where that is nobody, any one.
func (l *limiter) makeRoom(now time.Time) {
	for name, of := range l.names {
		if of.TokensAt(now) >= float64(l.burst) {
			delete(l.names, name)
		}
	}
	for name := range l.names {
		if len(l.names) < limiterMost {
			return
		}
		delete(l.names, name)
	}
}
