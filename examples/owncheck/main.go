// Command owncheck is an inspection with a filter and a check of its own, compiled in.
// In goes the address of a Prometheus-compatible API or a file; out comes a line for each problem.
// Read keep and nearlyFull, which are what you would write yourself, then run.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/file"
	"github.com/memseep/memseep/source/prometheus"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	problems, err := run(ctx, os.Args[1:], os.Stdout)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "owncheck:", err)
		os.Exit(2)
	case problems > 0:
		os.Exit(1)
	}
}

// keep is the filter: hosts of tests are nobody's concern.
func keep(h leak.Host) bool { return !strings.HasPrefix(h.Name, "test-") }

// fullPercent is the use above which a host is too full for us, leak or not.
const fullPercent = 90

// nearlyFull is the check: it looks at a finding and says what is wrong, or nothing.
func nearlyFull(f inspect.Finding) string {
	if f.Object.Kind != leak.KindHost || f.Verdict.Leak || !(f.Verdict.Value > fullPercent) {
		return ""
	}
	return fmt.Sprintf("is %.0f %% full and does not leak: move something away", f.Verdict.Value)
}

// leaks says of a finding what leaks, and who.
func leaks(f inspect.Finding) string {
	if !f.Verdict.Leak {
		return ""
	}
	text := fmt.Sprintf("leaks %.3g %s an hour (%s, %s)", f.Verdict.SlopePerHour, f.Unit, f.Verdict.Cause, f.Verdict.Level)
	if len(f.Suspects) > 0 {
		text += ", by " + f.Suspects[0].Name
	}
	return text
}

// run inspects once and writes a line for each problem.
func run(ctx context.Context, args []string, out io.Writer) (problems int, err error) {
	if len(args) != 1 {
		return 0, errors.New("give one source: file:PATH or http(s)://HOST:PORT")
	}
	source, err := open(ctx, args[0])
	if err != nil {
		return 0, err
	}
	options := inspect.Options{Filters: []inspect.Filter{keep}, Parallel: 4}
	checks := []func(inspect.Finding) string{leaks, nearlyFull}
	_, err = inspect.Run(ctx, source, options, func(f inspect.Finding) error {
		for _, check := range checks {
			if text := check(f); text != "" {
				problems++
				if _, err := fmt.Fprintf(out, "%s %s\n", f.Object, text); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return problems, err
}

func open(ctx context.Context, address string) (inspect.Source, error) {
	if path, isFile := strings.CutPrefix(address, "file:"); isFile {
		return file.Open(ctx, path, file.Options{})
	}
	return prometheus.New(prometheus.Config{URL: address})
}
