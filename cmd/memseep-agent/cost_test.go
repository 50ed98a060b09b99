package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
)

// largestBinary is what the agent may weigh on every machine.
const largestBinary = 15 << 20

// release makes the binary as it is released.
func release(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "memseep-agent")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

func TestBinaryIsSmall(t *testing.T) {
	info, err := os.Stat(release(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f MB", float64(info.Size())/1e6)
	if info.Size() > largestBinary {
		t.Errorf("the binary has %d bytes, at most %d are promised", info.Size(), largestBinary)
	}
}

// sleepers is the number of processes that the cost is promised for.
const sleepers = 300

// BenchmarkAgainstExporters sets the agent's processor time, for a collection that is sent, against
// that of node_exporter and process-exporter for a scrape. All do it once a second instead of once
// in 15, so that there is something to measure; the ratio stays the same.
//
//	go test -run xxx -bench AgainstExporters -benchtime 20x ./cmd/memseep-agent
func BenchmarkAgainstExporters(b *testing.B) {
	for range sleepers {
		realserver.Start(b, realserver.Find(b, "sleep"), "600")
	}
	node := realserver.FreePort(b)
	nodeExporter := realserver.Start(b, realserver.Find(b, "prometheus-node-exporter", "node_exporter"), fmt.Sprintf("--web.listen-address=127.0.0.1:%d", node))
	names := filepath.Join(b.TempDir(), "names.yml")
	if err := os.WriteFile(names, []byte("process_names:\n- name: '{{.ExeBase}}'\n  cmdline: ['.+']\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	process := realserver.FreePort(b)
	processExporter := realserver.Start(b, realserver.Find(b, "prometheus-process-exporter", "process-exporter"),
		fmt.Sprintf("-web.listen-address=127.0.0.1:%d", process), "-config.path="+names, "-threads=false")
	targets := []string{fmt.Sprintf("http://127.0.0.1:%d/metrics", node), fmt.Sprintf("http://127.0.0.1:%d/metrics", process)}
	nodeExporter.WaitReady(b, targets[0])
	processExporter.WaitReady(b, targets[1])

	sent := make(chan struct{}, 1024)
	to := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what was sent is not of interest here
		w.Header().Set("X-Prometheus-Remote-Write-Samples-Written", "1")
		sent <- struct{}{}
	}))
	b.Cleanup(to.Close)
	agent := realserver.Start(b, release(b), "--url", to.URL, "--queue", b.TempDir(), "--interval", "1s")
	cycle := func() {
		for _, target := range targets {
			resp, err := http.Get(target)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body) // what was scraped is not of interest here
			_ = resp.Body.Close()
		}
		select {
		case <-sent:
		case <-time.After(20 * time.Second):
			b.Fatalf("nothing was sent:\n%s", agent.Output())
		}
	}
	for range 3 { // what only the first collections cost
		cycle()
	}
	own, others := cpu(b, agent.Pid()), cpu(b, nodeExporter.Pid())+cpu(b, processExporter.Pid())
	n := 0
	for b.Loop() {
		cycle()
		n++
	}
	own, others = cpu(b, agent.Pid())-own, cpu(b, nodeExporter.Pid())+cpu(b, processExporter.Pid())-others
	b.ReportMetric(own.Seconds()*1000/float64(n), "agent-ms")
	b.ReportMetric(others.Seconds()*1000/float64(n), "exporters-ms")
	b.ReportMetric(own.Seconds()/others.Seconds(), "ratio")
	b.ReportMetric(rss(b, agent.Pid()), "agent-MiB")
	b.ReportMetric(rss(b, nodeExporter.Pid())+rss(b, processExporter.Pid()), "exporters-MiB")
}

// cpu is the processor time of all threads of a process, to the nanosecond.
func cpu(b *testing.B, pid int) (total time.Duration) {
	b.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		b.Fatalf("the processor time of process %d is not told: %v", pid, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // a thread has ended
		}
		ns, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.ParseInt(ns, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		total += time.Duration(n)
	}
	return total
}

// rss is the memory of a process that is in RAM, in MiB.
func rss(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	var kilobytes float64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1024
}
