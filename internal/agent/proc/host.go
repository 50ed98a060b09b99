package proc

import (
	"bytes"
	"fmt"
)

// Host is the memory of the machine, in bytes.
type Host struct {
	Total, Available    uint64
	SwapTotal, SwapFree uint64
	Pools               []Pool  // of the kernel
	BootTime            float64 // unix seconds
	OOMKills            uint64  // since the boot, where KillsKnown
	KillsKnown          bool    // Linux 4.13 and later
	// Pressure is the time since the boot, in seconds, that some or all tasks waited for memory,
	// where PressureKnown: Linux 4.20 with PSI.
	PressureSome, PressureFull float64
	PressureKnown              bool
}

// Pool is memory that the kernel holds for itself, named as in the other collectors' dialects.
type Pool struct {
	Name  string
	Bytes uint64
}

// UsedPercent is the share of memory that cannot be had without swapping, 0 to 100.
func (h *Host) UsedPercent() float64 {
	if h.Total == 0 {
		return 0
	}
	return 100 * (float64(h.Total) - float64(h.Available)) / float64(h.Total)
}

// Host reads the memory of the machine. What an older kernel does not tell is left out.
func (f *FS) Host() (*Host, error) {
	m, err := f.fs.Meminfo()
	if err != nil {
		return nil, fmt.Errorf("read the memory of the host: %w", err)
	}
	if value(m.MemTotalBytes) == 0 {
		return nil, fmt.Errorf("read the memory of the host: %s/meminfo has no MemTotal", f.root)
	}
	h := &Host{
		Total:     value(m.MemTotalBytes),
		SwapTotal: value(m.SwapTotalBytes),
		SwapFree:  value(m.SwapFreeBytes),
		BootTime:  f.boot,
	}
	if m.MemAvailableBytes != nil {
		h.Available = *m.MemAvailableBytes
	} else { // before Linux 3.14
		h.Available = min(h.Total, value(m.MemFreeBytes)+value(m.BuffersBytes)+value(m.CachedBytes))
	}
	hugepages := m.HugetlbBytes
	if hugepages == nil && m.HugePagesTotal != nil { // before Linux 4.15
		total := *m.HugePagesTotal * value(m.HugepagesizeBytes)
		hugepages = &total
	}
	for _, p := range []struct {
		name  string
		bytes *uint64
	}{
		{"slab_reclaimable", m.SReclaimableBytes},
		{"slab_unreclaimable", m.SUnreclaimBytes},
		{"page_tables", m.PageTablesBytes},
		{"shmem", m.ShmemBytes},
		{"hugepages", hugepages},
		{"kernel_stack", m.KernelStackBytes},
		{"vmalloc", m.VmallocUsedBytes},
		{"percpu", m.PercpuBytes},
	} {
		if p.bytes != nil {
			h.Pools = append(h.Pools, Pool{p.name, *p.bytes})
		}
	}
	if vmstat, err := f.read("vmstat"); err == nil {
		h.OOMKills, h.KillsKnown = parseOOMKills(vmstat)
	}
	if psi, err := f.fs.PSIStatsForResource("memory"); err == nil && psi.Some != nil && psi.Full != nil {
		h.PressureSome, h.PressureFull = float64(psi.Some.Total)/1e6, float64(psi.Full.Total)/1e6
		h.PressureKnown = true
	}
	return h, nil
}

func value(p *uint64) uint64 {
	if p == nil {
		return 0
	}
	return *p
}

// parseOOMKills finds the counter oom_kill of /proc/vmstat.
func parseOOMKills(vmstat []byte) (kills uint64, ok bool) {
	const key = "oom_kill "
	for line := range bytes.Lines(vmstat) {
		if bytes.HasPrefix(line, []byte(key)) {
			return parseUint(firstField(line[len(key):]))
		}
	}
	return 0, false
}
