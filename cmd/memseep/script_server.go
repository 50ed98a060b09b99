package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
)

func scriptRows(list []api.ScriptSummary) [][]string {
	rows := [][]string{{"SCRIPT", "TITLE", "VERSION", "DRAFT", "PUBLISHED", "BY"}}
	for _, s := range list {
		version, draft := "-", "as published"
		if s.Number > 0 {
			version = fmt.Sprint(s.Number)
		}
		if s.Changed {
			draft = "changed"
		}
		rows = append(rows, []string{s.Set + "__" + s.Name, s.Title, version, draft, when(s.PublishedAt), s.PublishedBy})
	}
	return rows
}

func scriptListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List the scripts of a server", Args: cobra.NoArgs}
	return asks(c, func(ctx context.Context, server *client.Client, _ []string) (answer, error) {
		list, err := server.Scripts(ctx)
		return answer{value: list, rows: scriptRows(list)}, err
	})
}

func scriptPublishCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "publish SET__SCRIPT FILE",
		Short: "Publish a file as a script of a server",
		Long: "Publish a file as a script of a server: set and script are added where they are not there. A wrong script is\n" +
			"not published, and stays as the draft.",
		Example: "  memseep script publish checks__high high.py --note 'limit is 90'",
		Args:    cobra.ExactArgs(2),
	}
	note := c.Flags().String("note", "", "what changed and why")
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		source, err := readScript(args[1])
		if err != nil {
			return answer{}, err
		}
		s, err := server.PublishScript(ctx, args[0], source, *note)
		return answer{value: s, rows: scriptRows([]api.ScriptSummary{s.ScriptSummary})}, err
	})
}
