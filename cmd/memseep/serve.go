package main

import (
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/server"
)

// serverFlags are those of the commands that work on a server's data.
type serverFlags struct {
	config string
	set    *pflag.FlagSet
}

// serverSettings are the settings that have a flag, by its name.
var serverSettings = map[string]string{
	"data": "server.data", "listen": "server.listen", "external-url": "server.external_url",
	"state": "server.state.url", "log-level": "server.log.level", "log-format": "server.log.format",
}

func (f *serverFlags) register(c *cobra.Command) {
	f.set = c.Flags()
	f.set.StringVar(&f.config, "config", "", "YAML file with settings; MEMSEEP_… variables and flags win over it")
	f.set.String("data", config.Default.Server.Data, "directory of all that is kept")
	f.set.String("state", "", "sqlite:PATH or postgres://… (default: SQLite in the data directory)")
	f.set.String("log-level", config.Default.Server.Log.Level, "debug, info, warn or error")
	f.set.String("log-format", config.Default.Server.Log.Format, "text or json")
	complete(c, "log-level", []string{"debug", "info", "warn", "error"})
	complete(c, "log-format", []string{"text", "json"})
}

// load reads the configuration, with the flags over it.
func (f *serverFlags) load() (config.Config, error) {
	over := map[string]any{}
	f.set.Visit(func(flag *pflag.Flag) {
		if key, ok := serverSettings[flag.Name]; ok {
			over[key] = flag.Value.String()
		}
	})
	if flag := f.set.Lookup("no-agent"); flag != nil && flag.Changed {
		over["server.agent"] = flag.Value.String() != "true"
	}
	return config.Load(f.config, os.Environ(), over)
}

// options are those of a server with the configuration.
func (f *serverFlags) options(c config.Config) server.Options {
	level := new(slog.LevelVar)
	level.Set(server.LevelOf(c.Server.Log))
	var handler slog.Handler = slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})
	if c.Server.Log.Format == "json" {
		handler = slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})
	}
	return server.Options{
		Config: c, Reload: f.load, Stdout: os.Stdout, Level: level, Logger: slog.New(handler), Version: versionText(),
		SecretKey: os.Getenv("MEMSEEP_SECRET_KEY"),
		First: auth.Environment{
			AdminPassword: os.Getenv("MEMSEEP_ADMIN_PASSWORD"),
			IngestKey:     os.Getenv("MEMSEEP_INGEST_KEY"),
			AdminKey:      os.Getenv("MEMSEEP_ADMIN_KEY"),
		},
	}
}

// offlineOptions are those of a command that works on the data and ends: unless asked for, what goes well
// is not logged.
func (f *serverFlags) offlineOptions(c config.Config) server.Options {
	o := f.options(c)
	if !f.set.Changed("log-level") {
		o.Level.Set(slog.LevelWarn)
	}
	return o
}

func serveCommand() *cobra.Command {
	var f serverFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Take samples from collectors, inspect every hour, keep events, answer the API and the web app",
		Long: "Start the server. Without a configuration it keeps everything in ./memseep-data, listens on\n" +
			config.Default.Server.Listen + ", makes a workspace, an administrator and keys and prints their secrets once,\n" +
			"inspects all hosts for memory leaks each hour, and watches this machine itself.\n\n" +
			"MEMSEEP_ADMIN_PASSWORD, MEMSEEP_INGEST_KEY and MEMSEEP_ADMIN_KEY (ID:SECRET) set the first secrets.\n" +
			"SIGHUP reads limits, log level and the inspections of the file again; SIGTERM ends in order.",
		Example: "  memseep serve\n  memseep serve --config /etc/memseep/memseep.yaml --listen 0.0.0.0:8087",
		Args:    cobra.NoArgs,
	}
	f.register(c)
	c.Flags().String("listen", config.Default.Server.Listen, "ADDRESS:PORT")
	c.Flags().String("external-url", "", "address that links in notices begin with (default: http://LISTEN)")
	c.Flags().Bool("no-agent", false, "do not watch this machine's own memory")
	c.RunE = func(c *cobra.Command, _ []string) error {
		loaded, err := f.load()
		if err != nil {
			return err
		}
		o := f.options(loaded)
		hangups := make(chan os.Signal, 1)
		signal.Notify(hangups, syscall.SIGHUP)
		defer signal.Stop(hangups)
		again := make(chan struct{})
		o.Again = again
		go func() { // ends with the process
			for range hangups {
				select {
				case again <- struct{}{}:
				case <-c.Context().Done():
					return
				}
			}
		}()
		return server.Run(c.Context(), o)
	}
	return c
}
