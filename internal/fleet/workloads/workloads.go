// Package workloads makes hosts whose workloads behave in known ways, some of which leak.
//
// In goes a class and a seed; out come a leak.Reading of the host with its workloads and the truth:
// who must be named first, since when it leaks, how fast, and when the host is full. It measures
// who is named (suspect) and time to exhaustion. Read this file first, then classes.go.
package workloads

import (
	"hash/fnv"
	"math/rand/v2"

	"github.com/memseep/memseep/leak"
)

// Truth is what is known of a made host. It is zero where nothing leaks.
type Truth struct {
	// First is the workload that leaks fastest; its Kind is empty where nothing leaks.
	First leak.Object
	// Others leak too, and slower.
	Others []leak.Object
	// Inside are workloads that First holds: to name one of them beside First counts twice.
	Inside []leak.Object
	// SlopePerHour is the growth of First, bytes an hour at the end of the window.
	SlopePerHour float64
	// HostSlopePerHour is what all leaks add to the host, percent an hour.
	HostSlopePerHour float64
	// Onset is when First began to leak, unix seconds.
	Onset int64
	// Exhaustion is when the leaks fill the host, unix seconds; 0 where they do not, as a process
	// that is killed at its limit, or a leak that is hidden by another process that shrinks.
	Exhaustion int64
}

// Host is a made host.
type Host struct {
	Class   string
	Reading leak.Reading
	Truth   Truth
}

// Class is one situation in which somebody has to be named, or nobody.
type Class struct {
	Name string
	// minDays of history, without which nobody could tell.
	minDays float64
	make    func(*machine)
}

// Make returns the host of a class and a seed; equal arguments give equal hosts.
func Make(c Class, seed uint64) Host {
	h := fnv.New64a()
	h.Write([]byte(c.Name))
	m := newMachine(rand.New(rand.NewPCG(seed, h.Sum64())), c.minDays)
	c.make(m)
	return Host{Class: c.Name, Reading: m.reading(c.Name), Truth: m.truth()}
}
