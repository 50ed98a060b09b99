package main

import (
	"bufio"
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

// cost is what a child says of its run, as JSON.
type cost struct {
	Hosts   int
	Leaks   int
	Seconds float64
	Peak    int64 // bytes resident at most
}

// measureMemory inspects many hosts and few in a process of its own each, over the query API, and
// compares the most memory that each took.
func (b *bench) measureMemory(ctx context.Context) error {
	many, err := b.peakOverAPI(ctx, b.hosts)
	if err != nil {
		return err
	}
	few, err := b.peakOverAPI(ctx, b.fewHosts)
	if err != nil {
		return err
	}
	for _, c := range []cost{few, many} {
		fmt.Printf("inspection of %d hosts over the query API: %.0f MiB at most, %.1f s\n", c.Hosts, mib(c.Peak), c.Seconds)
	}
	b.ratio("peak_memory", float64(many.Peak)/float64(few.Peak), 2)
	return nil
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// peakOverAPI serves a TSDB of so many hosts and lets a child inspect it.
func (b *bench) peakOverAPI(ctx context.Context, hosts int) (c cost, err error) {
	s, err := b.reopenTSDB(ctx, hosts)
	if err != nil {
		return cost{}, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
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
	c, err = runInChild(ctx, "inspect", "http://"+listener.Addr().String())
	if err == nil && c.Hosts != hosts {
		err = fmt.Errorf("%d hosts inspected, not %d", c.Hosts, hosts)
	}
	return c, err
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
func runChild(args []string) error {
	if len(args) != 2 {
		return errors.New("a child wants two arguments")
	}
	var source inspect.Source
	o := inspect.Options{At: at, History: -1}
	switch args[0] {
	case "inspect":
		s, err := prometheus.New(prometheus.Config{URL: args[1]})
		if err != nil {
			return err
		}
		source, o.Parallel = s, 4
	case "simulate":
		hosts, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		source, o.Parallel = simulation{hosts: hosts}, runtime.GOMAXPROCS(0)
	default:
		return fmt.Errorf("a child cannot %s", args[0])
	}
	start := time.Now()
	summary, err := inspect.Run(context.Background(), source, o, ignore)
	if err != nil {
		return err
	}
	peak, err := peakResident()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(cost{summary.Hosts, summary.Leaks, time.Since(start).Seconds(), peak})
}

// peakResident is the most memory that this process has had resident, in bytes, as the kernel
// counts it.
func peakResident() (int64, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("read the peak of memory: %w", err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(text, "kB")), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read the peak of memory: %w", err)
			}
			return kib << 10, nil
		}
	}
	return 0, errors.New("read the peak of memory: the kernel does not tell VmHWM")
}
