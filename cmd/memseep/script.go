package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/report"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/modules"
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
			"the events that it reports. What it prints goes to standard error. `account` is filled from the flags\n" +
			"--account-…, or from MEMSEEP_ACCOUNT_KEY_ID, MEMSEEP_ACCOUNT_KEY and MEMSEEP_ACCOUNT_NODE.\n" +
			"Files named SET__SCRIPT.py beside it may be imported.\n\n" +
			"Exit status: 0 it ran, 1 the script failed, 2 it could not be run.",
		Example: "  memseep script run startup.py run --source http://prometheus:9090 --account-key-id ID --account-key SECRET\n" +
			"  memseep script run check.py high --args '{\"limit\": 90}' --source file:hosts.csv.gz --all -o jsonl",
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
		"api_key_id":  first(f.keyID, os.Getenv("MEMSEEP_ACCOUNT_KEY_ID")),
		"api_key":     first(f.key, os.Getenv("MEMSEEP_ACCOUNT_KEY")),
		"guance_node": first(f.node, os.Getenv("MEMSEEP_ACCOUNT_NODE")),
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
	settings, err := f.load()
	if err != nil {
		return err
	}
	o, err := f.options(settings)
	if err != nil {
		return err
	}
	o.At = job.Now
	o.KeepSeries = report.NeedsSeries(f.output)
	source, err := openSource(c.Context(), settings.Source)
	if err != nil {
		return err
	}
	o.Parallel = source.parallel(o.Parallel)
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

// printed is what a run of a script prints: findings first, then the events of its own checks.
type printed struct {
	writer  report.Writer
	out     io.Writer
	quiet   io.Writer // for what the script prints
	lines   bool      // events as JSON lines
	ran     bool
	sum     inspect.Summary
	events  []modules.Event
	written int
}

func (p *printed) line(l sandbox.Line) {
	for text := range strings.SplitSeq(l.Text, "\n") {
		fmt.Fprintf(p.quiet, "%s %s\n", l.At.Format("15:04:05.000"), plainCell(strings.ReplaceAll(text, "\t", "    ")))
	}
}

func (p *printed) finding(f inspect.Finding) error {
	if f.Err != nil {
		slog.Warn("a host could not be read", "host", f.Object.Host, "error", f.Err)
	}
	p.written++
	return p.writer.Write(f)
}

func (p *printed) done(s inspect.Summary) {
	p.ran, p.sum.At = true, s.At
	p.sum.Hosts += s.Hosts
	p.sum.Failed += s.Failed
	p.sum.NoData += s.NoData
	p.sum.Leaks += s.Leaks
	p.sum.LeakHosts += s.LeakHosts
}

func (p *printed) event(e modules.Event) error {
	p.events = append(p.events, e)
	return nil
}

// close ends the report where there was an inspection, and prints the events.
func (p *printed) close() error {
	if p.ran || p.written > 0 {
		if err := p.writer.Close(p.sum); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	for _, e := range p.events {
		if err := p.print(e); err != nil {
			return fmt.Errorf("write the events: %w", err)
		}
	}
	return nil
}

func (p *printed) print(e modules.Event) error {
	if p.lines {
		return json.NewEncoder(p.out).Encode(map[string]modules.Event{"event": e})
	}
	tags := make([]string, 0, len(e.DimensionTags))
	for k, v := range e.DimensionTags {
		tags = append(tags, k+":"+v)
	}
	slices.Sort(tags)
	_, err := fmt.Fprintf(p.out, "%s: %s%s\n", e.Status, plainCell(e.Title), plainCell(prefixed("  ", strings.Join(tags, " "))))
	if e.Message != "" && err == nil {
		for text := range strings.SplitSeq(strings.TrimSpace(e.Message), "\n") {
			if _, err = fmt.Fprintf(p.out, "    %s\n", plainCell(text)); err != nil {
				return err
			}
		}
	}
	return err
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}
