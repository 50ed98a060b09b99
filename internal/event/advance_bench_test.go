package event

import (
	"fmt"
	"testing"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// BenchmarkAdvance takes in a run over 1,000 hosts of 20 workloads, of which ten leak.
func BenchmarkAdvance(b *testing.B) {
	var findings []inspect.Finding
	for h := range 1000 {
		host := fmt.Sprintf("web-%d", h)
		leaks := h%100 == 0
		findings = append(findings, inspect.Finding{At: midnight, Object: leak.Object{Kind: leak.KindHost, Host: host}, Verdict: leak.Verdict{Leak: leaks}})
		for w := range 20 {
			findings = append(findings, inspect.Finding{At: midnight, Object: leak.Object{Kind: leak.KindPod, Host: host, Namespace: "shop", Name: fmt.Sprintf("cart%d-7d9f8b6c5-bcdfg", w)}})
		}
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if got := Advance(nil, findings, midnight, Options{NewID: func() string { n++; return fmt.Sprint(n) }}); len(got) != 10 {
			b.Fatalf("%d events", len(got))
		}
	}
}
