package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"golang.org/x/sync/errgroup"
)

// measureSimulated inspects a million hosts that are made up as they are asked for, which shows
// what a run itself takes, without any reading.
func (b *bench) measureSimulated(ctx context.Context) error {
	c, err := runInChild(ctx, "simulate", fmt.Sprint(b.simulated), fmt.Sprint(b.parallel))
	if err != nil {
		return err
	}
	fmt.Printf("simulated: %d hosts with a week of floors inspected in %.1f s, %.1f µs a host, %.0f MiB at most, %d leaks\n",
		c.Hosts, c.Seconds, c.Seconds*1e6/float64(c.Hosts), mib(c.Resident), c.Leaks)
	return nil
}

// simulation is a source of made hosts.
type simulation struct{ hosts int }

var _ inspect.Source = simulation{}

func (s simulation) Hosts(context.Context, time.Time) ([]leak.Host, error) {
	hosts := make([]leak.Host, s.hosts)
	for i := range hosts {
		hosts[i].Name = hostName(i)
	}
	return hosts, nil
}

func (s simulation) Newest(context.Context) (time.Time, error) { return at, nil }

// patterns is how many different curves there are; a host is one of them at a level of its own.
const patterns = 512

// Read gives the hosts away from q.Parallel goroutines.
func (s simulation) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	curves := makeCurves()
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range q.Parallel {
		g.Go(func() error {
			m := newModel()
			for i := int(next.Add(1)) - 1; i < s.hosts; i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := each(m.reading(i, &curves[i%patterns])); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// curve is the window of a host and the week of floors before it.
type curve struct{ values, floors []float64 }

const (
	windowMinutes = int(window / time.Minute)
	weekFloors    = int(week/time.Second) / leak.FloorSeconds
	floorMinutes  = leak.FloorSeconds / 60
)

func makeCurves() []curve {
	curves := make([]curve, patterns)
	minutes := make([]float64, weekFloors*floorMinutes+windowMinutes)
	for i := range curves {
		used(i, minutes)
		c := &curves[i]
		c.values = slices.Clone(minutes[len(minutes)-windowMinutes:])
		for k := range weekFloors {
			c.floors = append(c.floors, slices.Min(minutes[k*floorMinutes:(k+1)*floorMinutes]))
		}
	}
	return curves
}

// model is the memory that one host after the other is made in.
type model struct {
	out    leak.Reading
	memory leak.Series
}

func newModel() *model {
	last := (at.Add(-window).Unix() - 1) / leak.FloorSeconds * leak.FloorSeconds
	return &model{memory: leak.Series{
		Window:  leak.Window{Start: at.Unix() - int64(windowMinutes-1)*60, Step: 60, Values: make([]float64, windowMinutes)},
		History: leak.History{Start: last - int64(weekFloors-1)*leak.FloorSeconds, Floors: make([]float64, weekFloors)},
		Limits:  leak.Limits{Capacity: 100},
	}}
}

// reading makes a host of a curve, shifted up.
func (m *model) reading(i int, c *curve) *leak.Reading {
	shift := 10 * rand.New(rand.NewPCG(seed, uint64(i))).Float64()
	for k, v := range c.values {
		m.memory.Window.Values[k] = v + shift
	}
	for k, v := range c.floors {
		m.memory.History.Floors[k] = v + shift
	}
	m.memory.Object = leak.Object{Kind: leak.KindHost, Host: hostName(i)}
	m.out = leak.Reading{Host: leak.Host{Name: m.memory.Object.Host}, Memory: &m.memory}
	return &m.out
}
