package schedule

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/memseep/memseep/internal/state"
)

// metrics are what the schedule says of itself.
type metrics struct {
	runs     *prometheus.CounterVec
	duration prometheus.Histogram
	chunks   *prometheus.CounterVec
	chunk    prometheus.Histogram
	lag      prometheus.Histogram
	scripts  *prometheus.CounterVec
	running  prometheus.Histogram
}

func newMetrics(registry prometheus.Registerer) (*metrics, error) {
	seconds := prometheus.ExponentialBuckets(0.05, 2.5, 12) // 50 ms to 20 min
	m := &metrics{
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "memseep_runs_total", Help: "Runs of inspections that ended here, by status.",
		}, []string{"status"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "memseep_run_duration_seconds", Help: "How long runs took from their start to their end.", Buckets: seconds,
		}),
		chunks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "memseep_run_chunks_total", Help: "Attempts at chunks of hosts here: done, failed, or dropped because the run had ended.",
		}, []string{"outcome"}),
		chunk: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "memseep_run_chunk_duration_seconds", Help: "How long attempts at chunks took.", Buckets: seconds,
		}),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "memseep_run_queue_lag_seconds", Help: "How long jobs of runs waited for a free worker.", Buckets: seconds,
		}),
		scripts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "memseep_script_runs_total", Help: "Runs of triggers that ended here, by status.",
		}, []string{"status"}),
		running: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "memseep_script_run_duration_seconds", Help: "How long runs of triggers took from their start to their end.", Buckets: seconds,
		}),
	}
	for _, s := range []state.RunStatus{state.RunSuccess, state.RunFailure, state.RunTimeout, state.RunExpired, state.RunSkipped} {
		m.runs.WithLabelValues(string(s)) // a rate of what never happened is 0, not absent
		m.scripts.WithLabelValues(string(s))
	}
	if registry == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.runs, m.duration, m.chunks, m.chunk, m.lag, m.scripts, m.running} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// ended counts a run that has.
func (m *metrics) ended(r *state.Run) {
	if going(*r) {
		return
	}
	runs, duration := m.runs, m.duration
	if r.TriggerID != "" {
		runs, duration = m.scripts, m.running
	}
	runs.WithLabelValues(string(r.Status)).Inc()
	if !r.StartedAt.IsZero() && r.EndedAt.After(r.StartedAt) {
		duration.Observe(r.EndedAt.Sub(r.StartedAt).Seconds())
	}
}
