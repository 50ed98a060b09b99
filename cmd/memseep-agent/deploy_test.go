package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/memseep/memseep/internal/agent"
)

const deploy = "../../deploy/agent"

// takes tells whether the agent starts with the arguments and the variables.
func takes(t *testing.T, args, variables []string) {
	t.Helper()
	set := pflag.NewFlagSet("memseep-agent", pflag.ContinueOnError)
	agent.NewFlags(set)
	if err := set.Parse(args); err != nil {
		t.Errorf("%q: %v", args, err)
	}
	for _, v := range variables {
		name, ok := strings.CutPrefix(v, "MEMSEEP_AGENT_")
		if !ok || set.Lookup(strings.ToLower(strings.ReplaceAll(name, "_", "-"))) == nil {
			t.Errorf("no flag goes by the variable %s", v)
		}
	}
}

func TestDaemonSet(t *testing.T) {
	file, err := os.Open(filepath.Join(deploy, "daemonset.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	kinds := map[string]bool{}
	for d := yaml.NewDecoder(file); ; {
		var m struct {
			Kind string
			Spec struct {
				Template struct {
					Spec struct {
						Containers []struct {
							Args         []string
							Env          []struct{ Name string }
							VolumeMounts []struct{ Name string } `yaml:"volumeMounts"`
						}
						Volumes []struct{ Name string }
					}
				}
			}
		}
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		kinds[m.Kind] = true
		pod := m.Spec.Template.Spec
		for _, c := range pod.Containers {
			var variables []string
			for _, e := range c.Env {
				variables = append(variables, e.Name)
			}
			takes(t, c.Args, variables)
			if len(c.VolumeMounts) != len(pod.Volumes) {
				t.Errorf("%d volumes are mounted, %d are there", len(c.VolumeMounts), len(pod.Volumes))
			}
		}
	}
	if !kinds["DaemonSet"] || !kinds["ServiceAccount"] {
		t.Errorf("the manifest holds %v", kinds)
	}
}

func TestUnit(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deploy, "memseep-agent.service"))
	if err != nil {
		t.Fatal(err)
	}
	started := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if command, ok := strings.CutPrefix(line, "ExecStart="); ok {
			started = true
			takes(t, strings.Fields(command)[1:], nil)
		}
		if variable, ok := strings.CutPrefix(line, "#   "); ok {
			name, _, _ := strings.Cut(variable, "=")
			takes(t, nil, []string{name})
		}
	}
	if !started {
		t.Error("the unit starts nothing")
	}
}

func TestSystemdTakesTheUnit(t *testing.T) {
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed, which tells what systemd makes of a unit")
	}
	text, err := os.ReadFile(filepath.Join(deploy, "memseep-agent.service"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable() // verify wants one that is there
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "memseep-agent.service")
	if err := os.WriteFile(unit, []byte(strings.ReplaceAll(string(text), "/usr/local/bin/memseep-agent ", program+" ")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "verify", "--man=no", unit).CombinedOutput(); err != nil || strings.Contains(string(out), unit) {
		t.Errorf("%v\n%s", err, out)
	}
}
