package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
)

// The fleet sends as a collector does: each minute, by remote write.
const (
	liveEvery   = time.Minute
	liveTimeout = 10 * time.Second
)

// live lets the fleet go on until the demo is closed.
func (d *Demo) live(members []member, key string) {
	ctx, end := context.WithCancel(context.Background())
	endServer := d.end
	d.end = func() { end(); endServer() }
	d.parts.Go(func() {
		tick := time.NewTicker(liveEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				if err := d.send(ctx, key, minuteOf(members, now.Truncate(liveEvery))); err != nil && ctx.Err() == nil {
					d.keep(fmt.Errorf("send the fleet's samples: %w", err))
					return
				}
			}
		}
	})
}

// send writes one request of remote write 1.
func (d *Demo) send(ctx context.Context, key string, request *prompb.WriteRequest) error {
	ctx, cancel := context.WithTimeout(ctx, liveTimeout)
	defer cancel()
	raw, err := request.Marshal()
	if err != nil {
		return err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL+"/api/v1/write", bytes.NewReader(snappy.Encode(nil, raw)))
	if err != nil {
		return err
	}
	post.Header.Set("Authorization", "Bearer "+key)
	post.Header.Set("Content-Type", "application/x-protobuf")
	post.Header.Set("Content-Encoding", "snappy")
	post.Header.Set("User-Agent", "memseep-demo")
	answer, err := http.DefaultClient.Do(post)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1000))
		return fmt.Errorf("%s: %s", answer.Status, text)
	}
	return nil
}

// minuteOf is what the fleet shows at a time after its end.
func minuteOf(members []member, at time.Time) *prompb.WriteRequest {
	request := &prompb.WriteRequest{}
	var newest int64
	for _, m := range members {
		for _, s := range m.series {
			newest = max(newest, s.end())
		}
	}
	for _, m := range members {
		for _, s := range m.series {
			if s.end() < newest-gap {
				continue // the process or container has ended
			}
			if v, known := s.goingOn(at.UnixMilli()); known {
				request.Timeseries = append(request.Timeseries, prompb.TimeSeries{
					Labels:  pairs(s.labels),
					Samples: []prompb.Sample{{Timestamp: at.UnixMilli(), Value: v}},
				})
			}
		}
	}
	return request
}

const (
	hour = 3_600_000 // ms
	gap  = 600_000   // ms without a sample: the series has ended
)

// end is the time of the newest sample.
func (s series) end() int64 {
	if len(s.times) == 0 {
		return 0
	}
	return s.times[len(s.times)-1]
}

func pairs(l labels.Labels) []prompb.Label {
	out := make([]prompb.Label, 0, l.Len())
	l.Range(func(p labels.Label) { out = append(out, prompb.Label{Name: p.Name, Value: p.Value}) })
	return out
}

// goingOn is the value of a series after its end: its last hour again and again, each time as much
// higher as it rose in it, but never below zero: what grows grows on, what swings swings on.
func (s series) goingOn(at int64) (v float64, known bool) {
	last := len(s.times) - 1
	if last < 0 || at <= s.times[last] {
		return 0, false
	}
	end := s.times[last]
	rounds := (at-end-1)/hour + 1
	i := s.before(at - rounds*hour)
	first := s.before(end - hour)
	if first < 0 || i < 0 {
		return 0, false
	}
	v = s.values[i] + float64(rounds)*(s.values[last]-s.values[first])
	return max(v, 0), true
}

// before is the index of the newest sample that is not after the time; -1 where there is none.
func (s series) before(at int64) int {
	for i := len(s.times) - 1; i >= 0; i-- {
		if s.times[i] <= at {
			return i
		}
	}
	return -1
}
