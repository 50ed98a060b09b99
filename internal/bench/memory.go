package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/source/prometheus"
)

// childArgument makes this program the child whose memory is measured.
const childArgument = "child"

// cost is what a child says of its run, as JSON; memory in bytes.
type cost struct {
	Hosts    int
	Leaks    int
	Seconds  float64
	Own      int64 // its own memory at most: resident and anonymous
	Resident int64 // at most, with the pages of files that it has mapped
}

// measureMemory inspects many hosts and few over the query API, in a process of its own each, and
// compares the most memory that each had resident, at the parallelism of the command and one by
// one. Beside it the same is printed of the embedded reader, in whose process the blocks of the
// TSDB are mapped: page cache, which the kernel takes back.
func (b *bench) measureMemory(ctx context.Context) error {
	kinds := []struct{ name, source, parallel string }{
		{fmt.Sprintf("over the query API, %d requests in flight", inFlight), "api", fmt.Sprint(inFlight)},
		{"over the query API, one request in flight", "api", "1"},
		{fmt.Sprintf("in the process of the TSDB, %d goroutines", b.parallel), "tsdb", fmt.Sprint(b.parallel)},
	}
	costs := make([][2]cost, len(kinds))
	for i, hosts := range []int{b.fewHosts, b.hosts} {
		s, err := b.reopenTSDB(ctx, hosts)
		if err != nil {
			return err
		}
		err = serve(ctx, s, func(address string) error {
			for k, kind := range kinds {
				if kind.source != "api" {
					continue
				}
				if costs[k][i], err = runInChild(ctx, "api", address, kind.parallel); err != nil {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(err, s.Close()); err != nil {
			return err
		}
		for k, kind := range kinds {
			if kind.source == "tsdb" {
				if costs[k][i], err = runInChild(ctx, "tsdb", b.tsdbDir(hosts), kind.parallel); err != nil {
					return err
				}
			}
			if n := costs[k][i].Hosts; n != hosts {
				return fmt.Errorf("%d hosts inspected %s, not %d", n, kind.name, hosts)
			}
		}
	}
	for k, kind := range kinds {
		few, many := costs[k][0], costs[k][1]
		fmt.Printf("memory %s: %d hosts %.0f MiB, %d hosts %.0f MiB (%.2f times) in %.1f s; its own without mapped files %.0f and %.0f MiB\n",
			kind.name, few.Hosts, mib(few.Resident), many.Hosts, mib(many.Resident), times(many.Resident, few.Resident), many.Seconds, mib(few.Own), mib(many.Own))
	}
	b.ratio("peak_memory", times(costs[0][1].Resident, costs[0][0].Resident), 2)
	return nil
}

func times(many, few int64) float64 { return float64(many) / float64(few) }

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// serve answers queries of a TSDB while run runs.
func serve(ctx context.Context, s *store.Store, run func(address string) error) (err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for queries: %w", err)
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		err = errors.Join(err, server.Close())
		<-served
	}()
	return run("http://" + listener.Addr().String())
}

// reopenTSDB opens what another measure has filled, or fills it.
func (b *bench) reopenTSDB(ctx context.Context, hosts int) (*store.Store, error) {
	if _, err := os.Stat(b.tsdbDir(hosts)); err != nil {
		return b.openTSDB(ctx, hosts)
	}
	return store.Open(b.tsdbDir(hosts), store.Options{})
}

// runInChild runs this program once more, and returns what it says.
func runInChild(ctx context.Context, args ...string) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{childArgument}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return cost{}, fmt.Errorf("run %s in a process of its own: %w\n%s", args[0], err, stderr.String())
	}
	var c cost
	if err := json.Unmarshal(out, &c); err != nil {
		return cost{}, fmt.Errorf("read what the process of %s says: %w", args[0], err)
	}
	return c, nil
}

// runChild inspects what its arguments name, with so many in flight, and prints the cost.
func runChild(args []string) (err error) {
	if len(args) != 3 {
		return errors.New("a child wants three arguments")
	}
	o := inspect.Options{At: at, History: -1}
	if o.Parallel, err = strconv.Atoi(args[2]); err != nil {
		return err
	}
	var source inspect.Source
	switch args[0] {
	case "api":
		source, err = prometheus.New(prometheus.Config{URL: args[1]})
	case "tsdb":
		var s *store.Store
		if s, err = store.Open(args[1], store.Options{}); err == nil {
			defer func() { err = errors.Join(err, s.Close()) }()
			source = s.Reader()
		}
	case "simulate":
		var s simulation
		s.hosts, err = strconv.Atoi(args[1])
		source = s
	default:
		err = fmt.Errorf("a child cannot %s", args[0])
	}
	if err != nil {
		return err
	}
	watched := watchMemory()
	start := time.Now()
	summary, err := inspect.Run(context.Background(), source, o, ignore)
	if err != nil {
		return err
	}
	c := cost{Hosts: summary.Hosts, Leaks: summary.Leaks, Seconds: time.Since(start).Seconds()}
	if c.Own, c.Resident, err = watched(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(c)
}

// watchInterval is short enough that the heap does not grow and shrink in between.
const watchInterval = 10 * time.Millisecond

// watchMemory looks at this process' memory until the function that it returns is called, which
// tells the most that was anonymous, and the most that was resident as the kernel has counted it.
func watchMemory() func() (own, resident int64, err error) {
	type peak struct {
		own int64
		err error
	}
	stop, result := make(chan struct{}), make(chan peak)
	go func() {
		tick := time.NewTicker(watchInterval)
		defer tick.Stop()
		var p peak
		for {
			now, err := kernelCount("RssAnon")
			p.own = max(p.own, now)
			p.err = errors.Join(p.err, err)
			select {
			case <-tick.C:
			case <-stop:
				result <- p
				return
			}
		}
	}()
	return func() (int64, int64, error) {
		close(stop)
		p := <-result
		resident, err := kernelCount("VmHWM")
		return p.own, resident, errors.Join(p.err, err)
	}
}

// kernelCount is what the kernel tells of this process' memory under the name, in bytes.
func kernelCount(name string) (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("read this process' memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "kB")), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read this process' memory: %w", err)
			}
			return kib << 10, nil
		}
	}
	return 0, fmt.Errorf("read this process' memory: the kernel does not tell %s", name)
}
