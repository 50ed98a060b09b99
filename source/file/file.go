// Package file reads windows of memory from files: CSV, and OpenMetrics or Prometheus text.
// In goes the path of a file or of a directory; out come leak.Readings, any number of times, at
// any time that the files cover. Read this file first, then csv.go and window.go.
package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/memseep/memseep/leak"
)

// Options tells how files are read. The zero value is ready.
type Options struct {
	// Progress is told, while files are read, how many bytes of how many are done; on disk, so
	// compressed where the files are.
	Progress func(done, total int64)
}

// Source is the content of files, packed in memory: about two bytes a sample. It satisfies
// inspect.Source, and may be used by any number of goroutines.
type Source struct {
	fleet *fleet
}

// Open reads a file, or the files hosts.csv and workloads.csv of a directory (.gz each too), into
// memory.
//
// CSV has a header that names its columns, in any order: timestamp, host, used_percent and
// perhaps total_bytes; or timestamp, host, process, rss_bytes; or timestamp, host, kind, name,
// bytes and perhaps namespace, limit_bytes, start. Times are unix seconds. Rows may come in any
// order; of two at one time the last stands. An empty cell of memory, or NaN, is a gap.
//
// Errors name the file, the line, and why it cannot be read.
func Open(ctx context.Context, path string, o Options) (*Source, error) {
	paths, err := filesAt(path)
	if err != nil {
		return nil, err
	}
	done := newProgress(paths, o.Progress)
	f := newFleet()
	for _, p := range paths {
		if err := readFile(ctx, p, f, done); err != nil {
			return nil, fmt.Errorf("read %s: %w", p, err)
		}
	}
	if f.newest == math.MinInt64 {
		return nil, fmt.Errorf("read %s: there is a header and not one sample", path)
	}
	f.settle()
	return &Source{fleet: f}, nil
}

// filesAt is the path itself, or the files that count in the directory there.
func filesAt(path string) ([]string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no such file or directory: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var paths []string
	for _, name := range []string{"hosts.csv", "workloads.csv"} {
		var found []string
		for _, p := range []string{name, name + ".gz"} {
			p = filepath.Join(path, p)
			if _, err := os.Stat(p); err == nil {
				found = append(found, p)
			}
		}
		if len(found) == 2 {
			return nil, fmt.Errorf("%s holds both %s and %s.gz: remove one of them", path, name, name)
		}
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("the directory %s holds neither hosts.csv nor workloads.csv (.gz too)", path)
	}
	return paths, nil
}

func readFile(ctx context.Context, path string, f *fleet, done func(n int)) (err error) {
	t, err := openText(path, done)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	return readCSV(ctx, t, f)
}

// newProgress returns what is told the number of bytes read.
func newProgress(paths []string, tell func(done, total int64)) func(n int) {
	if tell == nil {
		return func(int) {}
	}
	var done, total int64
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil {
			total += info.Size()
		}
	}
	return func(n int) {
		done += int64(n)
		tell(done, total)
	}
}

// Hosts lists every host of the files, sorted by name; the time chooses only the size of their
// memory that is told.
func (s *Source) Hosts(_ context.Context, at time.Time) ([]leak.Host, error) {
	hosts := make([]leak.Host, len(s.fleet.hosts))
	for i, h := range s.fleet.hosts {
		hosts[i] = leak.Host{Name: h.name, TotalBytes: h.totalAt(at.UnixMilli()), Collectors: collectors}
	}
	return hosts, nil
}

// Newest is the time of the newest sample over all files.
func (s *Source) Newest(context.Context) (time.Time, error) { return newestTime(s.fleet.newest), nil }

// Read calls each for every host asked for; hosts that the files lack are left out. A workload
// that has no samples in the window is given with gaps alone.
func (s *Source) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	hosts := s.fleet.hosts
	if q.Hosts != nil {
		hosts = nil
		for _, name := range q.Hosts {
			if h, ok := s.fleet.byName[name]; ok {
				hosts = append(hosts, h)
			}
		}
	}
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range min(max(q.Parallel, 1), len(hosts)) {
		g.Go(func() error {
			w := newWindower(q)
			for i := int(next.Add(1)) - 1; i < len(hosts); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := each(w.read(hosts[i])); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
