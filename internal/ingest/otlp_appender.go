package ingest

import (
	"errors"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// otlpAppender is where the translation of OTLP writes to: a batch.
type otlpAppender struct {
	batch   *batch
	targets int // how many samples of target_info may still come
}

var _ storage.AppenderV2 = (*otlpAppender)(nil)

// The translation writes a sample of target_info for every two and a half minutes that the data
// points of a resource lie apart. Points of 1970 and of today must not make millions of them.
const (
	targetInfo = "target_info"
	targetSpan = 6 * time.Hour
)

var errTargets = errors.New("the data points of a resource lie too far apart for its target_info")

// Append adds a sample. The labels are the caller's no more.
func (a *otlpAppender) Append(_ storage.SeriesRef, set labels.Labels, _, t int64, v float64, h *histogram.Histogram, fh *histogram.FloatHistogram, o storage.AppendV2Options) (storage.SeriesRef, error) {
	if h != nil || fh != nil {
		a.batch.addHistograms(1)
		return 0, nil
	}
	if o.MetricFamilyName == targetInfo {
		if a.targets--; a.targets < 0 || t < a.batch.now.Add(-targetSpan).UnixMilli() || t > a.batch.latest {
			return 0, errTargets
		}
	}
	a.batch.exemplars += len(o.Exemplars)
	a.batch.ready(set, t, v)
	return 0, nil
}

// Commit has nothing to do: the batch is appended as a whole.
func (*otlpAppender) Commit() error { return nil }

// Rollback has nothing to do either.
func (*otlpAppender) Rollback() error { return nil }
