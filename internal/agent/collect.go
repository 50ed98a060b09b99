package agent

import (
	"context"
	"errors"
	"fmt"
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

	readTrouble, diskTrouble, hidden trouble
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
	tick := time.NewTicker(k.c.Interval)
	defer tick.Stop()
	for {
		began := time.Now()
		k.readTrouble.say(k.log, "a part of the machine could not be read; it is tried again", k.collect(began, &b))
		b.Add(agentSeconds, time.Since(began).Seconds())
		d.tell(&b)
		request = k.encoder.Append(request[:0], &b)
		compressed = snappy.Encode(compressed[:cap(compressed)], request)
		k.diskTrouble.say(k.log, "the disk does not take the queue; a part of it is kept in memory", q.Push(began, compressed))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// collect fills the batch with what the machine holds now. What could be read is in it whatever
// the error says of the rest.
func (k *collector) collect(now time.Time, b *metric.Batch) error {
	b.Reset(now.UnixMilli(), k.c.Host)
	b.Add(agentBuild, 1, runtime.Version(), k.c.Version)
	host, hostErr := k.proc.Host()
	if hostErr == nil {
		addHost(b, host)
	}
	list, unreadable, listErr := k.proc.Processes()
	if listErr == nil {
		k.processes.add(b, now, list, k.proc)
		b.Add(agentProcesses, float64(len(list)))
		b.Add(agentUnreadable, float64(unreadable))
		k.hidden.say(k.log, "not every process is told of", k.visible())
	}
	var groupErr error
	if k.cgroups != nil {
		var found []cgroup.Group
		if found, groupErr = k.cgroups.Groups(now); groupErr == nil {
			k.groups.add(b, now, found)
		}
	}
	return errors.Join(hostErr, listErr, groupErr)
}

// visible is an error where other users' processes are hidden, as the first one is then.
func (k *collector) visible() error {
	if _, _, ok := k.proc.Lookup(1); ok {
		return nil
	}
	return fmt.Errorf("process 1 is not to be seen in %s, which is mounted with hidepid: run the agent as root or in the group that the mount names", k.c.Procfs)
}

// trouble is logged when it begins, not again as long as it lasts.
type trouble struct{ said bool }

func (t *trouble) say(log *slog.Logger, what string, err error) {
	if err != nil && !t.said {
		log.Error(what, "error", err)
	}
	t.said = err != nil
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
