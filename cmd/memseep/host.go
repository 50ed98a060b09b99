package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
)

func hostCommand() *cobra.Command {
	c := &cobra.Command{Use: "host", Short: "List and show the hosts of a server"}
	c.AddCommand(hostListCommand(), hostShowCommand())
	return c
}

func hostListCommand() *cobra.Command {
	var text, sort string
	var states []string
	var limit int
	c := &cobra.Command{
		Use:     "list",
		Short:   "List hosts with their memory, verdict and time left",
		Example: "  memseep host list --state critical,error --sort exhaustion",
		Args:    cobra.NoArgs,
	}
	c.Flags().StringVar(&text, "text", "", "with this in the name")
	c.Flags().StringSliceVar(&states, "state", nil, "critical, error, warning, ok, no_data; several with commas (default: all)")
	c.Flags().StringVar(&sort, "sort", "name", "name, level, value, exhaustion or seen")
	c.Flags().IntVar(&limit, "limit", 1000, "at most so many; 0 is all")
	complete(c, "sort", []string{"name", "level", "value", "exhaustion", "seen"})
	return asks(c, func(ctx context.Context, server *client.Client, _ []string) (answer, error) {
		list, err := server.Hosts(ctx, url.Values{"text": {text}, "state": states, "sort": {sort}, "limit": {"500"}}, limit)
		rows := [][]string{hostHeading}
		for _, h := range list {
			rows = append(rows, hostRow(h))
		}
		return answer{value: list, rows: rows}, err
	})
}

var hostHeading = []string{"HOST", "STATE", "USE", "TIME LEFT", "EVENTS", "LAST SEEN", "COLLECTORS"}

func hostRow(h api.Host) []string {
	used := "-"
	if h.UsedPercent != nil {
		used = fmt.Sprintf("%.1f %%", *h.UsedPercent)
	}
	return []string{h.Name, h.State, used, leftText(h.LeftSeconds), fmt.Sprint(h.OpenEvents), when(h.LastSeenAt), strings.Join(h.Collectors, ",")}
}

// hostWithHealth is what `host show -o json` prints.
type hostWithHealth struct {
	Host   api.Host       `json:"host"`
	Health api.HostHealth `json:"health"`
}

func hostShowCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "show NAME", Short: "Show one host, and what is missing to inspect it well",
		Example: "  memseep host show web-1", Args: cobra.ExactArgs(1),
	}
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (a answer, err error) {
		var h hostWithHealth
		if h.Host, err = server.Host(ctx, args[0]); err != nil {
			return a, err
		}
		h.Health, err = server.HostHealth(ctx, args[0])
		rows := [][]string{hostHeading, hostRow(h.Host)}
		for _, m := range h.Health.Missing {
			rows = append(rows, []string{"missing: " + m.Text})
		}
		return answer{value: h, rows: rows}, err
	})
}
