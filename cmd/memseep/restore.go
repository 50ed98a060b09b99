package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/server"
)

func restoreCommand() *cobra.Command {
	var f serverFlags
	var from string
	c := &cobra.Command{
		Use:   "restore --from DIR",
		Short: "Put a backup into an empty data directory",
		Long: "The server must not run. Put secret.key, which the backup does not hold, into the data directory yourself,\n" +
			"or enter the credentials of sources again.",
		Example: "  memseep restore --from /backup/today --data memseep-data",
		Args:    cobra.NoArgs,
	}
	f.register(c)
	c.Flags().StringVar(&from, "from", "", "folder that memseep backup made")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if from == "" {
			return errors.New("--from is missing: name the folder of the backup")
		}
		loaded, err := f.load()
		if err != nil {
			return err
		}
		if err := server.Restore(c.Context(), f.offlineOptions(loaded), from); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "restored into %s\n", loaded.Server.Data)
		return err
	}
	return c
}
