package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/build"
)

// version is set when a release is linked.
var version string

func versionText() string { return build.Version(version) }

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(c.OutOrStdout(), "memseep %s (%s, %s/%s)\n", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
