package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
	prommodel "github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"golang.org/x/sync/errgroup"
)

const (
	available = "node_memory_MemAvailable_bytes"
	total     = "node_memory_MemTotal_bytes"
)

// measureTSDB compares detection, and a whole inspection, with reading the samples. The ratios are
// of the blocks that a server has at most times of the day; beside them the same is printed of one
// block, and of other numbers of goroutines.
func (b *bench) measureTSDB(ctx context.Context) error {
	s, err := b.openTSDB(ctx, b.hosts)
	if err != nil {
		return err
	}
	if err := errors.Join(b.measureDetect(ctx, s), b.measureInspect(ctx, s), s.Close()); err != nil {
		return err
	}
	return b.measureOneBlock(ctx)
}

// measureOneBlock prints what an inspection costs where all samples lie in one block, as they do
// when the compactor has just been there. A fifth of the hosts shows it.
func (b *bench) measureOneBlock(ctx context.Context) (err error) {
	hosts := max(b.hosts/5, 1)
	dir := filepath.Join(b.dir, "tsdb-one-block")
	if err := fillTSDB(ctx, dir, hosts, [][2]int{{parts[0][0], -1}}); err != nil {
		return err
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	_, err = b.compareWithIteration(ctx, s, "in one block", b.parallel)
	return err
}

// tsdbDir is where the TSDB of so many hosts lies.
func (b *bench) tsdbDir(hosts int) string { return filepath.Join(b.dir, fmt.Sprintf("tsdb-%d", hosts)) }

// parts are the ends of the blocks in minutes before the time of the inspections. They lie as
// Prometheus would have them at that time: two of two hours that are not yet compacted, and what
// is in the head, here written as a block too.
var parts = [][2]int{{394, 274}, {274, 154}, {154, -1}}

// openTSDB fills and opens a TSDB of node_exporter's metrics of so many hosts.
func (b *bench) openTSDB(ctx context.Context, hosts int) (*store.Store, error) {
	dir := b.tsdbDir(hosts)
	if err := fillTSDB(ctx, dir, hosts, parts); err != nil {
		return nil, err
	}
	return store.Open(dir, store.Options{})
}

func fillTSDB(ctx context.Context, dir string, hosts int, blocks [][2]int) error {
	start := time.Now()
	for _, p := range blocks {
		err := store.Fill(ctx, dir, time.Duration(p[0]-p[1])*time.Minute, func(appender func() storage.AppenderV2) error {
			return fillPart(ctx, appender, hosts, p[0], p[1])
		})
		if err != nil {
			return err
		}
	}
	fmt.Printf("a TSDB of %d hosts filled in %.0f s, %d block(s)\n", hosts, time.Since(start).Seconds(), len(blocks))
	return nil
}

// fillPart writes the minutes in [from, to) before the end.
func fillPart(ctx context.Context, appender func() storage.AppenderV2, hosts, from, to int) error {
	values := make([]float64, parts[0][0]+1)
	for i := range hosts {
		if err := ctx.Err(); err != nil {
			return err
		}
		used(i, values)
		app := appender()
		var refs [2]storage.SeriesRef
		names := [2]labels.Labels{seriesOf(available, i), seriesOf(total, i)}
		for ago := from; ago > to; ago-- {
			t := at.Add(-time.Duration(ago) * time.Minute).UnixMilli()
			for k, v := range [2]float64{availableBytes(values[len(values)-1-ago]), totalBytes} {
				var err error
				if refs[k], err = app.Append(refs[k], names[k], 0, t, v, nil, nil, storage.AOptions{}); err != nil {
					return fmt.Errorf("write %s: %w", names[k], err)
				}
			}
		}
		if err := app.Commit(); err != nil {
			return fmt.Errorf("write host %d: %w", i, err)
		}
	}
	return nil
}

func seriesOf(metric string, host int) labels.Labels {
	return labels.FromStrings(prommodel.MetricNameLabel, metric, "instance", hostName(host)+":9100", "job", "node")
}

// measureDetect compares the detector with decoding the window that it looks at.
func (b *bench) measureDetect(ctx context.Context, s *store.Store) error {
	windows, err := readWindows(ctx, s, min(b.hosts, 2000))
	if err != nil {
		return err
	}
	var d leak.Detector
	detect := func() error {
		for i := range windows {
			d.Detect(windows[i].Window, windows[i].History, windows[i].Limits)
		}
		return nil
	}
	decoded := 0
	decode := func() (err error) {
		decoded, err = iterate(ctx, s, 1, available)
		return err
	}
	const turns = 7
	ours, theirs, err := compare(ctx, turns, detect, decode)
	if err != nil {
		return err
	}
	i := 0
	allocs := testing.AllocsPerRun(len(windows), func() {
		d.Detect(windows[i%len(windows)].Window, windows[i%len(windows)].History, windows[i%len(windows)].Limits)
		i++
	})
	perDetect, perDecode := micros(ours, len(windows)), micros(theirs, b.hosts)
	fmt.Printf("detect: %.1f µs and %g allocs/op; decoding its window of %d samples: %.1f µs\n",
		perDetect, allocs, decoded/b.hosts, perDecode)
	b.ratio("detect", perDetect/perDecode, 0.5)
	return nil
}

// readWindows copies the memory of the first hosts.
func readWindows(ctx context.Context, s *store.Store, n int) ([]leak.Series, error) {
	q := leak.Query{At: at, Window: window, Parallel: 1}
	for i := range n {
		q.Hosts = append(q.Hosts, hostName(i))
	}
	var all []leak.Series
	err := s.Reader().Read(ctx, q, func(r *leak.Reading) error {
		c := *r.Memory
		c.Window.Values = append([]float64(nil), c.Window.Values...)
		all = append(all, c)
		return nil
	})
	if err == nil && len(all) != n {
		err = fmt.Errorf("%d windows read, not %d", len(all), n)
	}
	return all, err
}

// measureInspect compares a whole inspection with touching the same samples.
func (b *bench) measureInspect(ctx context.Context, s *store.Store) error {
	where := fmt.Sprintf("in %d blocks", len(parts))
	ratio, err := b.compareWithIteration(ctx, s, where, b.parallel)
	if err != nil {
		return err
	}
	b.ratio("inspect_tsdb", ratio, 1.6)
	if b.parallel > 1 {
		_, err = b.compareWithIteration(ctx, s, where, 1)
	}
	return err
}

// compareWithIteration divides the time of an inspection by that of touching the same samples in
// as many goroutines.
func (b *bench) compareWithIteration(ctx context.Context, s *store.Store, where string, parallel int) (float64, error) {
	var summary inspect.Summary
	samples := 0
	run := func() (err error) {
		summary, err = inspect.Run(ctx, s.Reader(), inspect.Options{At: at, History: -1, Parallel: parallel}, ignore)
		return err
	}
	bare := func() (err error) {
		samples, err = iterate(ctx, s, parallel, available, total)
		return err
	}
	const turns = 5
	ours, theirs, err := compare(ctx, turns, run, bare)
	if err != nil {
		return 0, err
	}
	fmt.Printf("inspection of %d hosts %s by %d goroutines: %.2f s, %d leaks; bare iteration of their %d samples: %.2f s; %.2f times\n",
		summary.Hosts, where, parallel, ours.Seconds(), summary.Leaks, samples, theirs.Seconds(), quotient(ours, theirs))
	return quotient(ours, theirs), nil
}

func ignore(inspect.Finding) error { return nil }

// iterate reads every sample of the window of all series of the metrics and does nothing with
// it: what Prometheus' own code takes for it, in so many goroutines.
func iterate(ctx context.Context, s *store.Store, parallel int, metrics ...string) (samples int, err error) {
	querier, err := s.Querier(at.Add(-window).UnixMilli()+1, at.UnixMilli())
	if err != nil {
		return 0, err
	}
	defer querier.Close()
	const atOnce = 256 // series handed to a goroutine, so that handing over costs nothing
	work := make(chan []storage.Series, 2*parallel)
	counts := make([]int, parallel)
	g, ctx := errgroup.WithContext(ctx)
	for i := range parallel {
		g.Go(func() error {
			var it chunkenc.Iterator
			for batch := range work {
				for _, series := range batch {
					it = series.Iterator(it)
					for it.Next() == chunkenc.ValFloat {
						it.At()
						counts[i]++
					}
					if err := it.Err(); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(work)
		for _, metric := range metrics {
			set := querier.Select(ctx, false, nil, labels.MustNewMatcher(labels.MatchEqual, prommodel.MetricNameLabel, metric))
			var batch []storage.Series
			for more := true; more; {
				if more = set.Next(); more {
					batch = append(batch, set.At())
				}
				if len(batch) == atOnce || !more && len(batch) > 0 {
					select {
					case work <- batch:
					case <-ctx.Done():
						return ctx.Err()
					}
					batch = nil
				}
			}
			if err := set.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return 0, err
	}
	for _, n := range counts {
		samples += n
	}
	return samples, nil
}
