package store_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/prometheus/model/value"
)

// embedded opens metrics whose clock stands at `at`.
func embedded(t testing.TB, o store.EmbeddedOptions) *store.Embedded {
	t.Helper()
	return embeddedIn(t, t.TempDir(), o)
}

func embeddedIn(t testing.TB, dir string, o store.EmbeddedOptions) *store.Embedded {
	t.Helper()
	if o.Clock == nil {
		o.Clock = func() time.Time { return at }
	}
	e, err := store.OpenEmbedded(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// sample is one, so long before the end.
func sample(ago time.Duration, v float64) store.Sample {
	return store.Sample{T: at.Add(-ago).UnixMilli(), V: v}
}

func one(name, host string, samples ...store.Sample) store.Series {
	return store.Series{Labels: series(name, "host", host), Samples: samples}
}

func TestAppendCountsWhatBecomesOfSamples(t *testing.T) {
	min := time.Minute
	long := strings.Repeat("x", 3)
	for _, c := range []struct {
		name   string
		before []store.Series // in a request of their own
		series []store.Series
		want   store.Result
	}{
		{"nothing", nil, nil, store.Result{}},
		{"in order", nil, []store.Series{one("up", "a", sample(2*min, 1), sample(min, 2))}, store.Result{Stored: 2}},
		{"delivered twice", []store.Series{one("up", "a", sample(min, 1))}, []store.Series{one("up", "a", sample(min, 1), sample(0, 2))}, store.Result{Stored: 1, Duplicate: 1}},
		{"another value at the newest time", []store.Series{one("up", "a", sample(min, 1))}, []store.Series{one("up", "a", sample(min, 2))}, store.Result{Invalid: 1}},
		{"six hours late", []store.Series{one("up", "a", sample(0, 1))}, []store.Series{one("up", "a", sample(6*60*min, 2), sample(359*min, 3))}, store.Result{Stored: 2}},
		{"of another host, six hours late", []store.Series{one("up", "a", sample(0, 1))}, []store.Series{one("up", "b", sample(6*60*min, 2))}, store.Result{Stored: 1}},
		{"later than six hours", []store.Series{one("up", "a", sample(0, 1))}, []store.Series{one("up", "a", sample(361*min, 2), sample(400*min, 2), sample(-min, 3))}, store.Result{Stored: 1, TooOld: 2, Oldest: at.Add(-400 * min).UnixMilli()}},
		{"of 1970", nil, []store.Series{one("up", "a", store.Sample{T: 1000, V: 1}, sample(0, 1))}, store.Result{Stored: 1, TooOld: 1, Oldest: 1000}},
		{"ten minutes ahead", nil, []store.Series{one("up", "a", sample(-10*min, 1), sample(-11*min, 1))}, store.Result{Stored: 1, TooNew: 1}},
		{"of 2100", nil, []store.Series{one("up", "a", store.Sample{T: 4102444800000, V: 1})}, store.Result{TooNew: 1}},
		{"without a name", nil, []store.Series{{Labels: series("", "host", "a"), Samples: []store.Sample{sample(0, 1)}}, one("up", "a", sample(0, 1))}, store.Result{Stored: 1, Invalid: 1}},
		{"wrong UTF-8", nil, []store.Series{one("up", "\xff", sample(0, 1), sample(0, 1)), one("up", long, sample(0, 1))}, store.Result{Stored: 1, Invalid: 2}},
		{"a stale marker and infinities", nil, []store.Series{one("up", "a", sample(3*min, math.Inf(1)), sample(2*min, math.NaN()), sample(min, math.Float64frombits(value.StaleNaN)))}, store.Result{Stored: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := embedded(t, store.EmbeddedOptions{})
			if _, err := e.Append(t.Context(), c.before); err != nil {
				t.Fatal(err)
			}
			got, err := e.Append(t.Context(), c.series)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestAppendLimitsSeries(t *testing.T) {
	dir := t.TempDir()
	o := store.EmbeddedOptions{MaxSeries: 2}
	e := embeddedIn(t, dir, o)
	r, err := e.Append(t.Context(), []store.Series{one("up", "a", sample(time.Minute, 1)), one("up", "b", sample(0, 1)), one("up", "c", sample(time.Minute, 1), sample(0, 1)), one("up", "a", sample(0, 1))})
	if want := (store.Result{Stored: 3, Limited: 2}); err != nil || r != want {
		t.Errorf("%+v, %v; want %+v", r, err, want)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	o.MaxSeries = 1 // what was taken under a higher limit stays
	e = embeddedIn(t, dir, o)
	if s, err := e.Stats(t.Context()); err != nil || s.Series != 2 {
		t.Errorf("%d series after opening again, %v; want 2", s.Series, err)
	}
}

func TestAppendKeepsStaleMarkersAsTheyAre(t *testing.T) {
	e := embedded(t, store.EmbeddedOptions{})
	stale := math.Float64frombits(value.StaleNaN)
	if _, err := e.Append(t.Context(), []store.Series{one("up", "a", sample(2*time.Minute, 1), sample(time.Minute, stale))}); err != nil {
		t.Fatal(err)
	}
	got := query(t, e, `up`, at)
	if got != `[]` {
		t.Errorf("a series that ended is still there: %s", got)
	}
}

func TestClosedMetricsAreUnavailable(t *testing.T) {
	e := embedded(t, store.EmbeddedOptions{})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Append(t.Context(), nil); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("append: %v, want ErrUnavailable", err)
	}
}
