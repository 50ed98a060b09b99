package script_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/file"
)

const fleetEnd = 1_793_491_200 // 2026-11-01T00:00:00Z

// fleet is six hosts in files, of which four leak, and what labels they have.
type fleet struct {
	source  inspect.Source
	modules map[string]string // scripts that may be imported, of testdata/modules
}

// labelled adds labels and collectors, which files do not have.
type labelled struct{ inspect.Source }

func (l labelled) Hosts(ctx context.Context, at time.Time) ([]leak.Host, error) {
	hosts, err := l.Source.Hosts(ctx, at)
	for i := range hosts {
		h := &hosts[i]
		h.Labels = map[string]string{"env": "test"}
		if strings.HasPrefix(h.Name, "db-") {
			h.Labels["env"], h.Collectors = "prod", []string{"node_exporter", "cAdvisor"}
		}
	}
	return hosts, err
}

func newFleet(t testing.TB) fleet {
	t.Helper()
	dir := t.TempDir()
	var hosts, workloads strings.Builder
	hosts.WriteString("timestamp,host,used_percent,total_bytes\n")
	workloads.WriteString("timestamp,host,kind,name,bytes\n")
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // noise
	const total, rows, step = 16 << 30, 576, 300
	for _, h := range []string{"iZuf6aq9gu32lpgvx8ynhbZ=leak", "web-1=leak", "web-2=", "db-1=", "db-2=leak", "数据库-1=leak"} {
		name, shape, _ := strings.Cut(h, "=")
		for i := range rows {
			at, percent := fleetEnd-(rows-1-i)*step, 40.0
			if shape == "leak" {
				percent = 30 + max(0, 2.5*(float64(i*step)/3600-30))
			}
			fmt.Fprintf(&hosts, "%d,%s,%.2f,%d\n", at, name, percent+0.1*random.NormFloat64(), total)
			if name == "web-1" {
				fmt.Fprintf(&workloads, "%d,%s,process,java,%.0f\n%d,%s,process,nginx,%d\n", at, name, percent/100*total, at, name, 1<<30)
			}
		}
	}
	for name, text := range map[string]string{"hosts.csv": hosts.String(), "workloads.csv": workloads.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	source, err := file.Open(t.Context(), dir, file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob("testdata/modules/*.py")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts to import: %v", len(scripts), err)
	}
	f := fleet{labelled{source}, map[string]string{}}
	for _, path := range scripts {
		f.modules[strings.TrimSuffix(filepath.Base(path), ".py")] = readFile(t, path)
	}
	return f
}

func (f fleet) job(name, source, function string) script.Job {
	return script.Job{
		Name: name, Source: source, Function: function, Now: time.Unix(fleetEnd, 0).UTC(),
		Account:   map[string]string{"api_key_id": "id", "api_key": "a-secret-key"},
		Variables: map[string]any{"NAME": "生产", "LIMIT": 4, "SECRET": "hush-hush"},
		Secrets:   []string{"hush-hush"},
		Modules:   f.modules,
	}
}

// ran is what a job did.
type ran struct {
	job      script.Job
	result   script.Result
	findings []inspect.Finding
	events   []string
	printed  []string
}

// leaking are the hosts with a leak, sorted.
func (r ran) leaking() []string {
	names := []string{}
	for _, f := range r.findings {
		if f.Verdict.Leak && f.Object.Kind == leak.KindHost {
			names = append(names, f.Object.Host)
		}
	}
	slices.Sort(names)
	return names
}

type world struct {
	*script.World
	ran
	limits sandbox.Limits
}

func (f fleet) world(enabled bool, configured string) *world {
	w := &world{limits: testLimits}
	w.World = &script.World{
		Source: f.source, Options: inspect.Options{At: time.Unix(fleetEnd, 0)}, Store: &script.Memory{},
		Findings: func(f inspect.Finding) error {
			w.findings = append(w.findings, f)
			return nil
		},
		Reported: func(e modules.Event) error {
			w.events = append(w.events, e.Status+" "+e.Title)
			return nil
		},
		Registered: func(context.Context, modules.Registration) (modules.Registered, error) {
			return modules.Registered{Enabled: enabled, Parameters: json.RawMessage(configured)}, nil
		},
	}
	return w
}

// testLimits are far above what the scripts of users take.
var testLimits = sandbox.Limits{Wall: time.Minute, CPU: 20 * time.Second}

func (w *world) run(t testing.TB, job script.Job) ran {
	t.Helper()
	var err error
	w.job = job
	w.result, err = script.Run(t.Context(), job, w.World, w.limits, func(l sandbox.Line) { w.printed = append(w.printed, l.Text) })
	if err != nil {
		t.Fatal(err)
	}
	return w.ran
}

func lineOf(f *sandbox.Failure) string { return strconv.Itoa(f.Line) }
