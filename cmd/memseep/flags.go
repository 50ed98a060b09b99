package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/report"
	"github.com/memseep/memseep/leak"
)

// runFlags are the flags that inspect and backtest have in common.
type runFlags struct {
	source   string
	hosts    string
	all      bool
	output   string
	lang     string
	config   string
	parallel int
	headers  []string
	caFile   string
	insecure bool

	set *pflag.FlagSet
}

// register adds the flags to a command that can print the formats.
func (f *runFlags) register(c *cobra.Command, formats []string) {
	f.set = c.Flags()
	f.set.StringVar(&f.source, "source", "", "where windows are read: http(s)://[user:pass@]host:port[/prefix] of a Prometheus-compatible API, or file:PATH")
	f.set.StringVar(&f.hosts, "hosts", "", "inspect these hosts alone: names or globs with commas between, or a file with one on a line")
	f.set.BoolVar(&f.all, "all", false, "print every object, not only those that leak")
	f.set.StringVarP(&f.output, "output", "o", "table", "format: "+strings.Join(formats, ", "))
	f.set.StringVar(&f.lang, "lang", "", "language, en or zh (default: that of LANG)")
	f.set.StringVar(&f.config, "config", "", "YAML file with settings; MEMSEEP_… variables and flags win over it")
	f.set.IntVar(&f.parallel, "parallel", 0, "hosts or batches of hosts in flight (default: what suits the source)")
	f.set.StringArrayVar(&f.headers, "header", nil, "header of each request to the source, as 'Name: value'; may be repeated")
	f.set.StringVar(&f.caFile, "ca-file", "", "PEM certificates to trust for https, besides the system's")
	f.set.BoolVar(&f.insecure, "insecure", false, "accept any certificate of the source")
	complete(c, "output", formats)
	complete(c, "lang", []string{"en", "zh"})
}

// complete offers values of a flag to the shell.
func complete(c *cobra.Command, flag string, values []string) {
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag was just defined
	}
}

// load reads the configuration, with the flags over it, and what it says of a run, whose time is the
// caller's.
func (f *runFlags) load() (config.Config, inspect.Options, error) {
	settings, err := f.settings()
	if err != nil {
		return settings, inspect.Options{}, err
	}
	o, err := f.options(settings)
	return settings, o, err
}

func (f *runFlags) settings() (config.Config, error) {
	over := map[string]any{}
	for flag, value := range map[string][2]any{
		"source":   {"source.url", f.source},
		"parallel": {"inspect.parallel", f.parallel},
		"ca-file":  {"source.ca_file", f.caFile},
		"insecure": {"source.insecure", f.insecure},
	} {
		if f.set.Changed(flag) {
			over[value[0].(string)] = value[1]
		}
	}
	if len(f.headers) > 0 {
		headers := map[string]any{}
		for _, h := range f.headers {
			name, value, ok := strings.Cut(h, ":")
			if !ok || strings.TrimSpace(name) == "" {
				return config.Config{}, fmt.Errorf("--header %q: write it as 'Name: value'", h)
			}
			headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		over["source.headers"] = headers
	}
	return config.Load(f.config, os.Environ(), over)
}

func (f *runFlags) options(c config.Config) (inspect.Options, error) {
	i := c.Inspect
	o := inspect.Options{
		Window:     time.Duration(i.Window),
		History:    time.Duration(i.History),
		Parallel:   i.Parallel,
		Thresholds: leak.Thresholds(i.Thresholds),
	}
	if o.History == 0 {
		o.History = -1 // to a run zero is the default, here it was asked for
	}
	var err error
	o.Hosts, err = hostList(f.hosts)
	return o, err
}

// hostList reads what --hosts names: a file with one on a line, or names with commas between.
func hostList(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	separator := ","
	text, err := os.ReadFile(list)
	switch {
	case err == nil:
		list, separator = string(text), "\n"
	case !errors.Is(err, fs.ErrNotExist) && !strings.Contains(list, ","):
		return nil, fmt.Errorf("--hosts: %w", err)
	}
	var hosts []string
	for h := range strings.SplitSeq(list, separator) {
		if h = strings.TrimSpace(h); h != "" && !strings.HasPrefix(h, "#") {
			hosts = append(hosts, h)
		}
	}
	if len(hosts) == 0 {
		return nil, errors.New("--hosts names no host")
	}
	return hosts, nil
}

// report are the options of what is printed.
func (f *runFlags) report() (report.Options, error) {
	lang, err := language(f.lang, os.Getenv)
	if err != nil {
		return report.Options{}, err
	}
	o := report.Options{All: f.all, Lang: lang}
	o.Color, o.Width = terminal(os.Stdout)
	return o, nil
}

// language is the one asked for, or that of the environment, as setlocale finds it.
func language(asked string, getenv func(string) string) (string, error) {
	switch asked {
	case "en", "zh":
		return asked, nil
	case "":
	default:
		return "", fmt.Errorf("--lang %q: use en or zh", asked)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(value, "zh") {
				return "zh", nil
			}
			break
		}
	}
	return "en", nil
}

// parseTime reads the time of a flag.
func parseTime(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("--%s %q: write the time as in 2026-01-31T15:04:05Z", flag, text)
	}
	return t, nil
}
