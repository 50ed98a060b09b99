// Command bench measures what the product promises to cost, against what its input costs anyway.
// In goes nothing but sizes, by flags; out come figures as they are measured, and at the end a
// line for each ratio: ratio NAME VALUE goal <=N, or >=N.
// Read this file first, then ratio.go for how times are compared, then a file a measure.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"
)

// bench is what the measures share.
type bench struct {
	hosts     int // in the TSDB
	fewHosts  int // that memory is compared with
	victoria  int // hosts in VictoriaMetrics
	simulated int // hosts
	parallel  int
	dir       string
	ratios    []ratio
}

// measures are run one after the other; each adds its ratios.
var measures = []struct {
	name string
	run  func(*bench, context.Context) error
}{
	{"tsdb", (*bench).measureTSDB},
	{"victoriametrics", (*bench).measureVictoriaMetrics},
	{"memory", (*bench).measureMemory},
	{"simulated", (*bench).measureSimulated},
	{"ingest", (*bench).measureIngest},
	{"events", (*bench).measureEvents},
	{"agent", (*bench).measureAgent},
	{"run", (*bench).measureRun},
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == childArgument {
		exit(runChild(os.Args[2:]))
	}
	b := &bench{parallel: runtime.GOMAXPROCS(0), fewHosts: 1000}
	var names []string
	for _, m := range measures {
		names = append(names, m.name)
	}
	flag.IntVar(&b.hosts, "hosts", 100_000, "hosts in the TSDB")
	flag.IntVar(&b.victoria, "victoria-hosts", 10_000, "hosts in VictoriaMetrics")
	flag.IntVar(&b.simulated, "simulated-hosts", 1_000_000, "hosts simulated")
	only := flag.String("only", strings.Join(names, ","), "what to measure")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exit(b.run(ctx, strings.Split(*only, ",")))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run measures, prints the ratios last, and leaves nothing on disk.
func (b *bench) run(ctx context.Context, only []string) (err error) {
	if b.dir, err = os.MkdirTemp("", "memseep-bench-"); err != nil {
		return fmt.Errorf("make a directory for the bench: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	fmt.Printf("%s, %d goroutines at once\n", runtime.Version(), b.parallel)
	for _, m := range measures {
		if !slices.Contains(only, m.name) {
			continue
		}
		start := time.Now()
		if err := m.run(b, ctx); err != nil {
			return fmt.Errorf("measure %s: %w", m.name, err)
		}
		fmt.Printf("  (%s took %.0f s)\n", m.name, time.Since(start).Seconds())
	}
	fmt.Println()
	for _, r := range b.ratios {
		fmt.Println(r)
	}
	return nil
}
