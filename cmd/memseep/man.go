package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "man",
		Short: "Print the manual page, or write those of all commands to a directory",
		Example: "  memseep man | man -l -\n" +
			"  memseep man --dir /usr/local/share/man/man1",
		Args: cobra.NoArgs,
	}
	c.Flags().StringVar(&dir, "dir", "", "write the pages of all commands here")
	c.RunE = func(c *cobra.Command, _ []string) error {
		root := c.Root()
		root.DisableAutoGenTag = true // who generated a page, and when, says nothing to its reader
		header := &doc.GenManHeader{Title: "MEMSEEP", Section: "1", Source: "memseep " + versionText(), Manual: "memseep"}
		if dir == "" {
			return doc.GenMan(root, header, c.OutOrStdout())
		}
		if err := doc.GenManTree(root, header, dir); err != nil {
			return fmt.Errorf("write the manual pages: %w", err)
		}
		return nil
	}
	return c
}
