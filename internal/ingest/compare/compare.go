// Package compare measures how fast remote write is taken, beside Prometheus' own receiver.
// In goes a directory for two metrics stores of the same options; out come the samples a second
// that each took of the same bodies.
// Read Run first.
package compare

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/store"
	remoteapi "github.com/prometheus/client_golang/exp/api/remote"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/storage/remote"
	"golang.org/x/sync/errgroup"
)

// Load is what is sent: the samples of so many hosts, scrape after scrape, from several senders at
// a time in requests as Prometheus makes them.
type Load struct {
	Hosts   int // each has SeriesPerHost
	Scrapes int
	Senders int
	Turns   int // of both sides; the median counts
}

const (
	// SeriesPerHost is what node_exporter and process-exporter have of a small host.
	SeriesPerHost = 500
	perRequest    = 2000 // samples; Prometheus' max_samples_per_send
	interval      = 15 * time.Second
)

// Rates are samples a second.
type Rates struct{ Ours, Prometheus float64 }

// Ratio is ours divided by Prometheus'.
func (r Rates) Ratio() float64 { return r.Ours / r.Prometheus }

// Run lets both sides take the load in turns, so that both meet the machine in the same states.
// What it writes below the directory it removes.
func Run(ctx context.Context, dir string, l Load) (Rates, error) {
	began := time.Now().Add(-time.Duration(l.Scrapes) * interval).Truncate(interval)
	requests, err := requestsOf(l, began)
	if err != nil {
		return Rates{}, err
	}
	var ours, theirs []float64
	for turn := range l.Turns {
		for _, side := range []struct {
			open  func(dir string) (*receiver, error)
			rates *[]float64
		}{{openOurs, &ours}, {openPrometheus, &theirs}} {
			rate, err := measure(ctx, filepath.Join(dir, fmt.Sprintf("turn-%d", turn)), side.open, requests, l)
			if err != nil {
				return Rates{}, err
			}
			*side.rates = append(*side.rates, rate)
		}
	}
	return Rates{Ours: median(ours), Prometheus: median(theirs)}, nil
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// receiver is one side, over a store of its own.
type receiver struct {
	http.Handler
	close func() error
}

func openOurs(dir string) (*receiver, error) {
	spaces, err := store.OpenDirectory(dir, store.DirectoryOptions{})
	if err != nil {
		return nil, err
	}
	in := ingest.New(ingest.Options{
		Authorize: func(*http.Request) (string, string, error) { return "w", "k", nil },
		Spaces:    spaces,
		Limits:    func(string) ingest.Limits { return ingest.Limits{SamplesPerSecond: -1} },
		Registry:  prometheus.NewRegistry(),
	})
	mux := http.NewServeMux()
	in.Routes(mux)
	return &receiver{mux, spaces.Close}, nil
}

func openPrometheus(dir string) (*receiver, error) {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return nil, err
	}
	handler := remote.NewWriteHandler(slog.New(slog.DiscardHandler), prometheus.NewRegistry(), appendable{s},
		remoteapi.MessageTypes{remoteapi.WriteV1MessageType, remoteapi.WriteV2MessageType}, false, false)
	return &receiver{handler, s.Close}, nil
}

type appendable struct{ s *store.Store }

func (a appendable) AppenderV2(ctx context.Context) storage.AppenderV2 { return a.s.Appender(ctx) }

// requestsOf are the packed bodies of each sender, in their order.
func requestsOf(l Load, began time.Time) ([][][]byte, error) {
	senders := make([][][]byte, l.Senders)
	series := make([]prompb.TimeSeries, 0, perRequest)
	pack := func(sender int) error {
		body, err := (&prompb.WriteRequest{Timeseries: series}).Marshal()
		if err != nil {
			return fmt.Errorf("make a request: %w", err)
		}
		senders[sender] = append(senders[sender], snappy.Encode(nil, body))
		series = series[:0]
		return nil
	}
	for scrape := range l.Scrapes {
		t := began.Add(time.Duration(scrape) * interval).UnixMilli()
		for sender := range l.Senders {
			for host := sender; host < l.Hosts; host += l.Senders {
				for i := range SeriesPerHost {
					series = append(series, prompb.TimeSeries{
						Labels:  labelsOf(host, i),
						Samples: []prompb.Sample{{Timestamp: t, Value: float64(i*1000 + scrape*host%97)}},
					})
					if len(series) == perRequest {
						if err := pack(sender); err != nil {
							return nil, err
						}
					}
				}
			}
			if len(series) > 0 {
				if err := pack(sender); err != nil {
					return nil, err
				}
			}
		}
	}
	return senders, nil
}

// labelsOf has as many labels as a series of process-exporter.
func labelsOf(host, i int) []prompb.Label {
	return []prompb.Label{
		{Name: "__name__", Value: "namedprocess_namegroup_memory_bytes"},
		{Name: "cluster", Value: "production"},
		{Name: "groupname", Value: fmt.Sprintf("service-%d", i/4)},
		{Name: "instance", Value: fmt.Sprintf("host-%05d.example.com:9256", host)},
		{Name: "job", Value: "process-exporter"},
		{Name: "memtype", Value: []string{"resident", "virtual", "swapped", "proportionalResident"}[i%4]},
	}
}

// measure opens a side, lets it take everything, and closes it.
func measure(ctx context.Context, dir string, open func(string) (*receiver, error), requests [][][]byte, l Load) (rate float64, err error) {
	r, err := open(dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.close(), os.RemoveAll(dir)) }()
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for _, bodies := range requests {
		group.Go(func() error {
			for _, body := range bodies {
				if err := post(ctx, r, body); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	return float64(l.Hosts*SeriesPerHost*l.Scrapes) / time.Since(start).Seconds(), nil
}

func post(ctx context.Context, h http.Handler, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/api/v1/write", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	r.Header.Set("Content-Encoding", "snappy")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code/100 != 2 {
		text, _ := io.ReadAll(w.Body)
		return fmt.Errorf("a request was refused: %d %s", w.Code, text)
	}
	return nil
}
