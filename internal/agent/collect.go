package agent

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"github.com/golang/snappy"

	"github.com/memseep/memseep/internal/agent/cgroup"
	"github.com/memseep/memseep/internal/agent/metric"
	"github.com/memseep/memseep/internal/agent/proc"
	"github.com/memseep/memseep/internal/agent/queue"
)

// collector reads the machine.
type collector struct {
	c         *Config
	log       *slog.Logger
	proc      *proc.FS
	cgroups   *cgroup.Tree // nil where memory is not accounted by cgroups
	processes processes
	groups    groups
	encoder   metric.Encoder
	failing   bool // that the last collection failed was said
}

func newCollector(c *Config) (*collector, error) {
	fs, err := proc.Open(c.Procfs, c.Rootfs)
	if err != nil {
		return nil, err
	}
	k := &collector{c: c, log: c.Logger, proc: fs, processes: newProcesses(c), groups: newGroups(c)}
	k.cgroups, err = cgroup.Open(c.Cgroup, c.Rootfs, fs.Lookup)
	if errors.Is(err, cgroup.ErrNone) {
		c.Logger.Warn("no containers are told of", "reason", err)
	} else if err != nil {
		return nil, err
	}
	return k, nil
}

// run collects every interval and puts what it finds into the queue.
func (k *collector) run(ctx context.Context, q *queue.Queue, d *delivery) error {
	var b metric.Batch
	var request, compressed []byte
	full := false // that the disk does not take the queue was said
	tick := time.NewTicker(k.c.Interval)
	defer tick.Stop()
	for {
		began := time.Now()
		if err := k.collect(began, &b); err != nil {
			if !k.failing {
				k.log.Error("a collection failed; it is tried again", "error", err)
			}
			k.failing = true
		} else {
			k.failing = false
			b.Add(agentSeconds, time.Since(began).Seconds())
			d.tell(&b)
			request = k.encoder.Append(request[:0], &b)
			compressed = snappy.Encode(compressed[:cap(compressed)], request)
			err := q.Push(began, compressed)
			if err != nil && !full {
				k.log.Error("the disk does not take the queue; a part of it is kept in memory", "error", err)
			}
			full = err != nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// collect fills the batch with what the machine holds now.
func (k *collector) collect(now time.Time, b *metric.Batch) error {
	b.Reset(now.UnixMilli(), k.c.Host)
	host, err := k.proc.Host()
	if err != nil {
		return err
	}
	addHost(b, host)
	list, unreadable, err := k.proc.Processes()
	if err != nil {
		return err
	}
	k.processes.add(b, now, list, k.proc)
	if k.cgroups != nil {
		found, err := k.cgroups.Groups(now)
		if err != nil {
			return err
		}
		k.groups.add(b, now, found)
	}
	b.Add(agentBuild, 1, runtime.Version(), k.c.Version)
	b.Add(agentProcesses, float64(len(list)))
	b.Add(agentUnreadable, float64(unreadable))
	return nil
}

func addHost(b *metric.Batch, h *proc.Host) {
	b.Add(hostTotal, float64(h.Total))
	b.Add(hostAvailable, float64(h.Available))
	b.Add(hostUsedPercent, h.UsedPercent())
	b.Add(hostSwapTotal, float64(h.SwapTotal))
	b.Add(hostSwapUsed, float64(h.SwapTotal-min(h.SwapFree, h.SwapTotal)))
	b.Add(hostBoot, h.BootTime)
	if h.KillsKnown {
		b.Add(hostOOMKills, float64(h.OOMKills))
	}
	if h.PressureKnown {
		b.Add(hostSome, h.PressureSome)
		b.Add(hostFull, h.PressureFull)
	}
	for _, p := range h.Pools {
		b.Add(kernelBytes, float64(p.Bytes), p.Name)
	}
}
