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

func demoCommand() *cobra.Command {
	var once bool
	var lang string
	o := demo.Options{Version: versionText()}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Show a small fleet, some of which leaks, to look at in a browser",
		Long: "Start a server in a temporary directory with a week of a small fleet, real recordings and made hosts,\n" +
			"inspect it and print what leaks. Then the fleet goes on, and the web app can be looked at, until Ctrl-C.\n" +
			"Nothing is left behind. MEMSEEP_ADMIN_PASSWORD sets the password of admin; without it one is made.",
		Example: "  memseep demo\n  memseep demo --once    # the findings alone",
		Args:    cobra.NoArgs,
	}
	c.Flags().BoolVar(&once, "once", false, "end after the findings are printed")
	c.Flags().StringVar(&lang, "lang", "", "language, en or zh (default: that of LANG)")
	c.Flags().StringVar(&o.Listen, "listen", "", "ADDRESS:PORT of the server (default: a free port of 127.0.0.1)")
	complete(c, "lang", []string{"en", "zh"})
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		ctx := c.Context()
		chosen, err := language(lang, os.Getenv)
		if err != nil {
			return err
		}
		dir, err := os.MkdirTemp("", "memseep-demo-")
		if err != nil {
			return fmt.Errorf("make a directory for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		o.Password, o.Live = os.Getenv("MEMSEEP_ADMIN_PASSWORD"), !once
		d, err := demo.Start(ctx, dir, time.Now(), o)
		if err != nil {
			return fmt.Errorf("start the demo: %w", err)
		}
		defer func() { err = errors.Join(err, d.Close()) }()
		fmt.Fprintf(os.Stderr, "A week of %d hosts is in a server at %s\n", d.Hosts, d.URL)
		if err := inspectDemo(ctx, c, d, chosen); err != nil || once {
			return err
		}
		fmt.Fprintf(os.Stderr, "\nOpen %s and sign in as %s with %s\n"+
			"Or ask it, in another terminal:\n"+
			"  memseep event list --url %[1]s --key %[4]s\n"+
			"Ctrl-C ends the demo.\n", d.URL, d.User, d.Password, d.Key)
		<-ctx.Done()
		return nil
	}
	return c
}

// inspectDemo raises the events, and prints the findings.
func inspectDemo(ctx context.Context, c *cobra.Command, d *demo.Demo, lang string) error {
	if _, err := d.Run(ctx); err != nil {
		return err
	}
	o := report.Options{Lang: lang}
	o.Color, o.Width = terminal(os.Stdout)
	w, err := report.New("table", c.OutOrStdout(), o)
	if err != nil {
		return err
	}
	summary, err := d.Inspect(ctx, w.Write)
	if err != nil {
		return fmt.Errorf("inspect the demo: %w", err)
	}
	return w.Close(summary)
}
