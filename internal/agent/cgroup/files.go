package cgroup

import (
	"bytes"
	"math"
)

// files are where a version of cgroups tells what; an empty name is told in the file stat.
type files struct {
	current, limit, swap, events string
	// keys of memory.stat
	anon, inactive, statSwap string
}

// The files of both versions, see the kernel's admin-guide/cgroup-v2.rst and
// admin-guide/cgroup-v1/memory.rst.
var (
	version2 = files{
		current: "memory.current", limit: "memory.max", swap: "memory.swap.current", events: "memory.events",
		anon: "anon", inactive: "inactive_file",
	}
	// The totals of version 1 hold the groups below, as all of version 2 do.
	version1 = files{
		current: "memory.usage_in_bytes", limit: "memory.limit_in_bytes", events: "memory.oom_control",
		anon: "total_rss", inactive: "total_inactive_file", statSwap: "total_swap",
	}
)

// noLimit is the least that version 1 writes where there is no limit: the largest number of whole
// pages, whatever a page's size.
const noLimit = math.MaxInt64 &^ (1<<20 - 1)

// measure reads the memory of a group.
func (t *Tree) measure(d *directory, g *Group) error {
	text, err := t.read(d.path, t.files.current)
	if err != nil {
		return err
	}
	g.Current, _ = parseUint(text)
	if text, err = t.read(d.path, "memory.stat"); err != nil {
		return err
	}
	s := t.files.parseStat(text)
	g.Anon, g.Swap = s.anon, s.swap
	g.WorkingSet = g.Current - min(g.Current, s.inactive)
	g.Limit = t.lowestLimit(d)
	if t.files.swap != "" {
		if text, err := t.read(d.path, t.files.swap); err == nil {
			g.Swap, _ = parseUint(text)
		}
	}
	if text, err := t.read(d.path, t.files.events); err == nil {
		g.OOMKills = valueOf(text, "oom_kill")
	}
	return nil
}

// lowestLimit is the lowest of the group's own limit and that of the pod that it lies in. Those of
// slices further up are shared by so many that they say nothing of one.
func (t *Tree) lowestLimit(d *directory) uint64 {
	limit := uint64(0)
	for up := d; up != nil && up.place.kind != Other; up = up.up {
		text, err := t.read(up.path, t.files.limit)
		if err != nil {
			continue
		}
		own, ok := parseUint(text) // "max" is no number
		if ok && own < noLimit && (limit == 0 || own < limit) {
			limit = own
		}
	}
	return limit
}

type memoryStat struct{ anon, inactive, swap uint64 }

// parseStat reads memory.stat, lines of a key and a number.
func (f *files) parseStat(text []byte) (s memoryStat) {
	for len(text) > 0 {
		var line []byte
		line, text = cutLine(text)
		key, number, ok := bytes.Cut(line, []byte{' '})
		if !ok {
			continue
		}
		var to *uint64
		switch string(key) {
		case f.anon:
			to = &s.anon
		case f.inactive:
			to = &s.inactive
		case f.statSwap:
			to = &s.swap
		default:
			continue
		}
		*to, _ = parseUint(number)
	}
	return s
}

// valueOf is the number after the key at the start of a line, 0 where there is none.
func valueOf(text []byte, key string) uint64 {
	for len(text) > 0 {
		var line []byte
		line, text = cutLine(text)
		if k, number, ok := bytes.Cut(line, []byte{' '}); ok && string(k) == key {
			n, _ := parseUint(number)
			return n
		}
	}
	return 0
}

func cutLine(text []byte) (line, rest []byte) {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return text[:end], text[end+1:]
	}
	return text, nil
}

func parseUint(text []byte) (n uint64, ok bool) {
	text = bytes.TrimSpace(text)
	for _, c := range text {
		if c < '0' || c > '9' || n > (math.MaxUint64-9)/10 {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, len(text) > 0
}
