package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
)

func triggerCommand() *cobra.Command {
	c := &cobra.Command{Use: "trigger", Short: "Work on the triggers of a server's scripts"}
	c.AddCommand(
		triggerListCommand(), triggerRunCommand(),
		triggerSwitchCommand("enable", "Let a trigger run by its schedule", true),
		triggerSwitchCommand("disable", "Keep a trigger from running by its schedule", false),
	)
	return c
}

// triggerArgument says how a trigger is named.
const triggerArgument = "A trigger is named by its identifier, or as SET__SCRIPT.FUNCTION where that function has one."

func triggerRows(list []api.Trigger) [][]string {
	rows := [][]string{{"ID", "FUNCTION", "STATE", "SCHEDULE", "LAST RUN", "NEXT RUN", "LAST ERROR"}}
	for _, t := range list {
		enabled, last, failed := "disabled", "-", ""
		switch {
		case t.Paused:
			enabled = "paused"
		case t.Enabled:
			enabled = "enabled"
		}
		if t.LastRun != nil {
			last, failed = t.LastRun.Status+" "+when(t.LastRun.ScheduledAt), t.LastRun.Error
		}
		rows = append(rows, []string{t.ID, t.Script + "." + t.Function, enabled, t.Schedule, last, when(t.NextRunAt), failed})
	}
	return rows
}

func triggerListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List triggers with their last run", Args: cobra.NoArgs}
	return asks(c, func(ctx context.Context, server *client.Client, _ []string) (answer, error) {
		list, err := server.Triggers(ctx)
		return answer{value: list, rows: triggerRows(list)}, err
	})
}

func triggerSwitchCommand(use, short string, on bool) *cobra.Command {
	c := &cobra.Command{
		Use: use + " TRIGGER", Short: short, Long: short + ". " + triggerArgument,
		Example: "  memseep trigger " + use + " checks__high.high", Args: cobra.ExactArgs(1),
	}
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		t, err := server.Trigger(ctx, args[0])
		if err == nil {
			t, err = server.SwitchTrigger(ctx, t.ID, on)
		}
		return answer{value: t, rows: triggerRows([]api.Trigger{t})}, err
	})
}

func triggerRunCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "run TRIGGER",
		Short: "Run a trigger now",
		Long: "Run a trigger now, and wait until it has ended: what it prints goes to stderr as it comes, and the exit status\n" +
			"is 2 where the run fails. " + triggerArgument,
		Example: "  memseep trigger run checks__high.high",
		Args:    cobra.ExactArgs(1),
	}
	return runs(c, func(ctx context.Context, server *client.Client, args []string) (api.Run, error) {
		t, err := server.Trigger(ctx, args[0])
		if err != nil {
			return api.Run{}, err
		}
		return server.RunTrigger(ctx, t.ID)
	})
}
