package proc

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// write makes the files of one process.
func write(t testing.TB, root string, pid int, comm, cmdline string, start, anonKB int) {
	t.Helper()
	dir := filepath.Join(root, fmt.Sprint(pid))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"stat":    fmt.Sprintf("%d (%s) S 1 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 %d 0 0\n", pid, comm, start),
		"status":  fmt.Sprintf("Uid:\t0\t0\t0\t0\nVmRSS:\t%d kB\nRssAnon:\t%d kB\nRssFile:\t0 kB\nRssShmem:\t0 kB\nVmSwap:\t0 kB\n", anonKB, anonKB),
		"cmdline": cmdline,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func tree(t testing.TB) (root string, fs *FS) {
	t.Helper()
	root = t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "stat"), []byte("cpu 1\nbtime 1000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fs, err := Open(root, root)
	if err != nil {
		t.Fatal(err)
	}
	return root, fs
}

// A process keeps its pid and its start when it runs another program; a new one with an old pid
// has another start.
func TestProcessesChange(t *testing.T) {
	root, fs := tree(t)
	read := func() *Process {
		t.Helper()
		list, unreadable, err := fs.Processes()
		if err != nil || len(list) != 1 || unreadable != 0 {
			t.Fatalf("%d processes, %d unreadable, %v", len(list), unreadable, err)
		}
		return list[0]
	}
	write(t, root, 7, "bash", "bash\x00", 500, 100)
	p := read()
	hash := p.Cmdline
	if p.Name != "bash" || p.StartTime != 1005 || p.Anon != 100<<10 {
		t.Errorf("at first: %+v", p)
	}
	write(t, root, 7, "java", "java\x00-jar\x00app.jar\x00", 500, 300)
	if p = read(); p.Name != "java:app.jar" || p.StartTime != 1005 || p.Anon != 300<<10 || p.Cmdline == hash {
		t.Errorf("with another program: %+v", p)
	}
	write(t, root, 7, "java", "java\x00-jar\x00other.jar\x00", 900, 300)
	if p = read(); p.Name != "java:other.jar" || p.StartTime != 1009 {
		t.Errorf("another process: %+v", p)
	}
	if start, name, ok := fs.Lookup(7); !ok || start != 1009 || name != "java:other.jar" {
		t.Errorf("looked up: %v %q %t", start, name, ok)
	}
	if err := os.RemoveAll(filepath.Join(root, "7")); err != nil {
		t.Fatal(err)
	}
	if list, _, err := fs.Processes(); err != nil || len(list) != 0 {
		t.Errorf("after its end: %v, %v", list, err)
	}
	if _, _, ok := fs.Lookup(7); ok {
		t.Error("a process that has ended is found")
	}
}

// What cannot be read is counted, and the others are told of.
func TestUnreadableProcess(t *testing.T) {
	root, fs := tree(t)
	write(t, root, 7, "good", "good\x00", 1, 1)
	write(t, root, 8, "bad", "bad\x00", 1, 1)
	if err := os.WriteFile(filepath.Join(root, "8", "stat"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	list, unreadable, err := fs.Processes()
	if err != nil || len(list) != 1 || unreadable != 1 {
		t.Errorf("%d processes, %d unreadable, %v", len(list), unreadable, err)
	}
}

// This test's own process is read from the real /proc as the kernel has it.
func TestThisMachine(t *testing.T) {
	fs, err := Open("/proc", "/")
	if err != nil {
		t.Skipf("no /proc here: %v", err)
	}
	list, _, err := fs.Processes()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if p.PID != os.Getpid() {
			continue
		}
		age := float64(time.Now().UnixMilli())/1000 - p.StartTime
		if p.Name != "proc.test" || p.Anon < 1<<20 || p.RSS < p.Anon || age < -2 || age > 600 {
			t.Errorf("read %+v, %v s old", p, age)
		}
		if pss, err := fs.PSS(p); err != nil || pss < p.Anon/2 {
			t.Errorf("proportional set size %d, %v", pss, err)
		}
		return
	}
	t.Errorf("this process is not among the %d that were read", len(list))
}

// sleepers is what the agent's cost is promised for.
const sleepers = 300

func BenchmarkProcesses(b *testing.B) {
	for range sleepers {
		cmd := exec.Command("sleep", "600")
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			_ = cmd.Process.Kill() // it has nothing to tell
			_ = cmd.Wait()
		})
	}
	fs, err := Open("/proc", "/")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := fs.Processes(); err != nil {
			b.Fatal(err)
		}
	}
}
