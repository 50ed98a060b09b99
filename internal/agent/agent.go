// Package agent tells a server how much memory a Linux machine, its processes, containers, pods
// and kernel pools hold.
// In go /proc, the cgroups and a Config; out go Prometheus remote write requests, by HTTP or to a
// function of the caller's.
// Read Run in this file first, then collect.go for what is told, then deliver.go for how it is sent.
package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/memseep/memseep/internal/agent/metric"
	"github.com/memseep/memseep/internal/agent/queue"
)

// Config says what the agent reads and where it sends. The zero value of a field is its default.
type Config struct {
	// URL is the server's; without a path that of remote write, /api/v1/write, is added.
	URL string
	// Key is ID:SECRET, of the scope ingest.
	Key string
	// Headers are sent with every request.
	Headers map[string]string
	// CAFile holds certificates to trust besides the system's; Insecure trusts any.
	CAFile   string
	Insecure bool
	// Send takes the requests instead of URL: messages io.prometheus.write.v2.Request, neither
	// compressed nor kept after the call. An error with a method Status that returns 4xx other than
	// 429 drops the request; after any other it is given again.
	Send func(ctx context.Context, request []byte) error

	Interval time.Duration // between collections; 15 s
	Host     string        // name of the machine; that of the system
	Top      int           // how many processes, and services, are told of by name; 25
	PSS      bool          // read the proportional set size too, which costs the kernel a walk of all pages

	Procfs string // "/proc"
	Cgroup string // "/sys/fs/cgroup"
	Rootfs string // "/": where users and the names of containers are read from

	QueueDir   string        // keeps what is still to be sent; empty keeps it in memory
	QueueBytes int64         // 128 MiB: six hours of a host with 500 containers
	QueueAge   time.Duration // 6 h

	Version string // of the program that the agent is part of
	Logger  *slog.Logger
}

// memoryBytes bound the batches that are not on disk, because there is no directory or it takes
// nothing: hours of a small host, an hour of one with 300 containers.
const memoryBytes = 8 << 20

func (c *Config) complete() error {
	if c.Interval == 0 {
		c.Interval = 15 * time.Second
	}
	if c.Interval < time.Second {
		return fmt.Errorf("the interval is %s: at least 1s is needed", c.Interval)
	}
	if c.Top == 0 {
		c.Top = 25
	}
	if c.Top < 1 || c.Top > 1000 {
		return fmt.Errorf("top is %d: it may be 1 to 1000", c.Top)
	}
	set(&c.Procfs, "/proc")
	set(&c.Cgroup, "/sys/fs/cgroup")
	set(&c.Rootfs, "/")
	set(&c.Version, "dev")
	if c.QueueBytes == 0 {
		c.QueueBytes = 128 << 20
	}
	if c.QueueAge == 0 {
		c.QueueAge = 6 * time.Hour
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Host == "" {
		var err error
		if c.Host, err = hostname(c.Rootfs); err != nil {
			return fmt.Errorf("find the name of this machine: name it by --host: %w", err)
		}
	}
	if !validHost(c.Host) {
		return fmt.Errorf("the name of the host is %q: it has to be text without control characters", c.Host)
	}
	return nil
}

func set(to *string, value string) {
	if *to == "" {
		*to = value
	}
}

// hostname is that of the machine whose file system is mounted at rootfs: in a container the
// system's own name would be the container's.
func hostname(rootfs string) (string, error) {
	if filepath.Clean(rootfs) != "/" {
		if text, err := os.ReadFile(filepath.Join(rootfs, "etc/hostname")); err == nil {
			if name := strings.TrimSpace(string(text)); name != "" {
				return name, nil
			}
		}
	}
	return os.Hostname()
}

func validHost(s string) bool {
	return s != "" && strings.ToValidUTF8(s, "") == s && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// Run collects and sends until the context ends. What was not sent by then stays in QueueDir and
// is sent by the next Run. The error says what of the Config or of the machine prevents a start;
// once started, the agent goes on whatever the server says.
func Run(ctx context.Context, c Config) error {
	if err := c.complete(); err != nil {
		return err
	}
	to, err := receiverOf(&c)
	if err != nil {
		return err
	}
	collector, err := newCollector(&c)
	if err != nil {
		return err
	}
	q, err := queue.Open(queue.Options{Dir: c.QueueDir, Bytes: c.QueueBytes, Memory: memoryBytes, Age: c.QueueAge})
	if err != nil {
		return fmt.Errorf("open the queue: name another directory by --queue: %w", err)
	}
	d := &delivery{queue: q, to: to, log: c.Logger}
	c.Logger.Info("agent started", "host", c.Host, "every", c.Interval, "to", to.name())
	g, both := errgroup.WithContext(ctx)
	g.Go(func() error { return collector.run(both, q, d) })
	g.Go(func() error { return d.run(both) })
	if err := g.Wait(); ctx.Err() == nil {
		return err
	}
	return nil
}

// Once collects a single time and writes what would be sent, in the text format of Prometheus.
func Once(w io.Writer, c Config) error {
	if err := c.complete(); err != nil {
		return err
	}
	collector, err := newCollector(&c)
	if err != nil {
		return err
	}
	var b metric.Batch
	err = collector.collect(time.Now(), &b)
	return errors.Join(metric.WriteText(w, &b), err)
}
