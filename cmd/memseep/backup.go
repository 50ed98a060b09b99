package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/server"
)

func backupCommand() *cobra.Command {
	var f serverFlags
	var client clientFlags
	var to string
	c := &cobra.Command{
		Use:   "backup --to DIR",
		Short: "Copy all that a server keeps into a folder, while it runs or not",
		Long: "With an administrator's --key (or MEMSEEP_KEY) the running server at --url is asked for the copy. Without one the data\n" +
			"directory is copied, and the server must not run.\n\n" +
			"The key that credentials of sources are sealed with (secret.key) is not copied: keep it apart.",
		Example: "  memseep backup --to /backup/today --url http://127.0.0.1:8087 --key ID:SECRET\n  memseep backup --to /backup/today --data memseep-data",
		Args:    cobra.NoArgs,
	}
	f.register(c)
	client.register(c)
	c.Flags().StringVar(&to, "to", "", "folder to make")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if to == "" {
			return errors.New("--to is missing: name the folder to make")
		}
		if client.hasKey() {
			return backupFromServer(c, &client, to)
		}
		loaded, err := f.load()
		if err != nil {
			return err
		}
		if err := server.Backup(c.Context(), f.offlineOptions(loaded), to); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "backed up to %s\n", to)
		return err
	}
	return c
}

func backupFromServer(c *cobra.Command, flags *clientFlags, to string) error {
	api, err := flags.open()
	if err != nil {
		return err
	}
	answer, err := api.Stream(c.Context(), "GET", "/backup", nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Close() }()
	if err := server.Unpack(answer, to); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, answer); err != nil {
		return fmt.Errorf("read the backup: it ended early, and is not whole: %w", err)
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "backed up to %s\n", to)
	return err
}
