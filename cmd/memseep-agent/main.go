// Command memseep-agent tells a server how much memory a Linux machine, its processes and its
// containers hold; it links nothing of the server.
// In go flags, MEMSEEP_AGENT_* variables and /proc; out go remote write requests, with --once a
// text on stdout.
// Read internal/agent/agent.go for what it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/memseep/memseep/internal/agent"
	"github.com/memseep/memseep/internal/build"
)

// version is set when a release is linked.
var version string

// The exit statuses.
const (
	exitDone  = 0
	exitError = 2
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	set := pflag.NewFlagSet("memseep-agent", pflag.ContinueOnError)
	set.Usage = func() {
		fmt.Fprintf(os.Stderr, "Tell a server how much memory this machine, its processes and its containers hold.\n\n"+
			"  memseep-agent --url https://memseep.example.org --key-file /etc/memseep-agent/key\n\n"+
			"Every flag has a variable: MEMSEEP_AGENT_KEY for --key.\n\n%s", set.FlagUsages())
	}
	flags := agent.NewFlags(set)
	show := set.Bool("version", false, "print the version")
	switch err := set.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return exitDone
	case err != nil:
		return fail(fmt.Errorf("%w; see memseep-agent --help", err))
	case set.NArg() > 0:
		return fail(fmt.Errorf("%q is no flag; see memseep-agent --help", set.Arg(0)))
	case *show:
		fmt.Println(build.Version(version))
		return exitDone
	}
	agent.LimitMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := agent.Main(ctx, flags, os.Stdout, logger, build.Version(version)); err != nil {
		return fail(err)
	}
	return exitDone
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "memseep-agent: "+err.Error())
	return exitError
}
