package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// tree makes what the kernel shows of control groups in a folder: of version 2, with this process
// in the group /unit/server.
func tree(t *testing.T, own string) *groups {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"cgroup.controllers": "memory pids", "own": own, "unit/cgroup.subtree_control": "", "unit/server/cgroup.subtree_control": "",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &groups{root: root, own: filepath.Join(root, "own"), uid: 0, xattr: func(path, name string) string {
		if path == filepath.Join(root, "unit") && name == "user.delegate" {
			return "1"
		}
		return ""
	}}
}

// A child starts in a group of its own beside the server's, under the limits; what a server that
// was killed left is removed.
func TestAChildHasAControlGroup(t *testing.T) {
	g := tree(t, "1:name=systemd:/x\n0::/unit/server\n")
	left := filepath.Join(g.root, "unit", groupPrefix+"1-1")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	made := g.group(Limits{Memory: 400 << 20})
	if made == nil || filepath.Dir(made.dir) != filepath.Join(g.root, "unit") {
		t.Fatalf("group %+v", made)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("a group that was left is there: %v", err)
	}
	for name, want := range map[string]string{
		filepath.Join(g.root, "unit", "cgroup.subtree_control"): "+memory +pids",
		filepath.Join(made.dir, "memory.max"):                   "524288000",
		filepath.Join(made.dir, "memory.swap.max"):              "0",
		filepath.Join(made.dir, "pids.max"):                     "64",
	} {
		if text, err := os.ReadFile(name); err != nil || string(text) != want {
			t.Errorf("%s: %q, %v; want %s", name, text, err, want)
		}
	}
	c := &exec.Cmd{SysProcAttr: &syscall.SysProcAttr{}}
	made.enter(c)
	if !c.SysProcAttr.UseCgroupFD || c.SysProcAttr.CgroupFD != int(made.file.Fd()) {
		t.Errorf("a child starts with %+v", c.SysProcAttr)
	}
	for text, want := range map[string]bool{"oom 3\noom_kill 1\n": true, "oom 3\noom_kill 0\n": false} {
		if err := set(made.dir, "memory.events", text); err != nil {
			t.Fatal(err)
		}
		if made.killed() != want {
			t.Errorf("%q: killed %v", text, !want)
		}
	}
	if again := g.group(Limits{Memory: 1 << 20}); again == nil || again.dir == made.dir {
		t.Errorf("the next group is %+v", again)
	}
	if err := os.RemoveAll(made.dir); err != nil { // the kernel's files go with their folder
		t.Fatal(err)
	}
	made.remove()
	if made.file.Close() == nil {
		t.Error("the folder of the group is still open")
	}
	g.never()
	if g.group(Limits{}) != nil {
		t.Error("a group is made after the kernel has refused one")
	}
}

func TestNoControlGroupWhereNoneIsOurs(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(g *groups)
		own    string
	}{
		{"no version 2", nil, "4:memory:/x\n"},
		{"a tree of version 1", func(g *groups) { _ = os.Remove(filepath.Join(g.root, "cgroup.controllers")) }, "0::/unit/server\n"},
		{"nobody left it to us", func(g *groups) { g.xattr = func(string, string) string { return "" } }, "0::/unit/server\n"},
		{"a path out of the tree", nil, "0::/../../unit\n"},
		{"no such file", func(g *groups) { g.own += "-not" }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := tree(t, c.own)
			if c.change != nil {
				c.change(g)
			}
			made := g.group(DefaultLimits)
			if made != nil {
				t.Errorf("group %s", made.dir)
			}
			made.remove()
			if text, err := os.ReadFile(filepath.Join(g.root, "unit", "cgroup.subtree_control")); err != nil || strings.TrimSpace(string(text)) != "" {
				t.Errorf("the tree was changed: %q, %v", text, err)
			}
		})
	}
}
