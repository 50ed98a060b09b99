// Command fill makes a data directory of a large fleet, for measuring the web app.
// In goes a directory that does not exist or is empty; out come hosts with six hours of samples up to now,
// some of them with a week, a year of events, and runs. The administrator's password is MEMSEEP_ADMIN_PASSWORD.
// Read this file first, then events.go for the events.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/internal/server"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

func main() {
	dir := flag.String("data", "", "directory to fill")
	hosts := flag.Int("hosts", 5000, "hosts")
	events := flag.Int("events", 100_000, "events")
	flag.Parse()
	if err := fill(context.Background(), *dir, *hosts, *events, time.Now().Truncate(time.Minute)); err != nil {
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}
}

// fill makes what a first start makes, then samples and events.
func fill(ctx context.Context, dir string, hosts, events int, now time.Time) error {
	c := config.Default
	c.Server.Data, c.Server.Agent, c.Server.Listen = dir, false, "127.0.0.1:0"
	first, err := server.Begin(ctx, server.Options{
		Config: c, First: auth.Environment{AdminPassword: os.Getenv("MEMSEEP_ADMIN_PASSWORD")},
		Stdout: io.Discard, Level: new(slog.LevelVar), Logger: slog.New(slog.DiscardHandler), Version: "fill",
	})
	if err != nil {
		return err
	}
	if err := store.FillWorkspace(ctx, dir, first.WorkspaceID, week+time.Hour, func(appender func() storage.AppenderV2) error {
		return appendHosts(ctx, appender, hosts, now)
	}); err != nil {
		return err
	}
	db, err := state.Open(ctx, state.Config{URL: "sqlite:" + filepath.Join(dir, "memseep.db"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := insertEvents(ctx, db, first.WorkspaceID, hosts, events, now); err != nil {
		return err
	}
	if err := insertRuns(ctx, db, first.WorkspaceID, hosts, now); err != nil {
		return err
	}
	return db.Close()
}

const (
	window    = 6 * time.Hour
	week      = 7 * 24 * time.Hour
	longEvery = 100      // one host in so many has a week of samples
	leakEvery = 150      // one host in so many leaks
	total     = 16 << 30 // bytes of memory
	leak      = 5.5      // percent of it an hour
)

func hostName(i int) string { return fmt.Sprintf("host-%05d", i) }

// appendHosts writes each host's memory as node_exporter tells it, a transaction a host.
func appendHosts(ctx context.Context, appender func() storage.AppenderV2, hosts int, now time.Time) error {
	calm := calmKinds()
	for i := range hosts {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := window
		if i%longEvery == 0 {
			span = week
		}
		app := appender()
		used := memoryOf(i, calm)
		for _, metric := range []string{"node_memory_MemTotal_bytes", "node_memory_MemAvailable_bytes"} {
			name := labels.FromStrings("__name__", metric, "instance", hostName(i)+":9100")
			var ref storage.SeriesRef
			for at := now.Add(-span); !at.After(now); at = at.Add(time.Minute) {
				v := float64(total)
				if metric != "node_memory_MemTotal_bytes" {
					minute := len(used) - 1 - int(now.Sub(at)/time.Minute)
					v = math.Round(total * (1 - used[max(minute, 0)]/100))
				}
				if math.IsNaN(v) {
					continue
				}
				var err error
				if ref, err = app.Append(ref, name, 0, at.UnixMilli(), v, nil, nil, storage.AOptions{}); err != nil {
					return fmt.Errorf("write %s: %w", name, err)
				}
			}
		}
		if err := app.Commit(); err != nil {
			return fmt.Errorf("write the samples of %s: %w", hostName(i), err)
		}
	}
	return nil
}

// memoryOf is the used memory of a host in percent, a value a minute, the last one now: a healthy host of a calm
// kind, or one that has leaked for five hours.
func memoryOf(i int, calm []fleet.Kind) []float64 {
	kind := calm[i%len(calm)]
	_, used := fleet.MakeMinutes(kind, uint64(i))
	if i%leakEvery != 0 {
		return used
	}
	begun := len(used) - 5*60
	for k := begun; k < len(used); k++ {
		used[k] = min(used[k]+leak*float64(k-begun)/60, 99)
	}
	return used
}

// calmKinds are ways of internal/fleet in which hosts behave, that six hours alone tell from leaks.
func calmKinds() []fleet.Kind {
	return slices.DeleteFunc(fleet.Kinds(), func(k fleet.Kind) bool {
		return !slices.Contains([]string{"flat", "hourly_job", "gc", "spikes"}, k.Name)
	})
}
