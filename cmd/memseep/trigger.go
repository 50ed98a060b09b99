package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
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
	var f clientFlags
	c := &cobra.Command{Use: "list", Short: "List triggers with their last run", Args: cobra.NoArgs}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		list, err := server.Triggers(c.Context())
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), list, func() [][]string { return triggerRows(list) })
	}
	return c
}

func triggerSwitchCommand(use, short string, on bool) *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: use + " TRIGGER", Short: short, Long: short + ". " + triggerArgument, Args: cobra.ExactArgs(1)}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		t, err := server.Trigger(c.Context(), args[0])
		if err != nil {
			return err
		}
		if t, err = server.SwitchTrigger(c.Context(), t.ID, on); err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), t, func() [][]string { return triggerRows([]api.Trigger{t}) })
	}
	return c
}

func triggerRunCommand() *cobra.Command {
	var f clientFlags
	var wait bool
	c := &cobra.Command{
		Use:   "run TRIGGER",
		Short: "Run a trigger now",
		Long: "Run a trigger now. " + triggerArgument + " With --wait what it prints goes to stderr as it comes, and the exit\n" +
			"status is 2 where the run fails.",
		Args: cobra.ExactArgs(1),
	}
	f.registerOutput(c)
	c.Flags().BoolVar(&wait, "wait", true, "until it has ended")
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		t, err := server.Trigger(c.Context(), args[0])
		if err != nil {
			return err
		}
		run, err := server.RunTrigger(c.Context(), t.ID)
		if err != nil {
			return err
		}
		return awaitRun(c, &f, server, run, wait, func(run api.Run) [][]string {
			return [][]string{
				{"RUN", "STATUS", "HOSTS", "LEAKS", "OPENED", "RECOVERED"},
				{run.ID, run.Status, fmt.Sprint(run.Hosts), fmt.Sprint(run.Leaks), fmt.Sprint(run.OpenedEvents), fmt.Sprint(run.RecoveredEvent)},
			}
		})
	}
	return c
}
