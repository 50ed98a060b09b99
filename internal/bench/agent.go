package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/realserver"
)

// What the agent is promised to cost.
const (
	agentProcesses = 300
	agentCPU       = 0.5 // of the exporters'
	agentResident  = 25  // MiB
	agentCycles    = 30
)

// measureAgent sets the agent's processor time and memory, on a machine with many processes, against
// those of node_exporter and process-exporter, which tell the same. All collect each second instead
// of each 15, so that there is something to measure; the ratio stays the same.
func (b *bench) measureAgent(ctx context.Context) error {
	binary := filepath.Join(b.dir, "memseep-agent")
	if err := buildBinary(ctx, binary, "./cmd/memseep-agent"); err != nil {
		return err
	}
	return withServers(b.dir, func(t *servers) error {
		for range agentProcesses {
			realserver.Start(t, realserver.Find(t, "sleep"), "600")
		}
		c := watchers{t: t}
		c.startExporters()
		if err := c.startAgent(binary); err != nil {
			return err
		}
		for range 3 { // what only the first collections cost
			if err := c.cycle(ctx); err != nil {
				return err
			}
		}
		ownBefore, theirsBefore, err := c.processorTime()
		if err != nil {
			return err
		}
		for range agentCycles {
			if err := c.cycle(ctx); err != nil {
				return err
			}
		}
		own, theirs, err := c.processorTime()
		if err != nil {
			return err
		}
		return b.reportAgent(&c, own-ownBefore, theirs-theirsBefore)
	})
}

func (b *bench) reportAgent(c *watchers, own, theirs time.Duration) error {
	ownMemory, err := resident(c.agent.Pid())
	if err != nil {
		return err
	}
	var theirMemory float64
	for _, p := range c.exporters {
		m, err := resident(p.Pid())
		if err != nil {
			return err
		}
		theirMemory += m
	}
	fmt.Printf("agent: %.1f ms and %.1f MiB resident for a collection of %d processes and more; the exporters %.1f ms and %.1f MiB\n",
		own.Seconds()*1000/agentCycles, ownMemory, agentProcesses, theirs.Seconds()*1000/agentCycles, theirMemory)
	b.ratio("agent_cpu", quotient(own, theirs), agentCPU)
	b.ratio("agent_rss", ownMemory/theirMemory, 1)
	b.ratio("agent_rss_mib", ownMemory, agentResident)
	return nil
}

// buildBinary builds one of our programs as it is released.
func buildBinary(ctx context.Context, path, folder string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, folder)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", folder, err, out)
	}
	return nil
}

// watchers are the agent and the exporters, side by side on this machine.
type watchers struct {
	t         *servers
	exporters []*realserver.Process
	targets   []string
	agent     *realserver.Process
	sent      chan struct{}
}

func (c *watchers) startExporters() {
	names := filepath.Join(c.t.TempDir(), "names.yml")
	if err := os.WriteFile(names, []byte("process_names:\n- name: '{{.ExeBase}}'\n  cmdline: ['.+']\n"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	for _, e := range []struct{ programs, flags []string }{
		{[]string{"prometheus-node-exporter", "node_exporter"}, []string{"--web.listen-address=%s"}},
		{[]string{"prometheus-process-exporter", "process-exporter"}, []string{"-web.listen-address=%s", "-config.path=" + names, "-threads=false"}},
	} {
		address := fmt.Sprintf("127.0.0.1:%d", realserver.FreePort(c.t))
		e.flags[0] = fmt.Sprintf(e.flags[0], address)
		p := realserver.Start(c.t, realserver.Find(c.t, e.programs...), e.flags...)
		target := "http://" + address + "/metrics"
		p.WaitReady(c.t, target)
		c.exporters, c.targets = append(c.exporters, p), append(c.targets, target)
	}
}

// startAgent starts the agent, which sends to this process.
func (c *watchers) startAgent(binary string) error {
	c.sent = make(chan struct{}, 1024)
	to := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what was sent is not of interest here
		w.Header().Set("X-Prometheus-Remote-Write-Samples-Written", "1")
		c.sent <- struct{}{}
	}))
	c.t.Cleanup(to.Close)
	c.agent = realserver.Start(c.t, binary, "--url", to.URL, "--queue", c.t.TempDir(), "--interval", "1s")
	return nil
}

// cycle scrapes each exporter once and waits until the agent has sent once.
func (c *watchers) cycle(ctx context.Context) error {
	for _, target := range c.targets {
		if err := scrape(ctx, target); err != nil {
			return err
		}
	}
	select {
	case <-c.sent:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Second):
		return fmt.Errorf("the agent has sent nothing:\n%s", c.agent.Output())
	}
}

func scrape(ctx context.Context, target string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("scrape an exporter: %w", err)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return errors.Join(err, answer.Body.Close())
}

// processorTime is that of the agent, and of the exporters together.
func (c *watchers) processorTime() (own, theirs time.Duration, err error) {
	if own, err = processorTime(c.agent.Pid()); err != nil {
		return 0, 0, err
	}
	for _, p := range c.exporters {
		d, err := processorTime(p.Pid())
		if err != nil {
			return 0, 0, err
		}
		theirs += d
	}
	return own, theirs, nil
}

// processorTime is that of all threads of a process, to the nanosecond.
func processorTime(pid int) (total time.Duration, err error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("the processor time of process %d is not told: %w", pid, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // a thread has ended
		}
		ns, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.ParseInt(ns, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the processor time of process %d: %w", pid, err)
		}
		total += time.Duration(n)
	}
	return total, nil
}

// resident is the memory of a process that is in RAM, in MiB.
func resident(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read the memory of process %d: %w", pid, err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	var kilobytes float64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		return 0, fmt.Errorf("read the memory of process %d: %w", pid, err)
	}
	return kilobytes / 1024, nil
}
