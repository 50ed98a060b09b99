package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
)

func hostCommand() *cobra.Command {
	c := &cobra.Command{Use: "host", Short: "List and show the hosts of a server"}
	c.AddCommand(hostListCommand(), hostShowCommand())
	return c
}

func hostListCommand() *cobra.Command {
	var f clientFlags
	var text, sort string
	var states []string
	var limit int
	c := &cobra.Command{Use: "list", Short: "List hosts with their memory, verdict and time left", Args: cobra.NoArgs}
	f.registerOutput(c)
	c.Flags().StringVar(&text, "text", "", "with this in the name")
	c.Flags().StringSliceVar(&states, "state", nil, "critical, error, warning, ok, no_data; several with commas")
	c.Flags().StringVar(&sort, "sort", "name", "name, level, value, exhaustion or seen")
	c.Flags().IntVar(&limit, "limit", 1000, "at most so many; 0 is all")
	c.RunE = func(c *cobra.Command, _ []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		list, err := server.Hosts(c.Context(), url.Values{"text": {text}, "state": states, "sort": {sort}, "limit": {"500"}}, limit)
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), list, func() [][]string {
			rows := [][]string{{"HOST", "STATE", "USED", "LEFT", "EVENTS", "LAST SEEN", "COLLECTORS"}}
			for _, h := range list {
				rows = append(rows, hostRow(h))
			}
			return rows
		})
	}
	return c
}

func hostRow(h api.Host) []string {
	used := "-"
	if h.UsedPercent != nil {
		used = fmt.Sprintf("%.1f %%", *h.UsedPercent)
	}
	return []string{h.Name, h.State, used, leftText(h.LeftSeconds), fmt.Sprint(h.OpenEvents), when(h.LastSeenAt), strings.Join(h.Collectors, ",")}
}

func hostShowCommand() *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: "show NAME", Short: "Show one host, and what is missing to inspect it well", Args: cobra.ExactArgs(1)}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		h, err := server.Host(c.Context(), args[0])
		if err != nil {
			return err
		}
		health, err := server.HostHealth(c.Context(), args[0])
		if err != nil {
			return err
		}
		both := struct {
			Host   api.Host       `json:"host"`
			Health api.HostHealth `json:"health"`
		}{h, health}
		return f.print(c.OutOrStdout(), both, func() [][]string {
			rows := [][]string{{"HOST", "STATE", "USED", "LEFT", "EVENTS", "LAST SEEN", "COLLECTORS"}, hostRow(h)}
			for _, m := range health.Missing {
				rows = append(rows, []string{"missing: " + m.Text})
			}
			return rows
		})
	}
	return c
}
