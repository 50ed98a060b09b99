package cgroup

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	for _, c := range []struct {
		name, text string
		files      files
		want       memoryStat
	}{
		{"version 2", "anon 300\nfile 50\nanon_thp 7\ninactive_file 20\n", version2, memoryStat{anon: 300, inactive: 20}},
		{"version 1", "cache 1\nrss 2\nswap 3\ntotal_rss 300\ntotal_swap 4\ntotal_inactive_file 20\n", version1, memoryStat{anon: 300, inactive: 20, swap: 4}},
		{"damaged", "anon\ninactive_file x\nanon 99999999999999999999999\n", version2, memoryStat{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.files.parseStat([]byte(c.text)); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func FuzzParsers(f *testing.F) {
	f.Add([]byte("anon 300\nfile 50\ninactive_file 20\n"))
	f.Add([]byte("total_rss 1\noom_kill 2\n12\nmax\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = version1.parseStat(text)
		_ = version2.parseStat(text)
		_ = valueOf(text, "oom_kill")
		if n, ok := parseUint(text); !ok && n != 0 {
			t.Errorf("%q is no number, and is %d", text, n)
		}
	})
}

// put writes files below a root, by their paths.
func put(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func nobody(int) (float64, string, bool) { return 0, "", false }

// Containers come and go: one that has gone is not told of any more, a new one from the next
// listing on, and a name that the runtime writes later is found.
func TestGroupsChange(t *testing.T) {
	root, rootfs := t.TempDir(), t.TempDir()
	container := func(id string) map[string]string {
		dir := "docker/" + id + "/"
		return map[string]string{dir + "memory.current": "100\n", dir + "memory.stat": "anon 60\ninactive_file 30\n", dir + "memory.max": "max\n"}
	}
	put(t, root, map[string]string{"cgroup.controllers": "cpu memory\n"})
	put(t, root, container(testID))
	tree, err := Open(root, rootfs, nobody)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_000_000, 0)
	names := func(after time.Duration) (names []string) {
		t.Helper()
		now = now.Add(after)
		groups, err := tree.Groups(now)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			if g.Current != 100 || g.WorkingSet != 70 || g.Anon != 60 || g.Limit != 0 || g.StartTime != 0 {
				t.Errorf("got %+v", g)
			}
			names = append(names, g.Name)
		}
		return names
	}
	if got := names(0); len(got) != 1 || got[0] != testID[:12] {
		t.Fatalf("at first: %v", got)
	}
	put(t, rootfs, map[string]string{"var/lib/docker/containers/" + testID + "/config.v2.json": `{"Name":"/web"}`})
	if got := names(relist); len(got) != 1 || got[0] != "web" {
		t.Errorf("once it has a name: %v", got)
	}
	second := "a" + testID[1:]
	put(t, root, container(second))
	if got := names(relist); len(got) != 2 {
		t.Errorf("with another: %v", got)
	}
	if err := os.RemoveAll(filepath.Join(root, "docker", testID)); err != nil {
		t.Fatal(err)
	}
	if got := names(time.Second); len(got) != 1 || got[0] != second[:12] {
		t.Errorf("after the end of the first: %v", got)
	}
}

func TestOpenWithoutCgroups(t *testing.T) {
	if _, err := Open(t.TempDir(), "/", nobody); !errors.Is(err, ErrNone) {
		t.Errorf("error is %v", err)
	}
}
