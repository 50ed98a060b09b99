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
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
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
	longEvery = 100       // one host in so many has a week of samples
	leakEvery = 150       // one host in so many leaks
	total     = 16 << 30  // bytes of memory
	leak      = 900 << 20 // bytes an hour
)

func hostName(i int) string { return fmt.Sprintf("host-%05d", i) }

// appendHosts writes each host's memory as node_exporter tells it, a transaction a host.
func appendHosts(ctx context.Context, appender func() storage.AppenderV2, hosts int, now time.Time) error {
	for i := range hosts {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := window
		if i%longEvery == 0 {
			span = week
		}
		app := appender()
		for _, metric := range []string{"node_memory_MemTotal_bytes", "node_memory_MemAvailable_bytes"} {
			name := labels.FromStrings("__name__", metric, "instance", hostName(i)+":9100")
			var ref storage.SeriesRef
			for at := now.Add(-span); !at.After(now); at = at.Add(time.Minute) {
				v := float64(total)
				if metric != "node_memory_MemTotal_bytes" {
					v = available(i, at, now)
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

// available goes up and down with the day, by the host; what leaks has done so for five hours.
func available(i int, at, now time.Time) float64 {
	day := 2 * math.Pi * (at.Sub(now).Hours()/24 + float64(i%97)/97)
	free := total * (0.35 + 0.3*float64(i%11)/11 + 0.002*math.Sin(day) + 0.002*math.Sin(float64(at.Unix()/60*7+int64(i))))
	if since := at.Sub(now.Add(-5 * time.Hour)); i%leakEvery == 0 && since > 0 {
		free -= leak * since.Hours()
	}
	return math.Round(max(free, 0.01*total))
}
