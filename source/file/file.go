// Package file reads windows of memory from files: CSV, and OpenMetrics or Prometheus text.
// In goes the path of a file or of a directory; out come leak.Readings, any number of times, at
// any time that the files cover. Read this file first, then csv.go and window.go.
package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
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
	content content
}

// content is what files hold, in the terms of one format; hosts are sorted by name.
type content interface {
	size() int // number of hosts
	find(name string) (i int, ok bool)
	hosts(at time.Time) []leak.Host
	newest() int64 // milliseconds; math.MinInt64 without a sample
	// reader returns what reads host i, for one goroutine; a reading is valid until the next.
	reader(q leak.Query) func(i int) *leak.Reading
}

// Open reads a file, or the files hosts.csv and workloads.csv of a directory (.gz each too), into
// memory.
//
// CSV has a header that names its columns, in any order: timestamp, host, used_percent and
// perhaps total_bytes; or timestamp, host, process, rss_bytes; or timestamp, host, kind, name,
// bytes and perhaps namespace, limit_bytes, start. Times are unix seconds. Rows may come in any
// order; of two at one time the last stands. An empty cell of memory, or NaN, is a gap.
//
// A file named .om, .prom or .txt (.gz too) holds OpenMetrics or Prometheus text instead, with a
// time on each sample; its metrics are read by their dialects.
//
// Errors name the file, the line, and why it cannot be read.
func Open(ctx context.Context, path string, o Options) (*Source, error) {
	paths, err := filesAt(path)
	if err != nil {
		return nil, err
	}
	done := newProgress(paths, o.Progress)
	var c content
	if isExposition(paths[0]) {
		e := newExposition()
		err = readFile(paths[0], done, func(r io.Reader) error { return readExposition(ctx, r, e) })
		c = newExposedFleet(e)
	} else {
		f := newFleet()
		for _, p := range paths {
			if err = readFile(p, done, func(r io.Reader) error { return readCSV(ctx, r, f) }); err != nil {
				break
			}
		}
		f.settle()
		c = f
	}
	if err != nil {
		return nil, err
	}
	if c.newest() == math.MinInt64 {
		return nil, noSamples(paths)
	}
	return &Source{content: c}, nil
}

// noSamples says what was looked for in files that hold none of it.
func noSamples(paths []string) error {
	if !isExposition(paths[0]) {
		return fmt.Errorf("read %s: there is a header and not one sample of memory", strings.Join(paths, ", "))
	}
	var looked []string
	for _, d := range dialect.All() {
		looked = append(looked, fmt.Sprintf("%s (%s)", d.Detect[0], d.Name))
	}
	return fmt.Errorf("read %s: there are no memory metrics; looked for %s", paths[0], strings.Join(looked, ", "))
}

// filesAt is the path itself, or the files that count in the directory there.
func filesAt(path string) ([]string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
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

func readFile(path string, done func(n int), read func(io.Reader) error) error {
	t, err := openText(path, done)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if err := errors.Join(read(t), t.Close()); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
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

// Hosts lists every host of the files, sorted by name; the time chooses what is told of them.
func (s *Source) Hosts(_ context.Context, at time.Time) ([]leak.Host, error) {
	return s.content.hosts(at), nil
}

// Newest is the time of the newest sample over all files.
func (s *Source) Newest(context.Context) (time.Time, error) {
	return time.UnixMilli(s.content.newest()).UTC(), nil
}

// Read calls each for every host asked for; hosts that the files lack are left out. A workload
// that has no samples in the window is given with gaps alone.
func (s *Source) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	hosts := s.choose(q.Hosts)
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range min(max(q.Parallel, 1), len(hosts)) {
		g.Go(func() error {
			read := s.content.reader(q)
			for i := int(next.Add(1)) - 1; i < len(hosts); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := each(read(hosts[i])); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// choose is the places of the hosts asked for, each once; nil asks for all.
func (s *Source) choose(names []string) []int {
	if names == nil {
		all := make([]int, s.content.size())
		for i := range all {
			all[i] = i
		}
		return all
	}
	var chosen []int
	for _, name := range names {
		if i, ok := s.content.find(name); ok {
			chosen = append(chosen, i)
		}
	}
	slices.Sort(chosen)
	return slices.Compact(chosen)
}
