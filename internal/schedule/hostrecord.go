package schedule

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// hostRecord is a host as its own finding says it is.
func hostRecord(f *inspect.Finding, now time.Time) (state.Host, error) {
	h := state.Host{
		Name: f.Object.Host, Labels: f.Host.Labels, Collectors: f.Host.Collectors, TotalBytes: f.Host.TotalBytes,
		Value: f.Verdict.Value, InspectedAt: now, LastSeenAt: f.Newest,
	}
	var err error
	if h.Verdict, err = json.Marshal(event.VerdictOf(f)); err != nil {
		return h, fmt.Errorf("keep the verdict on %s: %w", f.Object, err)
	}
	if f.Health != nil {
		if h.Health, err = json.Marshal(f.Health); err != nil {
			return h, fmt.Errorf("keep the health of %s: %w", f.Object, err)
		}
	}
	if f.Series != nil {
		if h.Spark, err = json.Marshal(spark(f.Series.Window)); err != nil {
			return h, fmt.Errorf("keep the curve of %s: %w", f.Object, err)
		}
	}
	return h, nil
}

// sparkValues is how many numbers a small curve has: of six hours one each ten minutes.
const sparkValues = 36

// spark is a window in few numbers, each the mean of its part to a tenth; nil where that is empty.
func spark(w leak.Window) []*float64 {
	out := make([]*float64, sparkValues)
	for n := range out {
		sum, count := 0.0, 0
		for _, v := range w.Values[n*len(w.Values)/sparkValues : (n+1)*len(w.Values)/sparkValues] {
			if !math.IsNaN(v) {
				sum += v
				count++
			}
		}
		if count > 0 {
			mean := math.Round(10*sum/float64(count)) / 10
			out[n] = &mean
		}
	}
	return out
}

// remember fills in what is known of a host that has no data now from its record before.
func remember(h *state.Host, before state.Host) {
	if h.Labels == nil {
		h.Labels = before.Labels
	}
	if len(h.Collectors) == 0 {
		h.Collectors = before.Collectors
	}
	if h.TotalBytes == 0 {
		h.TotalBytes = before.TotalBytes
	}
	if h.LastSeenAt.IsZero() {
		h.LastSeenAt = before.LastSeenAt
	}
}
