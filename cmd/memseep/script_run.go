package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/report"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// scriptFlags are those of `script run` besides the inspection's.
type scriptFlags struct {
	runFlags
	at, args         string
	keyID, key, node string
	variables        []string
	timeout          time.Duration
}

func scriptRunCommand() *cobra.Command {
	var f scriptFlags
	c := &cobra.Command{
		Use:   "run FILE FUNCTION --source URL|file:PATH",
		Short: "Run a function of a script against a source",
		Long: "Load a script in a sandbox, call a function of it, and print what its inspections find as inspect does, and\n" +
			"the events that it reports. What it prints and returns goes to standard error. `account` is filled from the\n" +
			"flags --account-…, or from MEMSEEP_ACCOUNT_KEY_ID, MEMSEEP_ACCOUNT_KEY and MEMSEEP_ACCOUNT_NODE.\n" +
			"Files named SET__SCRIPT.py beside it may be imported.\n\n" +
			"Exit status: 0 it ran, 1 the script failed, 2 it could not be run.",
		Example: "  memseep script run startup.py run --source http://prometheus:9090 --account-key-id ID --account-key SECRET\n" +
			"  memseep script run check.py run --args '{\"limit\": 90}' --source file:hosts.csv.gz --all -o jsonl",
		Args: cobra.ExactArgs(2),
	}
	f.register(c, report.Formats())
	c.Flags().StringVar(&f.at, "at", "", "run as of this time (RFC 3339); the newest sample by default")
	c.Flags().StringVar(&f.args, "args", "", "arguments: a JSON object of named ones, or a list")
	c.Flags().StringVar(&f.keyID, "account-key-id", "", "account['api_key_id']")
	c.Flags().StringVar(&f.key, "account-key", "", "account['api_key']; the variable keeps it out of the list of processes")
	c.Flags().StringVar(&f.node, "account-node", "", "account['guance_node']")
	c.Flags().StringArrayVar(&f.variables, "env", nil, "NAME=VALUE for DFF.ENV; may be repeated")
	c.Flags().DurationVar(&f.timeout, "timeout", sandbox.DefaultLimits.Wall, "end the script after this time")
	c.RunE = func(c *cobra.Command, args []string) error {
		source, err := readScript(args[0])
		if err != nil {
			return err
		}
		job, err := f.job(args[0], source, args[1])
		if err != nil {
			return err
		}
		if job.Modules, err = scriptsBeside(args[0]); err != nil {
			return err
		}
		if _, err := job.Check(); err != nil {
			return err
		}
		return f.run(c, job)
	}
	return c
}

func (f *scriptFlags) job(path, source, function string) (script.Job, error) {
	job := script.Job{Name: filepath.Base(path), Source: source, Function: function, Account: map[string]string{
		"api_key_id":  cmp.Or(f.keyID, os.Getenv("MEMSEEP_ACCOUNT_KEY_ID")),
		"api_key":     cmp.Or(f.key, os.Getenv("MEMSEEP_ACCOUNT_KEY")),
		"guance_node": cmp.Or(f.node, os.Getenv("MEMSEEP_ACCOUNT_NODE")),
	}}
	if f.args != "" {
		if !json.Valid([]byte(f.args)) {
			return job, fmt.Errorf("--args %s: it is no JSON; write an object of named arguments, for example '{\"configs\": \"web-1\"}'", f.args)
		}
		job.Args = json.RawMessage(f.args)
	}
	if f.at != "" {
		at, err := parseTime("at", f.at)
		if err != nil {
			return job, err
		}
		job.Now = at
	}
	job.Variables = map[string]any{}
	for _, v := range f.variables {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return job, fmt.Errorf("--env %q: write it as NAME=VALUE", v)
		}
		job.Variables[name] = value
	}
	return job, nil
}

func (f *scriptFlags) run(c *cobra.Command, job script.Job) error {
	settings, o, err := f.load()
	if err != nil {
		return err
	}
	o.At = job.Now
	o.KeepSeries = report.NeedsSeries(f.output)
	source, err := openSource(c.Context(), settings.Source, &o)
	if err != nil {
		return err
	}
	w, err := f.writer(c.OutOrStdout(), false)
	if err != nil {
		return err
	}
	out := printed{writer: w, out: c.OutOrStdout(), lines: f.output == "jsonl" || f.output == "json", quiet: c.ErrOrStderr()}
	world := &script.World{
		Source: source, Options: o, Findings: out.finding, Reported: out.event, Done: out.done, Store: &script.Memory{},
		Registered: func(_ context.Context, _ modules.Registration) (modules.Registered, error) {
			return modules.Registered{Enabled: true}, nil
		},
	}
	result, err := script.Run(c.Context(), job, world, sandbox.Limits{Wall: f.timeout}, out.line)
	if err != nil {
		return err
	}
	if err := out.close(); err != nil {
		return err
	}
	if v := string(result.Value); v != "" && v != "null" {
		fmt.Fprintln(c.ErrOrStderr(), "returned", plainCell(v))
	}
	return scriptStatus(c.ErrOrStderr(), result.Failure)
}

// scriptStatus prints a traceback, and is the error of the status.
func scriptStatus(stderr io.Writer, failed *sandbox.Failure) error {
	if failed == nil {
		return nil
	}
	if failed.Traceback != "" {
		fmt.Fprint(stderr, failed.Traceback)
	}
	if failed.Source || failed.Invalid {
		return failed // it could not be run
	}
	return fmt.Errorf("%w: %w", errScript, failed)
}
