package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"memseep": main})
}

// TestScripts runs testdata/script/*.txtar. Besides the usual commands they have:
//
//	exits N memseep ARGS…     runs memseep, which has to exit with status N
//	hosts FILE NAME=SHAPE…    writes two days of hosts: leak or flat
//	workloads FILE HOST/KIND/NAME=SHAPE…   writes two days of workloads: leak or flat
//	sorted FILE…              sorts the lines of files, for hosts come in no certain order
//	openmetrics FILE NAME=SHAPE…   writes the same hosts as node_exporter tells of them
//	serving VARIABLE   starts a server, its address in the variable, and ends it with the script
func TestScripts(t *testing.T) {
	testscript.Run(t, params("testdata/script"))
}

func params(dir string) testscript.Params {
	return testscript.Params{
		Dir: dir,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "C")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":       exits,
			"sorted":      sortFiles,
			"serving":     serving,
			"hosts":       func(ts *testscript.TestScript, _ bool, args []string) { writeFleet(ts, args, hostRows) },
			"workloads":   func(ts *testscript.TestScript, _ bool, args []string) { writeFleet(ts, args, workloadRows) },
			"openmetrics": func(ts *testscript.TestScript, _ bool, args []string) { writeFleet(ts, args, openMetricsLines) },
		},
	}
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	status := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		status = exit.ExitCode()
	default:
		ts.Check(err)
	}
	if status != want {
		ts.Fatalf("exit status %d, want %d", status, want)
	}
}

func sortFiles(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		lines := slices.Sorted(strings.Lines(ts.ReadFile(name)))
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(strings.Join(lines, "")), 0o600))
	}
}

// fleetEnd is the time of the newest sample of every file: 2026-11-01T00:00:00Z.
const (
	fleetEnd   = 1_793_491_200
	fleetHours = 48
	fleetStep  = 300
	totalBytes = 16 << 30
)

type rowsOf func(b *strings.Builder, name string, value func(hour float64) float64)

func writeFleet(ts *testscript.TestScript, args []string, rows rowsOf) {
	var b strings.Builder
	for _, a := range args[1:] {
		name, shape, ok := strings.Cut(a, "=")
		value := shapes[shape]
		if !ok || value == nil {
			ts.Fatalf("%q is not NAME=SHAPE", a)
		}
		rows(&b, name, value)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// shapes are percent in use at an hour of the two days, without noise.
var shapes = map[string]func(hour float64) float64{
	"flat": func(float64) float64 { return 40 },
	"leak": func(hour float64) float64 { return 30 + max(0, 2.5*(hour-30)) },
}

func hostRows(b *strings.Builder, name string, value func(float64) float64) {
	if b.Len() == 0 {
		b.WriteString("timestamp,host,used_percent,total_bytes\n")
	}
	eachSample(name, fleetHours, value, func(at int64, percent float64) {
		fmt.Fprintf(b, "%d,%s,%.2f,%d\n", at, name, percent, totalBytes)
	})
}

func workloadRows(b *strings.Builder, name string, value func(float64) float64) {
	if b.Len() == 0 {
		b.WriteString("timestamp,host,kind,name,bytes\n")
	}
	parts := strings.SplitN(name, "/", 3)
	eachSample(name, fleetHours, value, func(at int64, percent float64) {
		fmt.Fprintf(b, "%d,%s,%s,%s,%.0f\n", at, parts[0], parts[1], parts[2], percent/100*totalBytes)
	})
}

// openMetricsLines writes a host's series one after the other, as the format wants them.
func openMetricsLines(b *strings.Builder, name string, value func(float64) float64) {
	eachSample(name, fleetHours, value, func(at int64, percent float64) {
		fmt.Fprintf(b, "node_memory_MemAvailable_bytes{instance=\"%s:9100\"} %.0f %d\n", name, (1-percent/100)*totalBytes, at)
	})
	eachSample(name, fleetHours, value, func(at int64, _ float64) {
		fmt.Fprintf(b, "node_memory_MemTotal_bytes{instance=\"%s:9100\"} %d %d\n", name, totalBytes, at)
	})
}

func eachSample(name string, hours int, value func(float64) float64, row func(at int64, percent float64)) {
	seed := uint64(len(name))
	for _, r := range name {
		seed = seed*31 + uint64(r)
	}
	random := rand.New(rand.NewPCG(seed, 1))
	n := hours * 3600 / fleetStep
	for i := range n {
		hour := float64(i*fleetStep) / 3600
		row(int64(fleetEnd-(n-1-i)*fleetStep), value(hour)+0.1*random.NormFloat64())
	}
}
