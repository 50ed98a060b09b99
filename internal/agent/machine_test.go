package agent

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/memseep/memseep/internal/agent/metric"
)

var update = flag.Bool("update", false, "write the golden files again")

// machine unpacks one of testdata's machines: proc, cgroup and root. The arguments of a process
// stand on a line each; here they get their zero bytes.
func machine(t testing.TB, name string) Config {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		data := f.Data
		if strings.HasSuffix(path, "/cmdline") {
			data = bytes.ReplaceAll(data, []byte{'\n'}, []byte{0})
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Config{Procfs: filepath.Join(dir, "proc"), Cgroup: filepath.Join(dir, "cgroup"), Rootfs: filepath.Join(dir, "root")}
}

// Each machine is told of as its golden file has it.
func TestCollect(t *testing.T) {
	for _, name := range []string{"docker-v1", "docker-v2", "kubernetes-containerd-v2", "kubernetes-v1"} {
		t.Run(name, func(t *testing.T) {
			c := machine(t, name)
			got := told(t, c)
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("told otherwise than %s has it (-want +got):\n%s", golden, diff)
			}
		})
	}
}

// collectorOf is one that has read nothing yet.
func collectorOf(t testing.TB, c Config) *collector {
	t.Helper()
	if err := c.complete(); err != nil {
		t.Fatal(err)
	}
	k, err := newCollector(&c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// told is what the agent tells of a machine, but for itself.
func told(t testing.TB, c Config) string {
	t.Helper()
	k := collectorOf(t, c)
	var b metric.Batch
	if err := k.collect(time.Unix(1795596000, 0), &b); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := metric.WriteText(&text, &b); err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for line := range strings.Lines(text.String()) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "memseep_agent_") {
			lines.WriteString(line)
		}
	}
	return lines.String()
}
