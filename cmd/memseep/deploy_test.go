package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const deploy = "../../deploy/server"

// The unit starts the server with flags that there are, after a check that its configuration passes.
func TestServerUnit(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deploy, "memseep.service"))
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		key, command, ok := strings.Cut(strings.TrimSpace(line), "=")
		words := strings.Fields(command)
		if !ok || !strings.HasPrefix(key, "Exec") || !strings.HasSuffix(words[0], "/memseep") {
			continue
		}
		c, args, err := rootCommand().Find(words[1:])
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ParseFlags(args); err != nil {
			t.Errorf("%s: %v", command, err)
		}
		commands[key+" "+c.Name()] = true
	}
	if !commands["ExecStartPre check"] || !commands["ExecStart serve"] {
		t.Errorf("the unit runs %v", commands)
	}
	check := rootCommand()
	check.SetArgs([]string{"config", "check", filepath.Join(deploy, "memseep.yaml")})
	if err := check.Execute(); err != nil {
		t.Errorf("the configuration beside the unit: %v", err)
	}
}

func TestSystemdTakesTheServerUnit(t *testing.T) {
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed, which tells what systemd makes of a unit")
	}
	text, err := os.ReadFile(filepath.Join(deploy, "memseep.service"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable() // verify wants one that is there
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "memseep.service")
	if err := os.WriteFile(unit, []byte(strings.ReplaceAll(string(text), "/usr/local/bin/memseep ", program+" ")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, "verify", "--man=no", unit).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		// It is of systemd 254, and the unit says what is the case without it.
		if strings.Contains(line, unit) && !strings.Contains(line, "DelegateSubgroup") {
			t.Error(line)
		}
	}
}
