package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
)

// runs completes a command that starts a run on a server and, unless told otherwise, waits for its end.
func runs(c *cobra.Command, start func(ctx context.Context, server *client.Client, args []string) (api.Run, error)) *cobra.Command {
	wait := c.Flags().Bool("wait", true, "wait until it has ended; --wait=false only starts it")
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		run, err := start(ctx, server, args)
		if err == nil && *wait {
			run, err = follow(c, server, run)
		}
		a := answer{value: run, rows: runRows(run)}
		if *wait && run.Status != "success" {
			a.fault = errors.New("the run ended with " + run.Status + ": " + run.Error)
		}
		return a, err
	})
}

func runRows(r api.Run) [][]string {
	return [][]string{
		{"RUN", "STATUS", "HOSTS", "FAILED", "NO DATA", "LEAKS", "OPENED", "RECOVERED"},
		{r.ID, r.Status, fmt.Sprint(r.Hosts), fmt.Sprint(r.Failed), fmt.Sprint(r.NoData), fmt.Sprint(r.Leaks), fmt.Sprint(r.OpenedEvents), fmt.Sprint(r.RecoveredEvents)},
	}
}

// pollEvery is how often a run is asked for that is waited for.
const pollEvery = 500 * time.Millisecond

// follow waits for the end of a run and prints its log.
func follow(c *cobra.Command, server *client.Client, run api.Run) (api.Run, error) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	said := int64(0)
	for {
		now, err := server.Run(c.Context(), run.ID)
		if err != nil {
			return run, err
		}
		for _, l := range now.Log {
			if l.Seq > said {
				said = l.Seq
				fmt.Fprintln(c.ErrOrStderr(), plainCell(l.Text))
			}
		}
		if now.Status != "pending" && now.Status != "running" {
			return now.Run, nil
		}
		select {
		case <-tick.C:
		case <-c.Context().Done():
			return run, c.Context().Err()
		}
	}
}
