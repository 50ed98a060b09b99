package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/python"
	"github.com/memseep/memseep/internal/script/sandbox"
)

func scriptCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "script",
		Short: "Check a script, run a function of it, or publish it on a server",
	}
	c.AddCommand(scriptCheckCommand(), scriptRunCommand(), scriptListCommand(), scriptPublishCommand())
	return c
}

// scriptChildCommand is what a sandbox starts of this program.
func scriptChildCommand() *cobra.Command {
	return &cobra.Command{
		Use:    sandbox.ChildCommand,
		Short:  "Run a script that comes by standard input; started by memseep itself",
		Hidden: true,
		Args:   cobra.NoArgs,
		Run:    func(*cobra.Command, []string) { os.Exit(script.Child()) },
	}
}

// errScript ends a command with the status that says that a script has an error.
var errScript = errors.New("the script has an error")

func scriptCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Say whether a script would run here",
		Long: "Read a script and say whether it would be loaded. Exit status: 0 it would run, 1 it has an error, which is\n" +
			"named with line, column and what to write, 2 it could not be read.",
		Example: "  memseep script check startup.py",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			source, err := readScript(args[0])
			if err != nil {
				return err
			}
			beside, err := scriptsBeside(args[0])
			if err != nil {
				return err
			}
			functions, err := script.Job{Name: args[0], Source: source, Modules: beside}.Check()
			if err != nil {
				return fmt.Errorf("%w: %w", errScript, err)
			}
			names := make([]string, len(functions))
			for i, f := range functions {
				names[i] = f.Name + "(" + strings.Join(f.Parameters, ", ") + ")"
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s would run; its functions: %s\n", args[0], orNone(names))
			return err
		},
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func readScript(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() > python.MaxSource {
		return "", fmt.Errorf("%s is longer than %d kB: a script is not", path, python.MaxSource>>10)
	}
	source, err := os.ReadFile(path) //nolint:gosec // the user names it
	return string(source), err
}
