package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
)

func inspectionExportCommand() *cobra.Command {
	var f clientFlags
	c := &cobra.Command{
		Use:     "export [NAME…]",
		Short:   "Print inspections as YAML, all where none is named",
		Example: "  memseep inspection export > inspections.yaml",
	}
	f.register(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		server, err := f.open()
		if err != nil {
			return err
		}
		var ids []string
		for _, name := range args {
			i, err := server.Inspection(c.Context(), name)
			if err != nil {
				return err
			}
			ids = append(ids, i.ID)
		}
		text, err := server.ExportInspections(c.Context(), ids)
		if err != nil {
			return err
		}
		_, err = c.OutOrStdout().Write(text)
		return err
	}
	return c
}

func inspectionImportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "import FILE",
		Short:   "Take inspections from YAML; - is stdin",
		Long:    "Take inspections from YAML, as `memseep inspection export` writes it; - is stdin. One that has the name of one\nthat is there changes it; none is deleted.",
		Example: "  memseep inspection import inspections.yaml --dry-run",
		Args:    cobra.ExactArgs(1),
	}
	dryRun := c.Flags().Bool("dry-run", false, "say what would change, and change nothing")
	return asks(c, func(ctx context.Context, server *client.Client, args []string) (answer, error) {
		text, err := readFileOrInput(c, args[0])
		if err != nil {
			return answer{}, fmt.Errorf("read inspections: %w", err)
		}
		done, err := server.ImportInspections(ctx, text, *dryRun)
		return answer{value: done, rows: importRows(done)}, err
	})
}

// readFileOrInput reads a file, or what the command is given where the name is "-".
func readFileOrInput(c *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(c.InOrStdin())
	}
	return os.ReadFile(name)
}

func importRows(done api.Import) (rows [][]string) {
	for _, outcome := range []struct {
		what  string
		names []string
	}{{"added", done.Added}, {"updated", done.Updated}, {"unchanged", done.Unchanged}} {
		for _, name := range outcome.names {
			rows = append(rows, []string{outcome.what, name})
		}
	}
	return rows
}
