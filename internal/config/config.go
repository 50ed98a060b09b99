// Package config reads how memseep is to work: from a YAML file, the environment, and flags.
// In go a path, the environment and the flags that were given; out comes a Config in which the
// flags win over the environment, and that over the file. Read this file first.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"
)

// Config is everything that can be set. Default holds what is not.
type Config struct {
	Source      Source       `yaml:"source" koanf:"source"`
	Inspect     Inspect      `yaml:"inspect" koanf:"inspect"`
	Server      Server       `yaml:"server" koanf:"server"`
	Inspections []Inspection `yaml:"inspections" koanf:"-"` // of the server's first workspace
}

// Source is where windows are read.
type Source struct {
	URL         string            `yaml:"url" koanf:"url"`                   // as --source takes it
	BearerToken string            `yaml:"bearer_token" koanf:"bearer_token"` // instead of a user and password in the URL
	Headers     map[string]string `yaml:"headers" koanf:"headers"`           // sent with each request, e.g. X-Scope-OrgID
	CAFile      string            `yaml:"ca_file" koanf:"ca_file"`           // PEM certificates to trust besides the system's
	Insecure    bool              `yaml:"insecure" koanf:"insecure"`         // accept any certificate
	Timeout     Duration          `yaml:"timeout" koanf:"timeout"`           // of one request
}

// Inspect is what a run looks at.
type Inspect struct {
	Window     Duration   `yaml:"window" koanf:"window"`     // 2h to 6h
	History    Duration   `yaml:"history" koanf:"history"`   // before the window, up to 7d; 0s for none
	Parallel   int        `yaml:"parallel" koanf:"parallel"` // hosts in flight; 0 is what suits the source and the machine
	Thresholds Thresholds `yaml:"thresholds" koanf:"thresholds"`
}

// Thresholds turn a leak's time to exhaustion and its use into a level.
type Thresholds struct {
	CriticalHours   float64 `yaml:"critical_hours" koanf:"critical_hours"`
	ErrorHours      float64 `yaml:"error_hours" koanf:"error_hours"`
	CriticalPercent float64 `yaml:"critical_percent" koanf:"critical_percent"`
	ErrorPercent    float64 `yaml:"error_percent" koanf:"error_percent"`
}

// Duration is a length of time as Prometheus writes it: 90s, 6h, 7d, 1h30m.
type Duration time.Duration

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	p, err := model.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration like 90s, 6h or 7d", text)
	}
	*d = Duration(p)
	return nil
}

// MarshalText writes a duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(model.Duration(d).String()), nil }

// Default is the configuration that nobody has touched.
var Default = Config{
	Source: Source{Timeout: Duration(2 * time.Minute)},
	Inspect: Inspect{
		Window:     Duration(6 * time.Hour),
		History:    Duration(7 * 24 * time.Hour),
		Thresholds: Thresholds{CriticalHours: 6, ErrorHours: 24, CriticalPercent: 95, ErrorPercent: 85},
	},
	Server: defaultServer,
}

// Load reads the file at path, where it is not empty, then the variables MEMSEEP_… of environ
// ("NAME=value"), then flags, whose keys are those of the file with dots ("source.url"). Errors
// name the file and line, the variable or the key, and what is wrong.
func Load(path string, environ []string, flags map[string]any) (Config, error) {
	k := koanf.New(".")
	var inspections []Inspection
	if path != "" {
		settings, listed, err := readFile(path)
		if err != nil {
			return Config{}, err
		}
		inspections = listed
		if err := k.Load(confmap.Provider(settings, ""), nil); err != nil {
			return Config{}, fmt.Errorf("%s: %w", path, err)
		}
	}
	for _, layer := range []map[string]any{fromEnvironment(environ), flags} {
		if err := k.Load(confmap.Provider(layer, "."), nil); err != nil {
			return Config{}, err
		}
	}
	c := Default
	if err := k.Unmarshal("", &c); err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	c.Inspections = inspections
	return c, c.check()
}

// readFile checks the file against Config, key by key, and returns its settings as a map, and its
// inspections, which nothing lies over.
func readFile(path string) (map[string]any, []Inspection, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read the configuration: %w", err)
	}
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	var c Config
	if err := strict.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("%s: %s", path, explain(err))
	}
	if err := placeInspections(text, c.Inspections); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	settings := map[string]any{}
	if err := yaml.Unmarshal(text, &settings); err != nil {
		return nil, nil, fmt.Errorf("%s: %s", path, explain(err))
	}
	delete(settings, "inspections")
	return settings, c.Inspections, nil
}

// explain turns the decoder's words about Go types into words about the file.
func explain(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimPrefix(text, "unmarshal errors:\n  ")
	text = strings.ReplaceAll(text, "\n  ", "; ")
	text = unknownKey.ReplaceAllString(text, " is not a known key")
	text = wrongKind.ReplaceAllStringFunc(text, func(found string) string {
		of := wrongKind.FindStringSubmatch(found)
		kind, known := kinds[of[2]]
		if !known {
			kind = "settings by name"
		}
		if of[1] == "" {
			of[1] = "what is written here"
		}
		return of[1] + " has to be " + kind
	})
	return strings.ReplaceAll(text, "field ", "")
}

// kinds are the types of settings in words.
var kinds = map[string]string{"bool": "true or false", "int": "a whole number", "int64": "a whole number", "float64": "a number", "string": "a text"}

var wrongKind = regexp.MustCompile("cannot unmarshal !!\\w+ ?(`[^`]*`)? into ([^\\s;]+)")

var unknownKey = regexp.MustCompile(` not found in type config\.\w+`)

// variables are the settings that the environment can hold: what is a secret or differs by machine.
var variables = []string{
	"source.url", "source.bearer_token", "source.ca_file", "source.insecure", "source.timeout",
	"inspect.window", "inspect.history", "inspect.parallel",
	"inspect.thresholds.critical_hours", "inspect.thresholds.error_hours",
	"inspect.thresholds.critical_percent", "inspect.thresholds.error_percent",
	"server.data", "server.listen", "server.external_url", "server.tls.cert_file", "server.tls.key_file",
	"server.allow_private", "server.agent", "server.state.url",
	"server.store.retention", "server.store.derived_retention", "server.store.max_bytes",
	"server.store.write_url", "server.store.read_url", "server.store.delete_url", "server.store.bearer_token",
	"server.schedule.workers", "server.schedule.chunk_hosts", "server.schedule.parallel",
	"server.log.level", "server.log.format",
}

// Variable is the environment variable of a key: MEMSEEP_SOURCE_URL is that of source.url.
func Variable(key string) string {
	return "MEMSEEP_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

func fromEnvironment(environ []string) map[string]any {
	set := map[string]string{}
	for _, e := range environ {
		if name, value, ok := strings.Cut(e, "="); ok && value != "" {
			set[name] = value
		}
	}
	settings := map[string]any{}
	for _, key := range variables {
		if value, ok := set[Variable(key)]; ok {
			settings[key] = value
		}
	}
	return settings
}

// check says what is out of range.
func (c *Config) check() error {
	const hour, day = Duration(time.Hour), Duration(24 * time.Hour)
	i := &c.Inspect
	switch t := i.Thresholds; {
	case c.Source.Timeout <= 0:
		return errors.New("source.timeout has to be above zero")
	case i.Window < 2*hour || i.Window > 6*hour:
		return errors.New("inspect.window has to lie between 2h and 6h")
	case i.History < 0 || i.History > 7*day:
		return errors.New("inspect.history has to lie between 0s and 7d")
	case i.Parallel < 0:
		return errors.New("inspect.parallel must not be below zero")
	case !(t.CriticalHours >= 0) || !(t.ErrorHours >= t.CriticalHours):
		return errors.New("inspect.thresholds: critical_hours and error_hours must not be below zero, and error_hours not below critical_hours")
	case !(t.CriticalPercent > 0 && t.CriticalPercent <= 100) || !(t.ErrorPercent > 0 && t.ErrorPercent <= t.CriticalPercent):
		return errors.New("inspect.thresholds: critical_percent and error_percent have to lie between 0 and 100, and error_percent not above critical_percent")
	}
	return c.Server.check()
}
