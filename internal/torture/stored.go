package torture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// verifySpan is how much is read back by one query.
const verifySpan = time.Minute

// Verify reads back what the sender's hosts have from a time on, and tells what is missing of what
// was acknowledged, and what is there with another value than was sent.
func (s *Sender) Verify(ctx context.Context, from time.Time) error {
	rest := s.since(from.UnixMilli())
	for len(rest) > 0 {
		start, end := rest[0].ms, rest[0].ms+verifySpan.Milliseconds()
		n := 0
		for n < len(rest) && rest[n].ms <= end {
			n++
		}
		stored, err := s.stored(ctx, start, end)
		if err != nil {
			return err
		}
		if err := s.compare(rest[:n], stored); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

func (s *Sender) compare(acknowledged []acknowledged, stored map[string]map[int64]float64) error {
	for _, a := range acknowledged {
		for _, metric := range s.metricsIn(a) {
			for _, host := range s.hosts {
				name := nameOf(host, metric)
				if _, there := stored[name][a.ms]; !there {
					return fmt.Errorf("lost: the sample of %s at %d was acknowledged and is not there", name, a.ms)
				}
			}
		}
	}
	for metric := range metricEnd {
		for _, host := range s.hosts {
			name := nameOf(host, metric)
			for ms, v := range stored[name] {
				if want := s.fleet.value(host, metric, ms); v != want {
					return fmt.Errorf("wrong: the sample of %s at %d is %v, not %v", name, ms, v, want)
				}
			}
		}
	}
	return nil
}

// nameOf is how a series is told apart here.
func nameOf(host, metric int) string {
	var parts []string
	for _, l := range labelsOf(host, metric) {
		parts = append(parts, l.Value)
	}
	return strings.Join(parts, " ")
}

// stored reads the samples of all series from start to end, both included, in milliseconds.
func (s *Sender) stored(ctx context.Context, start, end int64) (map[string]map[int64]float64, error) {
	hosts := make([]string, len(s.hosts))
	for i, h := range s.hosts {
		hosts[i] = hostName(h)
	}
	// A range is open on its left.
	query := fmt.Sprintf(`{__name__=~"node_memory_Mem(Available|Total)_bytes|namedprocess_namegroup_memory_bytes|fast_.*",instance=~"(%s):.+"}[%dms]`,
		strings.Join(hosts, "|"), end-start+1)
	series, err := s.server.query(ctx, query, end)
	if err != nil {
		return nil, err
	}
	out := make(map[string]map[int64]float64, len(series))
	for _, one := range series {
		name := one.name()
		if out[name] == nil {
			out[name] = make(map[int64]float64, len(one.Values))
		}
		for _, v := range one.Values {
			if v.ms >= start {
				out[name][v.ms] = v.value
			}
		}
	}
	return out, nil
}

type storedSeries struct {
	Metric map[string]string `json:"metric"`
	Values []storedSample    `json:"values"`
}

// name is nameOf's.
func (s *storedSeries) name() string {
	parts := []string{s.Metric["__name__"]}
	for _, label := range []string{"groupname", "instance", "memtype"} {
		if v := s.Metric[label]; v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " ")
}

type storedSample struct {
	ms    int64
	value float64
}

func (s *storedSample) UnmarshalJSON(b []byte) error {
	var seconds json.Number
	var text string
	if err := json.Unmarshal(b, &[]any{&seconds, &text}); err != nil {
		return fmt.Errorf("read a sample: %w", err)
	}
	at, err := strconv.ParseFloat(seconds.String(), 64)
	if err != nil {
		return fmt.Errorf("read the time of a sample: %w", err)
	}
	s.ms = int64(at*1000 + 0.5)
	s.value, err = strconv.ParseFloat(text, 64)
	return err
}

// query asks the Prometheus query API for raw samples.
func (s *Server) query(ctx context.Context, query string, at int64) ([]storedSeries, error) {
	q := url.Values{"query": {query}, "time": {strconv.FormatFloat(float64(at)/1000, 'f', 3, 64)}}
	status, text, err := s.get(ctx, "/prometheus/api/v1/query?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("read samples back: %w", err)
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("read samples back: %d %s", status, text)
	}
	var answer struct {
		Data struct {
			Result []storedSeries `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return nil, errors.Join(errors.New("read samples back"), err)
	}
	return answer.Data.Result, nil
}
