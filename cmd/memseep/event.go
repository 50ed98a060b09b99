package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
	"github.com/memseep/memseep/internal/event"
)

func eventCommand() *cobra.Command {
	c := &cobra.Command{Use: "event", Short: "List, show and recover the events of a server"}
	c.AddCommand(eventListCommand(), eventShowCommand(), eventRecoverCommand())
	return c
}

func eventListCommand() *cobra.Command {
	var status, host, text, sort string
	var levels []string
	var limit int
	c := &cobra.Command{
		Use:     "list",
		Short:   "List events, by default the open ones with the least time left first",
		Example: "  memseep event list --level critical,error\n  memseep event list --status all --host web-1 -o json",
		Args:    cobra.NoArgs,
	}
	c.Flags().StringVar(&status, "status", "open", "open, recovered or all")
	c.Flags().StringSliceVar(&levels, "level", nil, "critical, error, warning, info; several with commas (default: all)")
	c.Flags().StringVar(&host, "host", "", "of this host alone")
	c.Flags().StringVar(&text, "text", "", "with this in title, object or culprit")
	c.Flags().StringVar(&sort, "sort", "exhaustion", "opened, level or exhaustion")
	c.Flags().IntVar(&limit, "limit", 100, "at most so many; 0 is all")
	complete(c, "status", []string{"open", "recovered", "all"})
	complete(c, "sort", []string{"opened", "level", "exhaustion"})
	return asks(c, func(ctx context.Context, server *client.Client, _ []string) (answer, error) {
		q := url.Values{"status": {status}, "level": levels, "host": {host}, "text": {text}, "sort": {sort}}
		if status == "all" {
			q.Del("status")
		}
		list, err := server.Events(ctx, q, limit)
		return answer{value: list, rows: eventRows(list)}, err
	})
}

func eventRows(list []api.EventSummary) [][]string {
	rows := [][]string{{"ID", "LEVEL", "STATUS", "OBJECT", "CULPRIT", "OPENED", "TIME LEFT"}}
	for _, e := range list {
		culprit := "-"
		if e.Culprit != nil {
			culprit = fmt.Sprintf("%s %s", e.Culprit.Kind, e.Culprit.Name)
		}
		rows = append(rows, []string{e.ID, e.Level, e.Status, objectText(e.Object), culprit, when(e.OpenedAt), timeLeftText(e)})
	}
	return rows
}

// timeLeftText is how long is left until the limit, or of a leak that is killed again and again until the next kill.
func timeLeftText(e api.EventSummary) string {
	if r := e.Restarts; e.LeftSeconds == nil && r != nil && e.Status == string(event.Open) {
		next := event.Restarts(*r).NextAfter(time.Now())
		if !next.IsZero() {
			return "killed in " + howLong(max(int64(time.Until(next).Seconds()), 0))
		}
	}
	return leftText(e.LeftSeconds)
}

func objectText(o api.Object) string {
	if o.Kind == "host" {
		return o.Host
	}
	return fmt.Sprintf("%s %s/%s", o.Kind, o.Host, o.Name)
}

func eventShowCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "show ID", Short: "Show one event with its reasons, suspects and history",
		Example: "  memseep event show ID    # as `memseep event list` names it", Args: cobra.ExactArgs(1),
	}
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		e, err := server.Event(ctx, args[0])
		return answer{value: e, rows: eventDetail(e)}, err
	})
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
	c := &cobra.Command{
		Use: "recover ID…", Short: "End events by hand",
		Example: "  memseep event recover ID --note 'restarted the service'", Args: cobra.MinimumNArgs(1),
	}
	note := c.Flags().String("note", "", "why; kept in the event's history")
	return asks(c, func(ctx context.Context, server *client.Client, ids []string) (answer, error) {
		r, err := server.RecoverEvents(ctx, ids, *note)
		a := answer{value: r, rows: recoveredRows(r)}
		if len(r.Failed) > 0 {
			a.fault = fmt.Errorf("%d of %d events could not be recovered", len(r.Failed), len(ids))
		}
		return a, err
	})
}

func recoveredRows(r api.Recovered) (rows [][]string) {
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
}
