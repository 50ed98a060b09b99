package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
)

func inspectionCommand() *cobra.Command {
	c := &cobra.Command{Use: "inspection", Short: "Work on the inspections of a server"}
	c.AddCommand(
		inspectionListCommand(), inspectionShowCommand(), inspectionRunCommand(),
		inspectionSwitchCommand("enable", "Let an inspection run by its schedule", true),
		inspectionSwitchCommand("disable", "Keep an inspection from running by its schedule", false),
		inspectionExportCommand(), inspectionImportCommand(),
	)
	return c
}

func inspectionRows(list []api.Inspection) [][]string {
	rows := [][]string{{"ID", "NAME", "STATE", "SCHEDULE", "LAST RUN", "NEXT RUN", "EVENTS"}}
	for _, i := range list {
		enabled, last := "disabled", "-"
		if i.Enabled {
			enabled = "enabled"
		}
		if i.LastRun != nil {
			last = i.LastRun.Status + " " + when(i.LastRun.ScheduledAt)
		}
		rows = append(rows, []string{i.ID, i.Name, enabled, i.Schedule, last, when(i.NextRunAt), fmt.Sprint(i.OpenEvents)})
	}
	return rows
}

func inspectionListCommand() *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: "list", Short: "List inspections with their last run", Args: cobra.NoArgs}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		list, err := server.Inspections(c.Context())
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), list, func() [][]string { return inspectionRows(list) })
	}
	return c
}

func inspectionShowCommand() *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: "show NAME", Short: "Show one inspection, named by its name or identifier", Args: cobra.ExactArgs(1)}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		i, err := server.Inspection(c.Context(), args[0])
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), i, func() [][]string { return inspectionRows([]api.Inspection{i}) })
	}
	return c
}

func inspectionSwitchCommand(use, short string, on bool) *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: use + " NAME", Short: short, Args: cobra.ExactArgs(1)}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		i, err := server.Inspection(c.Context(), args[0])
		if err != nil {
			return err
		}
		if i, err = server.SwitchInspection(c.Context(), i.ID, on); err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), i, func() [][]string { return inspectionRows([]api.Inspection{i}) })
	}
	return c
}

func inspectionRunCommand() *cobra.Command {
	var f clientFlags
	var wait bool
	c := &cobra.Command{
		Use:   "run NAME",
		Short: "Run an inspection now",
		Long:  "Run an inspection now. With --wait its log is printed to stderr as it comes, and the exit status is 2 where the run fails.",
		Args:  cobra.ExactArgs(1),
	}
	f.registerOutput(c)
	c.Flags().BoolVar(&wait, "wait", true, "until it has ended")
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		i, err := server.Inspection(c.Context(), args[0])
		if err != nil {
			return err
		}
		run, err := server.RunInspection(c.Context(), i.ID)
		if err != nil {
			return err
		}
		return awaitRun(c, &f, server, run, wait, func(run api.Run) [][]string {
			return [][]string{
				{"RUN", "STATUS", "HOSTS", "FAILED", "NO DATA", "LEAKS", "OPENED", "RECOVERED"},
				{run.ID, run.Status, fmt.Sprint(run.Hosts), fmt.Sprint(run.Failed), fmt.Sprint(run.NoData), fmt.Sprint(run.Leaks), fmt.Sprint(run.OpenedEvents), fmt.Sprint(run.RecoveredEvent)},
			}
		})
	}
	return c
}

// awaitRun prints a run, where wait says so once it has ended; then a run that failed is an error.
func awaitRun(c *cobra.Command, f *clientFlags, server *client.Client, run api.Run, wait bool, rows func(api.Run) [][]string) (err error) {
	if wait {
		if run, err = follow(c, server, run); err != nil {
			return err
		}
	}
	err = f.print(c.OutOrStdout(), run, func() [][]string { return rows(run) })
	if err == nil && wait && run.Status != "success" {
		err = errors.New("the run ended with " + run.Status + ": " + run.Error)
	}
	return err
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

func inspectionExportCommand() *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: "export [NAME…]", Short: "Print inspections as YAML, all where none is named"}
	f.register(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		var ids []string
		for _, name := range args {
			i, err := server.Inspection(c.Context(), name)
			if err != nil {
				return err
			}
			ids = append(ids, i.ID)
		}
		text, err := server.ExportInspections(c.Context(), ids)
		if err != nil {
			return err
		}
		_, err = c.OutOrStdout().Write(text)
		return err
	}
	return c
}

func inspectionImportCommand() *cobra.Command {
	var f clientFlags
	var dryRun bool
	c := &cobra.Command{Use: "import FILE", Short: "Take inspections from YAML; - is stdin", Args: cobra.ExactArgs(1)}
	f.registerOutput(c)
	c.Flags().BoolVar(&dryRun, "dry-run", false, "say what would change, and change nothing")
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		var text []byte
		if args[0] == "-" {
			text, err = io.ReadAll(c.InOrStdin())
		} else {
			text, err = os.ReadFile(args[0])
		}
		if err != nil {
			return fmt.Errorf("read inspections: %w", err)
		}
		done, err := server.ImportInspections(c.Context(), text, dryRun)
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), done, func() [][]string {
			var rows [][]string
			for what, names := range map[string][]string{"added": done.Added, "updated": done.Updated, "unchanged": done.Unchanged} {
				for _, n := range names {
					rows = append(rows, []string{what, n})
				}
			}
			return rows
		})
	}
	return c
}
