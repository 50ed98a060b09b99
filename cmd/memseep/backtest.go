package main

import (
	"errors"
	"fmt"
	"runtime"
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
		Args:  cobra.NoArgs,
	}
	f.register(c.Flags())
	c.Flags().StringVar(&from, "from", "", "first time of inspection (RFC 3339)")
	c.Flags().StringVar(&to, "to", "", "no inspection after this time (RFC 3339)")
	c.Flags().DurationVar(&every, "every", time.Hour, "time between inspections")
	c.RunE = func(c *cobra.Command, _ []string) error {
		ctx := c.Context()
		first, err := time.Parse(time.RFC3339, from)
		if err != nil {
			return fmt.Errorf("--from: %w", err)
		}
		last, err := time.Parse(time.RFC3339, to)
		if err != nil {
			return fmt.Errorf("--to: %w", err)
		}
		if every <= 0 {
			return errors.New("--every has to be above zero")
		}
		source, err := openSource(ctx, f.source)
		if err != nil {
			return err
		}
		w, err := report.New(f.output, c.OutOrStdout(), report.Options{All: f.all, Lang: f.lang})
		if err != nil {
			return err
		}
		var sum inspect.Summary
		for at := first; !at.After(last); at = at.Add(every) {
			s, err := inspect.Run(ctx, source, inspect.Options{At: at, Parallel: runtime.GOMAXPROCS(0)}, w.Write)
			if err != nil {
				return err
			}
			sum.Leaks += s.Leaks
		}
		if err := w.Close(sum); err != nil {
			return err
		}
		if sum.Leaks > 0 {
			return errLeak
		}
		return nil
	}
	return c
}
