// Command memseep finds memory leaks in fleets of hosts.
// In go windows of memory from a source; out come verdicts: which hosts leak, and who grows there.
// Read this file first: each command has a file of its name beside it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// commands lists every command under the heading that it has in the help; a new one is a file and a word here.
var commands = []struct {
	heading  string
	commands []func() *cobra.Command
}{
	{"Look, and keep nothing:", []func() *cobra.Command{demoCommand, inspectCommand, backtestCommand, scriptCommand}},
	{"Run a server, and watch machines:", []func() *cobra.Command{serveCommand, agentCommand, configCommand, backupCommand, restoreCommand}},
	{"Ask a running server:", []func() *cobra.Command{eventCommand, hostCommand, inspectionCommand, triggerCommand, keyCommand}},
	{"", []func() *cobra.Command{versionCommand, manCommand, scriptChildCommand}},
}

// The exit statuses.
const (
	exitClean  = 0 // inspected, and nothing leaks
	exitLeak   = 1 // a leak was found
	exitScript = 1 // a script has an error, or failed
	exitError  = 2 // the inspection could not be made
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	err := rootCommand().ExecuteContext(ctx)
	if err != nil && ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	return exitStatus(err)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "memseep",
		Short: "Find memory leaks in fleets of hosts, and name who leaks",
		Long: "memseep looks at the last six hours of every host's memory, decides which hosts leak, and names the\n" +
			"processes, containers and pods that grow.",
		Example: "  memseep demo                                     # a small fleet, to look at in a browser\n" +
			"  memseep inspect --source http://prometheus:9090  # your own, once\n" +
			"  memseep serve                                    # each hour, with events and alerts",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, c.CommandPath())
	})
	for _, g := range commands {
		if g.heading != "" {
			root.AddGroup(&cobra.Group{ID: g.heading, Title: g.heading})
		}
		for _, command := range g.commands {
			c := command()
			c.GroupID = g.heading
			root.AddCommand(c)
		}
	}
	return root
}

// errLeak ends a command with the status that says a leak was found.
var errLeak = errors.New("a leak was found")

func exitStatus(err error) int {
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errLeak):
		return exitLeak
	case errors.Is(err, errScript):
		fmt.Fprintln(os.Stderr, "memseep: "+err.Error())
		return exitScript
	case errors.Is(err, syscall.EPIPE):
		return exitError // who read the output has gone, and need not be told
	}
	fmt.Fprintln(os.Stderr, "memseep: "+err.Error())
	return exitError
}
