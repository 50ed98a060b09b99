package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writeFleet writes six hours of four hosts and a process.
func writeFleet(t *testing.T) string {
	t.Helper()
	hosts := bytes.NewBufferString("timestamp,host,used_percent,total_bytes\n")
	workloads := bytes.NewBufferString("timestamp,host,process,rss_bytes\n")
	const total = 16 << 30
	for minute := range 361 {
		at := 1772366400 + 60*minute
		wobble := 0.2 * float64(minute*7%5)
		java := total / 10 * (1 + float64(minute)/120)
		fmt.Fprintf(hosts, "%d,web-1,%.2f,%d\n", at, 20+100*java/total+wobble, total)
		fmt.Fprintf(hosts, "%d,db-1,%.2f,%d\n", at, 94+wobble, total)
		fmt.Fprintf(hosts, "%d,cache-1,%.2f,%d\n", at, 40+wobble, total)
		fmt.Fprintf(hosts, "%d,test-1,%.2f,%d\n", at, 94+wobble, total)
		fmt.Fprintf(workloads, "%d,web-1,java,%.0f\n", at, java)
	}
	dir := t.TempDir()
	for name, text := range map[string]*bytes.Buffer{"hosts.csv": hosts, "workloads.csv": workloads} {
		if err := os.WriteFile(filepath.Join(dir, name), text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	problems, err := run(t.Context(), []string{"file:" + writeFleet(t)}, &out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	slices.Sort(lines)
	want := []string{
		"db-1 is 94 % full and does not leak: move something away",
		"process web-1/java leaks 8.59e+08 bytes an hour (steady, ",
		"web-1 leaks 5 percent an hour (steady, ",
	}
	if problems != len(want) || len(lines) != len(want) {
		t.Fatalf("%d problems:\n%s", problems, out.String())
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, want[i]) {
			t.Errorf("%q, want %q…", line, want[i])
		}
	}
	if !strings.HasSuffix(lines[2], ", by java") {
		t.Errorf("%q does not say who leaks", lines[2])
	}
}

func TestRunSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no source", nil, "give one source"},
		{"two sources", []string{"file:a", "file:b"}, "give one source"},
		{"no such file", []string{"file:" + filepath.Join(t.TempDir(), "none.csv")}, "none.csv"},
		{"no address", []string{"prometheus"}, "prometheus"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := run(t.Context(), c.args, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want it to say %q", err, c.want)
			}
		})
	}
}
