// Package prometheus reads windows and floors from any Prometheus-compatible API: Prometheus,
// VictoriaMetrics, and what speaks alike.
// In go an address and a leak.Query; out come readings, host by host, as soon as they are read.
// Read this file first, then discover.go (which hosts there are), batch.go (how they are read),
// and native.go, remoteread.go and matrix.go (the three forms in which samples arrive).
package prometheus

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
	"golang.org/x/sync/errgroup"
)

// Access is a way to get samples out of a server.
type Access string

// Ways of access, the fastest first. All but Steps give raw samples.
const (
	Auto       Access = ""            // the fastest that the server has
	Native     Access = "native"      // VictoriaMetrics' /api/v1/export/native
	RemoteRead Access = "remote-read" // Prometheus' /api/v1/read
	Range      Access = "query"       // an instant query of metric[6h]
	Steps      Access = "query_range" // values a minute apart, as the server has sampled them again
)

// Config says where the server is and how to speak to it.
type Config struct {
	// URL is http(s)://[user:password@]host[:port][/prefix], without /api/v1.
	URL         string
	BearerToken string
	Headers     map[string]string // sent with each request, e.g. X-Scope-OrgID
	Parameters  map[string]string // added to each request's address, e.g. VictoriaMetrics' extra_label
	CAFile      string            // PEM certificates to trust besides the system's
	Insecure    bool              // any certificate is accepted

	Access  Access        // Auto unless a proxy lets only some of the API through
	Timeout time.Duration // of one request with its answer; 0 is 2 min
	Retries int           // after 429, 5xx and broken connections; 0 is 4, negative is none
	// MaxAnswer is how many bytes one answer may have; 0 is 1 GiB.
	MaxAnswer int64
	// Control may refuse an address before it is connected to, as that of a net.Dialer; nil is none.
	Control func(network, address string, c syscall.RawConn) error
}

// Source reads from one server. It may be used by many goroutines.
type Source struct {
	client *client
	access Access // what New was told, or what the probe found

	mu        sync.Mutex // guards directory
	directory *directory // of the last time asked for

	probing sync.Mutex // guards access and probed
	probed  bool
}

// New makes a source; it does not speak to the server yet. An error tells what is wrong with the
// configuration.
func New(c Config) (*Source, error) {
	switch c.Access {
	case Auto, Native, RemoteRead, Range, Steps:
	default:
		return nil, fmt.Errorf("access %q is not known: use native, remote-read, query or query_range, or leave it out", c.Access)
	}
	cl, err := newClient(c)
	if err != nil {
		return nil, err
	}
	return &Source{client: cl, access: c.Access}, nil
}

// Hosts lists the hosts that have written in the window that ends at the time, or in the week
// before it. It returns a *NoMetricsError where nothing tells of memory.
func (s *Source) Hosts(ctx context.Context, at time.Time) ([]leak.Host, error) {
	d, err := s.discover(ctx, at, discoverSpan)
	if err != nil {
		return nil, err
	}
	labels, err := s.hostDetails(ctx, d, at)
	if err != nil {
		return nil, err
	}
	hosts := make([]leak.Host, 0, len(d.hosts))
	for _, e := range d.hosts {
		h := leak.Host{Name: e.name, Collectors: e.collectors()}
		if more := labels[e.name]; more != nil {
			h.Labels, h.TotalBytes = more.labels, more.totalBytes
		} else {
			h.Labels = e.labels()
		}
		hosts = append(hosts, h)
	}
	return hosts, nil
}

// Read gives each a reading of every host asked for that the server knows. Hosts are read in
// batches, at most q.Parallel of them at a time; their size follows the number of series and what
// the server accepts.
func (s *Source) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	var d *directory
	var access Access
	g, groupCtx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		d, err = s.discover(groupCtx, q.At, q.Window+q.History)
		return err
	})
	g.Go(func() (err error) {
		access, err = s.probe(groupCtx)
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	hosts := d.hosts
	if q.Hosts != nil {
		hosts = d.only(q.Hosts)
	}
	r := &reader{
		client: s.client, access: access, directory: d, query: q, each: each,
		size: firstBatch, limit: len(hosts),
	}
	return r.run(ctx, hosts)
}

// discoverSpan is what Hosts looks at: a window and the longest history.
const discoverSpan = (6 + 7*24) * time.Hour

// collectors are the names of the dialects in which a host was found.
func (e *entry) collectors() []string {
	names := map[string]struct{}{}
	for _, k := range e.keys {
		for _, n := range k.chain.dialects {
			names[n] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func (e *entry) labels() map[string]string {
	labels := map[string]string{}
	for _, k := range e.keys {
		labels[k.label()] = k.value
	}
	return labels
}

// details are what a host's own series tell of it.
type details struct {
	labels     map[string]string
	totalBytes float64
	rank       int
}

// hostDetails asks for the labels and the total of all hosts, as of the time.
func (s *Source) hostDetails(ctx context.Context, d *directory, at time.Time) (map[string]*details, error) {
	found := map[string]*details{}
	for i, sel := range d.plan.Selectors() {
		if sel.Kind != "" || sel.Role == dialect.Part {
			continue
		}
		query := fmt.Sprintf("last_over_time(%s[1h])", sel)
		err := s.client.vector(ctx, query, at, func(ls dialect.Labels, _ int64, v float64) {
			_, raw := sel.HostOf(ls)
			if raw == "" {
				return
			}
			name := d.joins.Host(raw)
			m := found[name]
			if m == nil {
				m = &details{rank: i, labels: map[string]string{}}
				found[name] = m
			}
			if sel.Role == dialect.Total {
				if m.totalBytes == 0 {
					m.totalBytes = v
				}
				if len(m.labels) > 0 {
					return
				}
			}
			if m.rank < i && len(m.labels) > 0 {
				return
			}
			for _, l := range ls {
				if l.Name != "__name__" {
					m.labels[l.Name] = l.Value
				}
			}
		})
		if err != nil {
			return nil, fmt.Errorf("list the hosts: %w", err)
		}
	}
	return found, nil
}
