package agent_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/agent"
)

// What cannot be read is said, and the rest is told all the same.
func TestPartOfTheMachine(t *testing.T) {
	for _, c := range []struct {
		name, remove string
		missing      string // from what is told
		said         string
		fails        bool
	}{
		{"no memory of the host", "proc/meminfo", "memseep_host_memory_total_bytes", "read the memory of the host", true},
		{"processes hidden", "proc/1", "name=\"init\"", "hidepid", false},
		{"no pressure", "proc/pressure", "pressure", "", false},
		{"no counter of kills", "proc/vmstat", "memseep_host_oom_kills_total", "", false},
		{"no cgroups", "cgroup", "memseep_container", "name the place by --cgroup", false},
		{"no names of containers", "root/var", "container=\"api\"", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := agent.Machine(t, "docker-v2")
			if err := os.RemoveAll(filepath.Join(filepath.Dir(config.Procfs), c.remove)); err != nil {
				t.Fatal(err)
			}
			var told, said bytes.Buffer
			config.Logger = slog.New(slog.NewTextHandler(&said, nil))
			err := agent.Once(&told, config)
			if (err != nil) != c.fails {
				t.Errorf("error is %v", err)
			}
			if err != nil {
				said.WriteString(err.Error())
			}
			if !strings.Contains(said.String(), c.said) || c.said == "" && said.Len() > 0 {
				t.Errorf("said is %q, want %q", said.String(), c.said)
			}
			if strings.Contains(told.String(), c.missing) || !strings.Contains(told.String(), "memseep_process_anon_bytes") {
				t.Errorf("told is\n%s", told.String())
			}
		})
	}
}
