package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/memseep/memseep/internal/demo"
	"github.com/memseep/memseep/internal/report"
	"github.com/spf13/cobra"
)

// demoEvery is how often the demo inspects while it runs.
const demoEvery = time.Hour

func demoCommand() *cobra.Command {
	var once bool
	var lang string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Inspect a small fleet in a metrics store of its own",
		Long: "Start a metrics store on a free port of this machine with a week of a small fleet, real recordings and made\n" +
			"hosts, inspect it over the Prometheus query API and print what leaks. Then the store can be queried, and is\n" +
			"inspected every hour, until Ctrl-C. Nothing is left behind.",
		Args: cobra.NoArgs,
	}
	c.Flags().BoolVar(&once, "once", false, "end after the findings are printed")
	c.Flags().StringVar(&lang, "lang", "", "language, en or zh (default: that of LANG)")
	complete(c, "lang", []string{"en", "zh"})
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		ctx := c.Context()
		dir, err := os.MkdirTemp("", "memseep-demo-")
		if err != nil {
			return fmt.Errorf("make a directory for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		d, err := demo.Start(ctx, dir, time.Now())
		if err != nil {
			return fmt.Errorf("start the demo: %w", err)
		}
		defer func() { err = errors.Join(err, d.Close()) }()
		fmt.Fprintf(os.Stderr, "A week of %d hosts is in a metrics store at %s\n", d.Hosts, d.URL)
		if err := inspectDemo(c, d, lang); err != nil || once {
			return err
		}
		fmt.Fprintf(os.Stderr, "\nThe store answers the Prometheus query API. Try, in another terminal:\n"+
			"  memseep inspect --source %[1]s --all\n"+
			"  memseep inspect --source %[1]s --explain k8s-1\n"+
			"Ctrl-C ends the demo.\n", d.URL)
		return keepInspecting(ctx, func() error { return inspectDemo(c, d, lang) })
	}
	return c
}

// inspectDemo prints the findings of one run.
func inspectDemo(c *cobra.Command, d *demo.Demo, lang string) error {
	chosen, err := language(lang, os.Getenv)
	if err != nil {
		return err
	}
	o := report.Options{Lang: chosen}
	o.Color, o.Width = terminal(os.Stdout)
	w, err := report.New("table", c.OutOrStdout(), o)
	if err != nil {
		return err
	}
	summary, err := d.Inspect(c.Context(), w.Write)
	if err != nil {
		return fmt.Errorf("inspect the demo: %w", err)
	}
	return w.Close(summary)
}

// keepInspecting runs again and again until the context ends, which is how the demo is ended.
func keepInspecting(ctx context.Context, run func() error) error {
	tick := time.NewTicker(demoEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := run(); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}
