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

// commands lists every command; a new one is a file and a line here.
var commands = []func() *cobra.Command{
	inspectCommand,
	backtestCommand,
	serveCommand,
	agentCommand,
	eventCommand,
	inspectionCommand,
	triggerCommand,
	hostCommand,
	keyCommand,
	configCommand,
	scriptCommand,
	scriptChildCommand,
	backupCommand,
	restoreCommand,
	demoCommand,
	versionCommand,
	manCommand,
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
			"processes, containers and pods that grow. Exit status: 0 nothing leaks, 1 a leak was found, 2 it could\n" +
			"not be inspected.",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, c.CommandPath())
	})
	for _, c := range commands {
		root.AddCommand(c())
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
