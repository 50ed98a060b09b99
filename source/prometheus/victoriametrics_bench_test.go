package prometheus

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/leak"
)

// BenchmarkVictoriaMetrics reads a fleet of one used-percent series a host, beside what the
// server itself takes for predict_linear over the same windows and for the floors of the week.
// MEMSEEP_BENCH_HOSTS and MEMSEEP_BENCH_DAYS size it: 10000 hosts and no history by default.
func BenchmarkVictoriaMetrics(b *testing.B) {
	hosts, days := fromEnv("MEMSEEP_BENCH_HOSTS", 10000), fromEnv("MEMSEEP_BENCH_DAYS", 0)
	vm := realserver.StartVictoriaMetrics(b)
	begin := fleetEnd.Add(-6*time.Hour - time.Duration(days)*24*time.Hour)
	r, w := io.Pipe()
	go func() { w.CloseWithError(writeWideFleet(w, hosts, begin, fleetEnd)) }()
	vm.Import(b, r)
	q := leak.Query{At: fleetEnd, Window: 6 * time.Hour, History: time.Duration(days) * 24 * time.Hour, Parallel: 2}

	b.Run("predict_linear", func(b *testing.B) {
		defer reportCPU(b, vm)()
		for b.Loop() {
			drain(b, vm.URL+"/api/v1/query?nocache=1&time="+seconds(fleetEnd.UnixMilli())+"&query="+url.QueryEscape("predict_linear(memseep_host_memory_used_percent[6h],86400)"))
		}
	})
	if days > 0 {
		b.Run("min_over_time", func(b *testing.B) {
			defer reportCPU(b, vm)()
			first, last := fleetEnd.Add(-q.Window-q.History), fleetEnd.Add(-q.Window)
			for b.Loop() {
				drain(b, vm.URL+"/api/v1/query_range?nocache=1&step=900&start="+seconds(first.UnixMilli())+"&end="+seconds(last.UnixMilli())+"&query="+url.QueryEscape("min_over_time(memseep_host_memory_used_percent[15m])"))
			}
		})
	}
	for _, access := range []Access{Native, Range} {
		b.Run(string(access), func(b *testing.B) {
			if access == Range && days > 0 {
				b.Skip("takes minutes")
			}
			defer reportCPU(b, vm)()
			for b.Loop() {
				s := newSource(b, Config{URL: vm.URL, Access: access})
				var n atomic.Int64
				err := s.Read(context.Background(), q, func(r *leak.Reading) error {
					n.Add(1)
					return r.Err
				})
				if err != nil || n.Load() != int64(hosts) {
					b.Fatalf("%d hosts, want %d: %v", n.Load(), hosts, err)
				}
			}
		})
	}
}

// reportCPU reports the processor time an operation takes here and in the server: on a machine
// with other work it says more than the time that passes.
func reportCPU(b *testing.B, vm *realserver.VictoriaMetrics) func() {
	b.Helper()
	own, server := ticks(b, os.Getpid()), ticks(b, vm.Pid())
	return func() {
		b.ReportMetric(10*float64(ticks(b, os.Getpid())-own)/float64(b.N), "cpu-ms/op")
		b.ReportMetric(10*float64(ticks(b, vm.Pid())-server)/float64(b.N), "server-cpu-ms/op")
	}
}

// ticks are the hundredths of a second that a process has used.
func ticks(b *testing.B, pid int) int {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skipf("no processor times: %v", err)
	}
	// The name of the program, in brackets, may hold spaces.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return user + system
}

func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

func writeWideFleet(w io.Writer, hosts int, begin, end time.Time) error {
	b := bufio.NewWriterSize(w, 1<<20)
	var line []byte
	for h := range hosts {
		prefix := fmt.Sprintf("memseep_host_memory_used_percent{host=\"h%05d\"} ", h)
		for i, t := 0, begin; !t.After(end); i, t = i+1, t.Add(time.Minute) {
			v := 40 + float64(h%40) + 5*math.Sin(float64(i)/200+float64(h)) + math.Mod(float64(i*7919+h*104729), 97)/97
			line = append(line[:0], prefix...)
			line = strconv.AppendFloat(line, v, 'f', 2, 64)
			line = append(line, ' ')
			line = strconv.AppendInt(line, t.UnixMilli(), 10)
			line = append(line, '\n')
			if _, err := b.Write(line); err != nil {
				return err
			}
		}
	}
	return b.Flush()
}

func drain(b *testing.B, address string) {
	b.Helper()
	resp, err := http.Get(address)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		b.Fatalf("%s: %s", resp.Status, text)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		b.Fatal(err)
	}
}
