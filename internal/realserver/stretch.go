package realserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Stretch starts a Prometheus that holds what this one has scraped of the series that match, as if
// a second had been `factor` seconds: times lie so many times further before the end, times that
// are values (of starts and boots) too. The end is returned, it stays where it was.
func (p *Prometheus) Stretch(t testing.TB, match string, span time.Duration, factor int) (*Prometheus, time.Time) {
	t.Helper()
	series := p.rawSamples(t, match, span)
	end := 0.0
	for _, s := range series {
		for _, v := range s.Values {
			end = max(end, v.time)
		}
	}
	end = math.Floor(end) + 1
	stretch := func(at float64) float64 { return end - (end-at)*float64(factor) }
	sort.SliceStable(series, func(a, b int) bool { return series[a].Metric["__name__"] < series[b].Metric["__name__"] })
	var text bytes.Buffer
	last := ""
	for _, s := range series {
		name := s.Metric["__name__"]
		if name != last {
			fmt.Fprintf(&text, "# TYPE %s unknown\n", name)
			last = name
		}
		for _, v := range s.Values {
			value := v.value
			if strings.Contains(name, "start_time_seconds") || strings.Contains(name, "boot_time_seconds") {
				value = stretch(value)
			}
			fmt.Fprintf(&text, "%s %s %s\n", s.name(), strconv.FormatFloat(value, 'g', -1, 64), strconv.FormatFloat(stretch(v.time), 'f', 3, 64))
		}
	}
	text.WriteString("# EOF\n")
	file := filepath.Join(t.TempDir(), "stretched.om")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatalf("write the stretched samples: %v", err)
	}
	return StartPrometheus(t, PrometheusOptions{OpenMetrics: file}), time.Unix(int64(end), 0)
}

type rawSeries struct {
	Metric map[string]string `json:"metric"`
	Values []rawSample       `json:"values"`
}

type rawSample struct{ time, value float64 }

func (s *rawSample) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &[]any{&s.time, &text}); err != nil {
		return fmt.Errorf("read a sample: %w", err)
	}
	var err error
	s.value, err = strconv.ParseFloat(text, 64)
	return err
}

func (s *rawSeries) name() string {
	var pairs []string
	for k, v := range s.Metric {
		if k != "__name__" {
			pairs = append(pairs, k+"="+strconv.Quote(v))
		}
	}
	sort.Strings(pairs)
	return s.Metric["__name__"] + "{" + strings.Join(pairs, ",") + "}"
}

func (p *Prometheus) rawSamples(t testing.TB, match string, span time.Duration) []rawSeries {
	t.Helper()
	query := fmt.Sprintf("%s[%ds]", match, int(span.Seconds()))
	client := http.Client{Timeout: time.Minute}
	resp, err := client.Get(p.URL + "/api/v1/query?query=" + url.QueryEscape(query))
	if err != nil {
		t.Fatalf("read raw samples: %v", err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Data struct {
			Result []rawSeries `json:"result"`
		} `json:"data"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("read raw samples: %s, %v", resp.Status, err)
	}
	return answer.Data.Result
}
