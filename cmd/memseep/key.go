package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api/client"
)

func keyCommand() *cobra.Command {
	c := &cobra.Command{Use: "key", Short: "List, make and revoke the keys of a server's workspace"}
	c.AddCommand(keyListCommand(), keyCreateCommand(), keyRevokeCommand())
	return c
}

func keyListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List keys, without their secrets", Args: cobra.NoArgs}
	revoked := c.Flags().Bool("revoked", false, "those that were revoked too")
	return asks(c, func(ctx context.Context, server *client.Client, _ []string) (answer, error) {
		list, err := server.Keys(ctx, *revoked)
		rows := [][]string{{"ID", "NAME", "SCOPES", "STATE", "LAST USED"}}
		for _, k := range list {
			rows = append(rows, []string{k.ID, k.Name, strings.Join(k.Scopes, ","), k.State, when(k.LastUsedAt)})
		}
		return answer{value: list, rows: rows}, err
	})
}

func keyCreateCommand() *cobra.Command {
	var scopes []string
	var valid time.Duration
	c := &cobra.Command{
		Use:     "create NAME",
		Short:   "Make a key; its secret is shown this once",
		Example: "  memseep key create collectors --scope ingest\n  memseep key create grafana --scope read --valid 8760h",
		Args:    cobra.ExactArgs(1),
	}
	c.Flags().StringSliceVar(&scopes, "scope", []string{"ingest"}, "ingest, read, write, admin; several with commas")
	c.Flags().DurationVar(&valid, "valid", 0, "how long it lets in, as 8760h; 0 is for ever")
	complete(c, "scope", []string{"ingest", "read", "write", "admin"})
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		body := map[string]any{"name": args[0], "scopes": scopes}
		if valid > 0 {
			body["expires_at"] = time.Now().Add(valid).UTC()
		}
		k, err := server.AddKey(ctx, body)
		return answer{value: k, rows: [][]string{{"key:", k.Bearer}, {"for DataKit:", k.Token}}}, err
	})
}

func keyRevokeCommand() *cobra.Command {
	var f clientFlags
	c := &cobra.Command{Use: "revoke ID", Short: "Revoke a key; it stops working within ten seconds", Args: cobra.ExactArgs(1)}
	f.register(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		if err := server.RevokeKey(c.Context(), args[0]); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s is revoked\n", args[0])
		return err
	}
	return c
}
