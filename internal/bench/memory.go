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
	"runtime"
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
// compares the most memory that each had resident. Beside it the same is printed of the embedded
// reader, in whose process the blocks of the TSDB are mapped: page cache, which the kernel takes
// back.
func (b *bench) measureMemory(ctx context.Context) error {
	var peak [2]int64
	for i, hosts := range []int{b.fewHosts, b.hosts} {
		s, err := b.reopenTSDB(ctx, hosts)
		if err != nil {
			return err
		}
		overAPI, err := b.inspectOverAPI(ctx, s)
		if err := errors.Join(err, s.Close()); err != nil {
			return err
		}
		embedded, err := runInChild(ctx, "tsdb", b.tsdbDir(hosts))
		if err != nil {
			return err
		}
		if embedded.Hosts != hosts || overAPI.Hosts != hosts {
			return fmt.Errorf("%d and %d hosts inspected, not %d", embedded.Hosts, overAPI.Hosts, hosts)
		}
		fmt.Printf("memory for %d hosts over the query API: %.0f MiB at most, %.1f s; in the process of the TSDB: %.0f MiB of its own, %.0f MiB with mapped blocks, %.1f s\n",
			hosts, mib(overAPI.Resident), overAPI.Seconds, mib(embedded.Own), mib(embedded.Resident), embedded.Seconds)
		peak[i] = overAPI.Resident
	}
	b.ratio("peak_memory", float64(peak[1])/float64(peak[0]), 2)
	return nil
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// inspectOverAPI serves a TSDB and lets a child inspect it.
func (b *bench) inspectOverAPI(ctx context.Context, s *store.Store) (c cost, err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return cost{}, fmt.Errorf("listen for queries: %w", err)
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		err = errors.Join(err, server.Close())
		<-served
	}()
	return runInChild(ctx, "api", "http://"+listener.Addr().String())
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

// runChild inspects what its arguments name and prints the cost.
func runChild(args []string) (err error) {
	if len(args) != 2 {
		return errors.New("a child wants two arguments")
	}
	// One batch in flight: of a thousand hosts more would be smaller, and the two sizes not alike.
	o := inspect.Options{At: at, History: -1, Parallel: 1}
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
		source, o.Parallel = s, runtime.GOMAXPROCS(0)
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
