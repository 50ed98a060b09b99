package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/report"
)

func inspectCommand() *cobra.Command {
	var f runFlags
	var at, explain string
	c := &cobra.Command{
		Use:   "inspect --source URL|file:PATH",
		Short: "Inspect hosts once and print who leaks",
		Long: "Inspect the last six hours of every host and workload of a source, with up to a week before them, and\n" +
			"print what leaks. Exit status: 0 nothing leaks, 1 a leak was found, 2 it could not be inspected.",
		Example: "  memseep inspect --source http://prometheus:9090\n" +
			"  memseep inspect --source file:hosts.csv.gz --all -o jsonl\n" +
			"  memseep inspect --source http://prometheus:9090 --explain web-1\n" +
			"  memseep inspect --source http://prometheus:9090 --hosts 'web-*,db-1' -o html > report.html",
		Args: cobra.NoArgs,
	}
	f.register(c, report.Formats())
	c.Flags().StringVar(&at, "at", "", "inspect as of this time (RFC 3339); the newest sample by default")
	c.Flags().StringVar(&explain, "explain", "", "explain the verdict of this host: its curve, the reasons, who grows")
	c.MarkFlagsMutuallyExclusive("explain", "hosts")
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, o, err := f.load()
		if err != nil {
			return err
		}
		if at != "" {
			if o.At, err = parseTime("at", at); err != nil {
				return err
			}
		}
		if explain != "" {
			o.Hosts = []string{explain}
		}
		w, err := f.writer(c.OutOrStdout(), explain != "")
		if err != nil {
			return err
		}
		o.KeepSeries = explain != "" || report.NeedsSeries(f.output)
		source, err := openSource(c.Context(), settings.Source, &o)
		if err != nil {
			return err
		}
		bar := newProgress("inspecting")
		o.Progress = func(done, total int) { bar.set(int64(done), int64(total)) }
		summary, err := watch(c.Context(), source, o, w, bar)
		bar.clear()
		if err != nil {
			return err
		}
		return finish(w, summary)
	}
	return c
}

func (f *runFlags) writer(out io.Writer, explain bool) (report.Writer, error) {
	o, err := f.report()
	if err != nil {
		return nil, err
	}
	if explain {
		return report.NewExplanation(out, o), nil
	}
	return report.New(f.output, out, o)
}

// watch makes a run and reports what it finds. An error is returned where not one host could be read.
func watch(ctx context.Context, source inspect.Source, o inspect.Options, w report.Writer, bar *progress) (inspect.Summary, error) {
	seen := watched{writer: w, bar: bar}
	s, err := inspect.Run(ctx, source, o, seen.take)
	if err == nil {
		err = seen.check(s)
	}
	return s, err
}

// watched hands findings on, and keeps an eye on the hosts that could not be read.
type watched struct {
	writer report.Writer
	bar    *progress // leaves the screen before a log line
	first  error
	failed int
}

const loggedFailures = 5

func (w *watched) take(f inspect.Finding) error {
	if f.Err != nil {
		w.failed++
		if w.first == nil {
			w.first = f.Err
		}
		if w.failed <= loggedFailures {
			w.bar.clear()
			slog.Warn("a host could not be read", "host", f.Object.Host, "error", f.Err)
		}
	}
	return w.writer.Write(f)
}

// check returns an error where not one host could be read.
func (w *watched) check(s inspect.Summary) error {
	if w.failed > loggedFailures {
		slog.Warn("hosts could not be read", "count", w.failed)
	}
	switch {
	case s.Hosts == 0:
		return errors.New("the source holds no host to inspect")
	case w.failed == s.Hosts:
		return fmt.Errorf("none of %d hosts could be read: %w", s.Hosts, w.first)
	}
	return nil
}

// finish ends a report; its error tells the exit status.
func finish(w report.Writer, s inspect.Summary) error {
	if err := w.Close(s); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if s.Leaks > 0 {
		return errLeak
	}
	return nil
}
