package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
)

func eventCommand() *cobra.Command {
	c := &cobra.Command{Use: "event", Short: "List, show and recover the events of a server"}
	c.AddCommand(eventListCommand(), eventShowCommand(), eventRecoverCommand())
	return c
}

func eventListCommand() *cobra.Command {
	var f clientFlags
	var status, host, text, sort string
	var levels []string
	var limit int
	c := &cobra.Command{Use: "list", Short: "List events, by default the open ones with the least time left first", Args: cobra.NoArgs}
	f.registerOutput(c)
	c.Flags().StringVar(&status, "status", "open", "open, recovered or all")
	c.Flags().StringSliceVar(&levels, "level", nil, "critical, error, warning; several with commas")
	c.Flags().StringVar(&host, "host", "", "of this host alone")
	c.Flags().StringVar(&text, "text", "", "with this in title, object or culprit")
	c.Flags().StringVar(&sort, "sort", "exhaustion", "opened, level or exhaustion")
	c.Flags().IntVar(&limit, "limit", 100, "at most so many; 0 is all")
	c.RunE = func(c *cobra.Command, _ []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		if status == "all" {
			status = ""
		}
		q := url.Values{"status": {status}, "level": levels, "host": {host}, "text": {text}, "sort": {sort}}
		list, err := server.Events(c.Context(), q, limit)
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), list, func() [][]string { return eventRows(list) })
	}
	return c
}

func eventRows(list []api.EventSummary) [][]string {
	rows := [][]string{{"ID", "LEVEL", "STATUS", "OBJECT", "CULPRIT", "OPENED", "LEFT"}}
	for _, e := range list {
		culprit := "-"
		if e.Culprit != nil {
			culprit = fmt.Sprintf("%s %s", e.Culprit.Kind, e.Culprit.Name)
		}
		rows = append(rows, []string{e.ID, e.Level, e.Status, objectText(e.Object), culprit, when(e.OpenedAt), leftText(e.LeftSeconds)})
	}
	return rows
}

func objectText(o api.Object) string {
	if o.Kind == "host" {
		return o.Host
	}
	return fmt.Sprintf("%s %s/%s", o.Kind, o.Host, o.Name)
}

func eventShowCommand() *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: "show ID", Short: "Show one event with its reasons, suspects and history", Args: cobra.ExactArgs(1)}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		e, err := server.Event(c.Context(), args[0])
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), e, func() [][]string { return eventDetail(e) })
	}
	return c
}

func eventDetail(e api.Event) [][]string {
	rows := [][]string{{e.Title}, {e.Level + ", " + e.Status + ", since " + when(e.OpenedAt)}, {}}
	for line := range strings.Lines(e.Overview) {
		rows = append(rows, []string{strings.TrimSpace(line)})
	}
	rows = append(rows, []string{}, []string{"Suspects"})
	for _, s := range e.Suspects {
		rows = append(rows, []string{fmt.Sprintf("  %s %s: %.0f %% of the growth, %d MiB now", s.Kind, s.Name, 100*s.Share, s.Bytes>>20)})
	}
	if e.NoSuspects != "" {
		rows = append(rows, []string{"  " + e.NoSuspects})
	}
	rows = append(rows, []string{}, []string{"Why"})
	for _, r := range e.Verdict.Reasons {
		rows = append(rows, []string{"  " + r.Text})
	}
	rows = append(rows, []string{}, []string{"History"})
	for _, h := range e.History {
		rows = append(rows, []string{"  " + strings.TrimSpace(strings.Join([]string{when(h.At), h.Change, h.Level, h.By, h.Note}, " "))})
	}
	return rows
}

func eventRecoverCommand() *cobra.Command {
	var f clientFlags
	var note string
	c := &cobra.Command{Use: "recover ID…", Short: "End events by hand", Args: cobra.MinimumNArgs(1)}
	f.registerOutput(c)
	c.Flags().StringVar(&note, "note", "", "why")
	c.RunE = func(c *cobra.Command, args []string) error { return recoverEvents(c.Context(), c, &f, args, note) }
	return c
}

func recoverEvents(ctx context.Context, c *cobra.Command, f *clientFlags, ids []string, note string) error {
	server, err := f.open()
	if err != nil {
		return err
	}
	r, err := server.RecoverEvents(ctx, ids, note)
	if err != nil {
		return err
	}
	err = f.print(c.OutOrStdout(), r, func() [][]string {
		var rows [][]string
		for _, id := range r.Recovered {
			rows = append(rows, []string{id, "recovered"})
		}
		for _, id := range r.Already {
			rows = append(rows, []string{id, "had recovered before"})
		}
		for _, x := range r.Failed {
			rows = append(rows, []string{x.ID, x.Problem})
		}
		return rows
	})
	if err == nil && len(r.Failed) > 0 {
		err = fmt.Errorf("%d of %d events could not be recovered", len(r.Failed), len(ids))
	}
	return err
}
