package main

import (
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/agent"
)

func agentCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "agent --url URL --key ID:SECRET",
		Short: "Tell a server how much memory this machine, its processes and its containers hold",
		Long: "Read /proc and the cgroups of this Linux machine every 15 seconds and send what they say to a server by\n" +
			"Prometheus remote write. What the server does not take is kept on disk for six hours. Every flag has a\n" +
			"variable, MEMSEEP_AGENT_KEY for --key. --once prints what would be sent.\n\n" +
			"memseep-agent is the same in a program of its own, small enough for every machine.",
		Example: "  memseep agent --once\n  memseep agent --url https://memseep.example.org --key-file /etc/memseep-agent/key",
		Args:    cobra.NoArgs,
	}
	flags := agent.NewFlags(c.Flags())
	c.RunE = func(c *cobra.Command, _ []string) error {
		return agent.Main(c.Context(), flags, c.OutOrStdout(), slog.Default(), versionText())
	}
	return c
}
