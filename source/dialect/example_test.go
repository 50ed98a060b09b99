package dialect_test

import (
	"fmt"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// A store that holds node_exporter's metrics: its samples are appended one by one, and come out
// as the host's memory in percent.
func ExampleAssembler() {
	plan := dialect.NewPlan(dialect.Detect(func(metric string) bool {
		return metric == "node_memory_MemAvailable_bytes" || metric == "node_memory_MemTotal_bytes"
	}), nil)

	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	a := dialect.NewAssembler(leak.Query{At: at, Window: 5 * time.Minute})
	a.Begin("web-1", nil)
	for _, series := range []struct {
		metric string
		values []float64
	}{
		{"node_memory_MemTotal_bytes", []float64{100, 100, 100, 100}},
		{"node_memory_MemAvailable_bytes", []float64{60, 59, 58, 57}},
	} {
		labels := dialect.Labels{{Name: "instance", Value: "web-1:9100"}}
		s := a.Add(plan.Match(series.metric, labels), labels)
		for i, v := range series.values {
			s.Append(at.Add(time.Duration(i-3)*time.Minute).UnixMilli(), v)
		}
	}
	r := a.Reading()
	fmt.Println(r.Memory.Object, r.Memory.Window.Step, r.Memory.Window.Values)
	fmt.Println(r.Notes[0])
	// Output:
	// web-1 60 [NaN 40 41 42 43]
	// host web-1 has no process metrics: install process-exporter or memseep's agent
}
