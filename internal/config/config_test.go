package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLaterLayersWin(t *testing.T) {
	path := write(t, `
source:
  url: http://file:9090
  headers:
    X-Scope-OrgID: team-a
inspect:
  window: 3h
  history: 2d
  thresholds:
    error_hours: 48
`)
	c, err := Load(path, []string{
		"MEMSEEP_SOURCE_URL=http://environment:9090",
		"MEMSEEP_INSPECT_WINDOW=4h",
		"MEMSEEP_INSPECT_PARALLEL=8",
		"MEMSEEP_ADMIN_PASSWORD=not ours",
	}, map[string]any{"inspect.window": "5h"})
	if err != nil {
		t.Fatal(err)
	}
	want := Default
	want.Source.URL = "http://environment:9090"
	want.Inspect.Window = Duration(5 * time.Hour)
	want.Inspect.History = Duration(48 * time.Hour)
	want.Inspect.Parallel = 8
	want.Inspect.Thresholds.ErrorHours = 48
	if got := c.Source.Headers["X-Scope-OrgID"]; got != "team-a" {
		t.Errorf("header is %q", got)
	}
	c.Source.Headers = nil
	if c.Source.URL != want.Source.URL || c.Source.Timeout != want.Source.Timeout || c.Inspect != want.Inspect {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	if Default.Inspect.Window != Duration(6*time.Hour) {
		t.Error("the default was changed by loading")
	}
}

func TestWithoutAnythingTheDefaultHolds(t *testing.T) {
	for _, path := range []string{"", write(t, ""), write(t, "# nothing yet\n")} {
		c, err := Load(path, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.Inspect != Default.Inspect {
			t.Errorf("got %+v", c.Inspect)
		}
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for _, c := range []struct {
		name, file string
		environ    []string
		want       string
	}{
		{name: "unknown key", file: "source:\n  url: http://h\n  pasword: x\n", want: "line 3: pasword is not a known key"},
		{name: "unknown section", file: "inspekt:\n  window: 6h\n", want: "line 1: inspekt is not a known key"},
		{name: "wrong type", file: "inspect:\n  parallel: many\n", want: "line 2: `many` has to be a whole number"},
		{name: "wrong types", file: "server:\n  agent: maybe\n  limits: {series: []}\n", want: "line 2: `maybe` has to be true or false; line 3: what is written here has to be a whole number"},
		{name: "a list in place of settings", file: "server: [1]\n", want: "line 1: what is written here has to be settings by name"},
		{name: "not a duration", file: "inspect:\n  window: six\n", want: `"six" is not a duration`},
		{name: "not YAML", file: "source: [\n", want: "line 1"},
		{name: "a key twice", file: "source:\n  url: a\n  url: b\n", want: "line 3"},
		{name: "window too long", file: "inspect:\n  window: 12h\n", want: "between 2h and 6h"},
		{name: "history too long", file: "inspect:\n  history: 30d\n", want: "between 0s and 7d"},
		{name: "thresholds crossed", file: "inspect:\n  thresholds:\n    error_percent: 99\n", want: "not above critical_percent"},
		{name: "unknown key of the server", file: "server:\n  listn: x\n", want: "line 2: listn is not a known key"},
		{name: "listen", file: "server:\n  listen: everywhere\n", want: "not ADDRESS:PORT"},
		{name: "half of TLS", file: "server:\n  tls: {cert_file: a.pem}\n", want: "both cert_file and key_file"},
		{name: "half of a remote store", file: "server:\n  store: {write_url: http://vm:8428/api/v1/write}\n", want: "both write_url and read_url"},
		{name: "state", file: "server:\n  state: {url: mysql://h}\n", want: "sqlite: or postgres://"},
		{name: "proxy", file: "server:\n  trusted_proxies: [everybody]\n", want: `"everybody" is neither`},
		{name: "log level", file: "server:\n  log: {level: loud}\n", want: "debug, info, warn or error"},
		{name: "inspection without schedule", file: "inspections:\n  - name: a\n", want: `line 2: inspection "a" needs a schedule`},
		{name: "inspection twice", file: "inspections:\n  - {name: a, schedule: x}\n  - {name: a, schedule: x}\n", want: `line 3: inspection "a" stands on line 2`},
		{name: "unknown key of an inspection", file: "inspections:\n  - name: a\n    cron: x\n", want: "line 3: cron is not a known key"},
		{name: "environment", environ: []string{"MEMSEEP_SOURCE_TIMEOUT=soon"}, want: `"soon" is not a duration`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(write(t, c.file), c.environ, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "absent.yaml"), nil, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent file: %v", err)
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "memseep.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestInspectionsAreWrittenAsTheyAreRead(t *testing.T) {
	text := "inspections:\n  - name: a\n    hosts: [web-*, db-1]\n    window: 3h\n    history: 0s\n    schedule: 0 * * * *\n    enabled: false\n"
	list, err := ParseInspections([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if list[0].Hosts != "web-*\ndb-1" || list[0].Line != 2 || *list[0].Enabled {
		t.Errorf("%+v", list[0])
	}
	written, err := FormatInspections(list)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseInspections(written)
	if err != nil {
		t.Fatalf("%v in\n%s", err, written)
	}
	if again[0].Hosts != list[0].Hosts || again[0].Window != list[0].Window || *again[0].History != 0 || *again[0].Enabled {
		t.Errorf("%+v became %+v", list[0], again[0])
	}
	if _, err := ParseInspections([]byte("server: {}\n")); err == nil {
		t.Error("another section is taken")
	}
}
