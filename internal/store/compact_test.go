package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// Hosts that send hours of late samples, new series all of them, lose none to a compaction.
func TestLateSamplesSurviveACompaction(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	for range 4 {
		e, err := OpenEmbedded(t.TempDir(), EmbeddedOptions{Reserve: Reserve{Bytes: -1, Fraction: -1}})
		if err != nil {
			t.Fatal(err)
		}
		var running sync.WaitGroup
		const hosts, atOnce, samples = 2000, 25, 351
		for from := 0; from < hosts; from += atOnce {
			var batch []Series
			for h := range atOnce {
				s := Series{Labels: labels.FromStrings("__name__", "used", "host", fmt.Sprintf("host-%05d", from+h))}
				for ago := samples - 1; ago >= 0; ago-- {
					s.Samples = append(s.Samples, Sample{T: now.Add(-time.Duration(ago) * time.Minute).UnixMilli(), V: 1})
				}
				batch = append(batch, s)
			}
			if from == hosts/2 {
				running.Go(func() {
					if err := e.samples.compactions.compact(e.samples.db); err != nil {
						t.Error(err)
					}
				})
			}
			if r, err := e.Append(t.Context(), batch); err != nil || r.Stored != atOnce*samples {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		running.Wait()
		if err := e.samples.compactions.compact(e.samples.db); err != nil {
			t.Fatal(err)
		}
		if series, missing := countMissing(t, e, now, samples); series != hosts || missing > 0 {
			t.Errorf("%d of %d series, and %d of them have lost samples", series, hosts, missing)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

func countMissing(t *testing.T, e *Embedded, now time.Time, want int) (series, missing int) {
	t.Helper()
	q, err := e.samples.Querier(now.Add(-6*time.Hour).UnixMilli(), now.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = q.Close() }()
	set := q.Select(t.Context(), false, nil, labels.MustNewMatcher(labels.MatchEqual, "__name__", "used"))
	for set.Next() {
		n := 0
		for it := set.At().Iterator(nil); it.Next() != chunkenc.ValNone; {
			n++
		}
		if series++; n != want {
			missing++
		}
	}
	if err := set.Err(); err != nil {
		t.Fatal(err)
	}
	return series, missing
}
