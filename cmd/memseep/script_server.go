package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
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
	var f clientFlags
	c := &cobra.Command{Use: "list", Short: "List the scripts of a server", Args: cobra.NoArgs}
	f.registerOutput(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		list, err := server.Scripts(c.Context())
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), list, func() [][]string { return scriptRows(list) })
	}
	return c
}

func scriptPublishCommand() *cobra.Command {
	var f clientFlags
	var note string
	c := &cobra.Command{
		Use:   "publish SET__SCRIPT FILE",
		Short: "Publish a file as a script of a server",
		Long: "Publish a file as a script of a server: set and script are added where they are not there. A wrong script is\n" +
			"not published, and stays as the draft.",
		Example: "  memseep script publish checks__high high.py --note 'limit is 90'",
		Args:    cobra.ExactArgs(2),
	}
	f.registerOutput(c)
	c.Flags().StringVar(&note, "note", "", "what changed and why")
	c.RunE = func(c *cobra.Command, args []string) error {
		source, err := readScript(args[1])
		if err != nil {
			return err
		}
		server, err := f.open()
		if err != nil {
			return err
		}
		s, err := server.PublishScript(c.Context(), args[0], source, note)
		if err != nil {
			return err
		}
		return f.print(c.OutOrStdout(), s, func() [][]string { return scriptRows([]api.ScriptSummary{s.ScriptSummary}) })
	}
	return c
}
