package main

import (
	"context"
	"fmt"

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

// inspectionArgument says how an inspection is named.
const inspectionArgument = "An inspection is named by its name or its identifier."

func inspectionAnswer(i api.Inspection) answer {
	return answer{value: i, rows: inspectionRows([]api.Inspection{i})}
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
	c := &cobra.Command{Use: "list", Short: "List inspections with their last run", Args: cobra.NoArgs}
	return asks(c, func(ctx context.Context, server *client.Client, _ []string) (answer, error) {
		list, err := server.Inspections(ctx)
		return answer{value: list, rows: inspectionRows(list)}, err
	})
}

func inspectionShowCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "show NAME", Short: "Show one inspection", Long: "Show one inspection. " + inspectionArgument,
		Example: "  memseep inspection show 'memory leaks' -o json", Args: cobra.ExactArgs(1),
	}
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		i, err := server.Inspection(ctx, args[0])
		return inspectionAnswer(i), err
	})
}

func inspectionSwitchCommand(use, short string, on bool) *cobra.Command {
	c := &cobra.Command{
		Use: use + " NAME", Short: short, Long: short + ". " + inspectionArgument,
		Example: "  memseep inspection " + use + " 'memory leaks'", Args: cobra.ExactArgs(1),
	}
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		i, err := server.Inspection(ctx, args[0])
		if err == nil {
			i, err = server.SwitchInspection(ctx, i.ID, on)
		}
		return inspectionAnswer(i), err
	})
}

func inspectionRunCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "run NAME",
		Short: "Run an inspection now",
		Long: "Run an inspection now, and wait until it has ended: its log is printed to stderr as it comes, and the exit\n" +
			"status is 2 where the run fails. " + inspectionArgument,
		Example: "  memseep inspection run 'memory leaks'\n  memseep inspection run 'memory leaks' --wait=false -o json",
		Args:    cobra.ExactArgs(1),
	}
	return runs(c, func(ctx context.Context, server *client.Client, args []string) (api.Run, error) {
		i, err := server.Inspection(ctx, args[0])
		if err != nil {
			return api.Run{}, err
		}
		return server.RunInspection(ctx, i.ID)
	})
}
