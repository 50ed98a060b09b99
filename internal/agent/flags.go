package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// envPrefix starts the variables that hold what flags do not say: --queue-age is
// MEMSEEP_AGENT_QUEUE_AGE.
const envPrefix = "MEMSEEP_AGENT_"

// Flags are those of the command line, of the agent alone and of the one within memseep.
type Flags struct {
	Config Config
	Once   bool // collect a single time and print

	keyFile string
	headers []string
	set     *pflag.FlagSet
}

// defaultQueue is where an agent of the system keeps what is still to be sent.
const defaultQueue = "/var/lib/memseep-agent"

// NewFlags adds the flags to the set.
func NewFlags(set *pflag.FlagSet) *Flags {
	f := &Flags{set: set}
	c := &f.Config
	set.StringVar(&c.URL, "url", "", "address of the server: http(s)://HOST[:PORT]; with a path, of any receiver of remote write")
	set.StringVar(&c.Key, "key", "", "key with the scope ingest, ID:SECRET; better in --key-file or MEMSEEP_AGENT_KEY, which others on this machine cannot see")
	set.StringVar(&f.keyFile, "key-file", "", "file that holds the key")
	set.StringArrayVar(&f.headers, "header", nil, "header to send, 'NAME: VALUE'; may be given several times")
	set.StringVar(&c.CAFile, "ca-file", "", "certificates to trust besides the system's, in PEM form")
	set.BoolVar(&c.Insecure, "insecure", false, "take any certificate of the server")
	set.DurationVar(&c.Interval, "interval", 15*time.Second, "time between collections")
	set.StringVar(&c.Host, "host", "", "name of this machine (default: that of the system)")
	set.IntVar(&c.Top, "top", 25, "how many processes and services are told of by name, by size and by growth each; the rest is summed up")
	set.BoolVar(&c.PSS, "pss", false, "read the proportional set size too; costs the kernel a walk of all pages")
	set.StringVar(&c.Procfs, "procfs", "/proc", "where the machine's /proc is mounted")
	set.StringVar(&c.Cgroup, "cgroup", "/sys/fs/cgroup", "where the machine's cgroups are mounted")
	set.StringVar(&c.Rootfs, "rootfs", "/", "where the machine's file system is mounted: users and names of containers are read from it")
	set.StringVar(&c.QueueDir, "queue", defaultQueue, "directory that keeps what is still to be sent; empty keeps at most 8 MiB in memory")
	set.Int64Var(&c.QueueBytes, "queue-bytes", 128<<20, "how many bytes are kept at most")
	set.DurationVar(&c.QueueAge, "queue-age", 6*time.Hour, "how long a collection is kept at most")
	set.BoolVar(&f.Once, "once", false, "collect a single time, print what would be sent, and end")
	return f
}

// Complete takes what the flags do not say from the environment, and the key from its file. It is
// called once the command line has been read.
func (f *Flags) Complete() error {
	var errs []error
	f.set.VisitAll(func(flag *pflag.Flag) {
		name := envPrefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		value, ok := os.LookupEnv(name)
		if !ok || flag.Changed || value == "" && flag.Name != "queue" {
			return
		}
		if err := f.set.Set(flag.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("the variable %s: %w", name, err))
		}
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if f.keyFile != "" && f.Config.Key == "" {
		text, err := os.ReadFile(f.keyFile)
		if err != nil {
			return fmt.Errorf("read the key: %w", err)
		}
		f.Config.Key = strings.TrimSpace(string(text))
	}
	if id, secret, ok := strings.Cut(f.Config.Key, ":"); f.Config.Key != "" && (!ok || id == "" || secret == "" || strings.ContainsAny(f.Config.Key, " \r\n\t")) {
		return errors.New("the key has to be ID:SECRET, as the server has printed it")
	}
	f.Config.Headers = make(map[string]string, len(f.headers))
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return fmt.Errorf("the header %q has to be 'NAME: VALUE'", h)
		}
		f.Config.Headers[name] = strings.TrimSpace(value)
	}
	return nil
}

// Main does what the flags say, until the context ends: it is the agent as a command.
func Main(ctx context.Context, f *Flags, stdout io.Writer, logger *slog.Logger, version string) error {
	if err := f.Complete(); err != nil {
		return err
	}
	c := f.Config
	c.Logger, c.Version = logger, version
	if f.Once {
		return Once(stdout, c)
	}
	return Run(ctx, c)
}

// The limits of a process that is nothing but the agent, which is to be on every machine.
const (
	memoryLimit  = 16 << 20
	memoryGrowth = 50 // percent
)

// LimitMemory keeps the heap of a process that is nothing but the agent small.
func LimitMemory() {
	debug.SetMemoryLimit(memoryLimit)
	debug.SetGCPercent(memoryGrowth)
}
