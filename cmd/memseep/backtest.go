package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/report"
)

func backtestCommand() *cobra.Command {
	var f runFlags
	var from, to string
	var every time.Duration
	c := &cobra.Command{
		Use:   "backtest --source URL|file:PATH --from T --to T --every 4h",
		Short: "Inspect again and again over a span of the past",
		Long: "Inspect as of from, from + every, … up to and including to, as if it were then, and print how often and when\n" +
			"each host alarmed. Exit status: 0 nothing leaked, 1 a leak was found, 2 it could not be inspected.",
		Example: "  memseep backtest --source http://prometheus:9090 --from 2026-01-01T00:00:00Z --to 2026-01-08T00:00:00Z --every 4h\n" +
			"  memseep backtest --source file:hosts.csv.gz --from 2026-01-01T00:00:00Z --to 2026-01-02T00:00:00Z --every 1h --all -o jsonl",
		Args: cobra.NoArgs,
	}
	f.register(c, report.BacktestFormats())
	c.Flags().StringVar(&from, "from", "", "time of the first inspection (RFC 3339)")
	c.Flags().StringVar(&to, "to", "", "no inspection after this time (RFC 3339)")
	c.Flags().DurationVar(&every, "every", time.Hour, "time from one inspection to the next, as 30m or 4h")
	for _, flag := range []string{"from", "to"} {
		if err := c.MarkFlagRequired(flag); err != nil {
			panic(err) // the flag was just defined
		}
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		times, err := inspectionTimes(from, to, every)
		if err != nil {
			return err
		}
		settings, o, err := f.load()
		if err != nil {
			return err
		}
		reportOptions, err := f.report()
		if err != nil {
			return err
		}
		w, err := report.NewBacktest(f.output, c.OutOrStdout(), reportOptions)
		if err != nil {
			return err
		}
		source, err := openSource(c.Context(), settings.Source, &o)
		if err != nil {
			return err
		}
		sum, err := backtest(c.Context(), source, o, times, w)
		if err != nil {
			return err
		}
		return finish(w, sum)
	}
	return c
}

// backtest inspects as of each of the times; its summary has the most hosts of a run, and the sums of
// what was found.
func backtest(ctx context.Context, source inspect.Source, o inspect.Options, times []time.Time, w report.Writer) (sum inspect.Summary, err error) {
	bar := newProgress("inspecting")
	defer bar.clear()
	for i, at := range times {
		bar.set(int64(i), int64(len(times)))
		o.At = at
		s, err := watch(ctx, source, o, w, bar)
		if err != nil {
			return sum, err
		}
		sum.At, sum.Hosts = s.At, max(sum.Hosts, s.Hosts)
		sum.Failed += s.Failed
		sum.NoData += s.NoData
		sum.Leaks += s.Leaks
		sum.LeakHosts += s.LeakHosts
	}
	return sum, nil
}

// mostInspections bounds a backtest, so that a slip in a year or a unit does not run for days.
const mostInspections = 100_000

// inspectionTimes are from, from + every, … ≤ to.
func inspectionTimes(from, to string, every time.Duration) ([]time.Time, error) {
	first, err := parseTime("from", from)
	if err != nil {
		return nil, err
	}
	last, err := parseTime("to", to)
	if err != nil {
		return nil, err
	}
	switch {
	case every < time.Second:
		return nil, errors.New("--every has to be a second or more")
	case last.Before(first):
		return nil, errors.New("--to lies before --from")
	case last.Sub(first)/every >= mostInspections:
		return nil, errors.New("--from to --to holds more than 100000 inspections: make --every longer")
	}
	var times []time.Time
	for at := first; !at.After(last); at = at.Add(every) {
		times = append(times, at)
	}
	return times, nil
}
