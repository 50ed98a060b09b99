package torture

import (
	"fmt"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"
)

// Fleet is a made fleet: each value is a function of host, series and time, so that whoever reads
// one can tell whether it is the one that was sent.
type Fleet struct {
	Hosts     int
	LeakEvery int // one host in so many leaks, the first among them
	Begun     time.Time
	// Lean hosts have the memory of the host alone, without processes.
	Lean bool
}

// The fleet's leaks began so long before Begun, of a history that is this long: a little less than
// samples may be late.
const (
	leaksFor = 5 * time.Hour
	history  = 5*time.Hour + 50*time.Minute
)

// The sizes of each host's memory, in bytes.
const (
	totalBytes   = 16 << 30
	leakPerHour  = 0.9 * (1 << 30)
	javaBytes    = 2 << 30
	nginxBytes   = 1 << 28
	wobbleBytes  = 1 << 20
	wobblePeriod = 7 // minutes
)

// hostName is what a host is called in findings.
func hostName(i int) string { return fmt.Sprintf("host-%05d", i) }

// Leaks tells whether a host does.
func (f Fleet) Leaks(i int) bool { return i%f.LeakEvery == 0 }

// Leaking is how many hosts leak.
func (f Fleet) Leaking() int { return (f.Hosts + f.LeakEvery - 1) / f.LeakEvery }

// LeakingObjects is how many hosts and processes leak.
func (f Fleet) LeakingObjects() int {
	if f.Lean {
		return f.Leaking()
	}
	return 2 * f.Leaking()
}

// The metrics of a host, by their index: those of a collector, which come each minute, and others
// that nobody inspects, which come as fast as they are taken.
const (
	metricAvailable = iota
	metricTotal
	metricJava
	metricNginx
	metricFast
	metricEnd = metricFast + 3
)

// collected are the metrics of a collector.
func (f Fleet) collected() []int {
	if f.Lean {
		return []int{metricAvailable, metricTotal}
	}
	return []int{metricAvailable, metricTotal, metricJava, metricNginx}
}

// fast are the others.
func (f Fleet) fast() (out []int) {
	for metric := metricFast; metric < metricEnd; metric++ {
		out = append(out, metric)
	}
	return out
}

// value of a host's metric at a time in milliseconds: whole bytes.
func (f Fleet) value(host, metric int, ms int64) float64 {
	leaked := 0.0
	if since := ms - f.Begun.Add(-leaksFor).UnixMilli(); f.Leaks(host) && since > 0 {
		leaked = float64(int64(leakPerHour * float64(since) / float64(time.Hour.Milliseconds())))
	}
	wobble := float64((ms / time.Minute.Milliseconds() % wobblePeriod) * wobbleBytes)
	switch metric {
	case metricAvailable:
		return totalBytes/2 - leaked + wobble
	case metricTotal:
		return totalBytes
	case metricJava:
		return javaBytes + leaked
	case metricNginx:
		return nginxBytes
	}
	return float64(ms%1_000_003 + int64(host*metricEnd+metric))
}

// labelsOf are sorted, as the protocol wants them.
func labelsOf(host, metric int) []prompb.Label {
	name := hostName(host)
	switch metric {
	case metricAvailable:
		return []prompb.Label{{Name: "__name__", Value: "node_memory_MemAvailable_bytes"}, {Name: "instance", Value: name + ":9100"}}
	case metricTotal:
		return []prompb.Label{{Name: "__name__", Value: "node_memory_MemTotal_bytes"}, {Name: "instance", Value: name + ":9100"}}
	case metricJava, metricNginx:
		group := map[int]string{metricJava: "java", metricNginx: "nginx"}[metric]
		return []prompb.Label{
			{Name: "__name__", Value: "namedprocess_namegroup_memory_bytes"}, {Name: "groupname", Value: group},
			{Name: "instance", Value: name + ":9256"}, {Name: "memtype", Value: "resident"},
		}
	}
	return []prompb.Label{{Name: "__name__", Value: fmt.Sprintf("fast_%d", metric-metricFast)}, {Name: "instance", Value: name + ":9100"}}
}

// request is a packed body of remote write with the metrics of hosts at times in milliseconds.
func (f Fleet) request(hosts, metrics []int, times []int64) ([]byte, error) {
	var w prompb.WriteRequest
	for _, host := range hosts {
		for _, metric := range metrics {
			s := prompb.TimeSeries{Labels: labelsOf(host, metric), Samples: make([]prompb.Sample, len(times))}
			for i, ms := range times {
				s.Samples[i] = prompb.Sample{Timestamp: ms, Value: f.value(host, metric, ms)}
			}
			w.Timeseries = append(w.Timeseries, s)
		}
	}
	text, err := w.Marshal()
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	return snappy.Encode(nil, text), nil
}

// past are the minutes of the fleet's history, the last at Begun.
func (f Fleet) past() []int64 {
	var out []int64
	for ago := history; ago >= 0; ago -= time.Minute {
		out = append(out, f.Begun.Add(-ago).UnixMilli())
	}
	return out
}

// all are the numbers of the hosts from one on, before another.
func (f Fleet) all(from, before int) []int {
	var out []int
	for i := from; i < min(before, f.Hosts); i++ {
		out = append(out, i)
	}
	return out
}
