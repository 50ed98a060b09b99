package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
)

func TestRatioLine(t *testing.T) {
	for want, r := range map[string]ratio{
		"ratio detect 0.43 goal <=0.5": {"detect", 0.4267, 0.5, false},
		"ratio ingest 1.02 goal >=0.9": {"ingest", 1.0199, 0.9, true},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCompareTakesTurnsAndLeavesTheFirstOut(t *testing.T) {
	var order []string
	side := func(name string) func() error {
		return func() error { order = append(order, name); return nil }
	}
	if _, _, err := compare(t.Context(), 2, side("ours"), side("theirs")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"ours", "theirs", "ours", "theirs", "ours", "theirs"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	broken := errors.New("broken")
	if _, _, err := compare(t.Context(), 2, side("ours"), func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("error %v, want that of the run", err)
	}
	if got := median([]time.Duration{5, 1, 3}); got != 3 {
		t.Errorf("median %d, want 3", got)
	}
}

// The blocks of the TSDB are filled one after the other: a minute has to have the same value in
// whatever length it is made.
func TestUsedDoesNotDependOnTheLength(t *testing.T) {
	short, long := make([]float64, 100), make([]float64, 1000)
	for _, host := range []int{0, 7, 107} {
		used(host, short)
		used(host, long)
		if !slices.Equal(short, long[900:]) {
			t.Errorf("host %d has other values in a longer series", host)
		}
	}
}

func TestTSDBHoldsEverySampleOnce(t *testing.T) {
	b := &bench{dir: t.TempDir()}
	s, err := b.openTSDB(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const want = 10 * 2 * windowMinutes
	for _, parallel := range []int{1, 3} {
		if got, err := iterate(t.Context(), s, parallel, available, total); err != nil || got != want {
			t.Errorf("%d samples with %d goroutines, %v; want %d", got, parallel, err, want)
		}
	}
	summary, err := inspect.Run(t.Context(), s.Reader(), inspect.Options{At: at, History: -1, Parallel: 2}, ignore)
	if err != nil || summary.Hosts != 10 || summary.NoData > 0 {
		t.Errorf("%+v, %v; want 10 hosts with data", summary, err)
	}
}

func TestSimulationGivesEveryHostOnce(t *testing.T) {
	seen := map[string]bool{}
	_, err := inspect.Run(context.Background(), simulation{hosts: 600}, inspect.Options{At: at, Parallel: 3}, func(f inspect.Finding) error {
		if seen[f.Object.Host] {
			t.Errorf("%s comes twice", f.Object.Host)
		}
		seen[f.Object.Host] = true
		return nil
	})
	if err != nil || len(seen) != 600 {
		t.Errorf("%d hosts, %v; want 600", len(seen), err)
	}
}

func TestWatchMemorySeesWhatIsTaken(t *testing.T) {
	watched := watchMemory()
	const size = 64 << 20
	block := make([]byte, size)
	for i := range block {
		block[i] = byte(i)
	}
	own, resident, err := watched()
	if err != nil {
		t.Fatal(err)
	}
	if own < size || resident < own {
		t.Errorf("own %d, resident %d; want at least %d, and not less resident", own, resident, size)
	}
	_ = block[0]
}
