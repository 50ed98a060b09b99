package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/config"
)

func configCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Work on the configuration",
	}
	c.AddCommand(&cobra.Command{
		Use:   "check FILE",
		Short: "Say whether a server would start with a configuration",
		Long: "Read a configuration as `memseep serve --config FILE` would, with the variables of the environment over it.\n" +
			"Exit status: 0 it is good, 2 it has an error, which is named with its line.",
		Example: "  memseep config check /etc/memseep/memseep.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			loaded, err := config.Load(args[0], os.Environ(), nil)
			if err != nil {
				return err
			}
			if err := api.CheckFile(loaded.Inspections); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s is good; inspections: %d\n", args[0], len(loaded.Inspections))
			return err
		},
	})
	return c
}
