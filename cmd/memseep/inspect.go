package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/report"
)

// runFlags are the flags that inspect and backtest have in common.
type runFlags struct {
	source string
	hosts  []string
	all    bool
	output string
	lang   string
}

func (f *runFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.source, "source", "", "where windows are read: http(s)://[user:pass@]host:port[/prefix] of a Prometheus-compatible API, or file:PATH")
	flags.StringSliceVar(&f.hosts, "hosts", nil, "inspect these alone: names or globs separated by commas, or a file with one a line")
	flags.BoolVar(&f.all, "all", false, "print every object, not only those that leak")
	flags.StringVarP(&f.output, "output", "o", "table", "format: "+strings.Join(report.Formats(), ", "))
}

func inspectCommand() *cobra.Command {
	var f runFlags
	var at string
	c := &cobra.Command{
		Use:   "inspect --source URL|file:PATH",
		Short: "Inspect hosts once and print who leaks",
		Args:  cobra.NoArgs,
	}
	f.register(c.Flags())
	c.Flags().StringVar(&at, "at", "", "inspect as of this time (RFC 3339); the newest sample by default")
	c.RunE = func(c *cobra.Command, _ []string) error {
		ctx := c.Context()
		options := inspect.Options{KeepSeries: report.NeedsSeries(f.output), Parallel: runtime.GOMAXPROCS(0)}
		if at != "" {
			t, err := time.Parse(time.RFC3339, at)
			if err != nil {
				return fmt.Errorf("--at: %w", err)
			}
			options.At = t
		}
		source, err := openSource(ctx, f.source)
		if err != nil {
			return err
		}
		w, err := report.New(f.output, c.OutOrStdout(), report.Options{All: f.all, Lang: f.lang})
		if err != nil {
			return err
		}
		summary, err := inspect.Run(ctx, source, options, w.Write)
		if err != nil {
			return err
		}
		if err := w.Close(summary); err != nil {
			return err
		}
		if summary.Leaks > 0 {
			return errLeak
		}
		return nil
	}
	return c
}
