package script_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// hostileLimits end a script within seconds of its own; the machine may have other work.
var hostileLimits = sandbox.Limits{Wall: time.Minute, CPU: time.Second, Steps: 5_000_000, Memory: 256 << 20}

// hostileAtOnce is how many of them run at a time.
const hostileAtOnce = 8

// TestHostileScripts runs testdata/hostile/*.py, eight at a time: each ends by itself, with a message
// that names why, one of those of its first line: a limit, `error` (an exception), `invalid` (not
// loaded), `fine`, or `any` of them. The parent's memory stays as it was. What other scripts, and the
// parent itself, take meanwhile is measured, and told by -v.
func TestHostileScripts(t *testing.T) {
	if raceDetector {
		t.Skip("a child with the race detector cannot be limited in memory")
	}
	files, err := filepath.Glob("testdata/hostile/*.py")
	if err != nil || len(files) < 80 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	f := newFleet(t)
	f.addHostileModules()
	_, server := answering(t, "http://127.0.0.1:1/")
	quiet := f.measure(t, time.Now().Add(3*time.Second))
	before := heap()
	results := make([]script.Result, len(files))
	var highest atomic.Uint64
	ctx, end := context.WithCancel(t.Context())
	defer end()
	go watchHeap(ctx, &highest)
	busy := make(chan measured, 1)
	running := make(chan struct{})
	go func() { busy <- f.measureUntil(t, running) }()
	var wait sync.WaitGroup
	slots := make(chan struct{}, hostileAtOnce)
	for i, path := range files {
		wait.Add(1)
		slots <- struct{}{}
		go func() {
			defer wait.Done()
			defer func() { <-slots }()
			results[i] = f.runHostile(t, path, server)
		}()
	}
	wait.Wait()
	close(running)
	loud := <-busy
	end()
	for i, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".py"), func(t *testing.T) {
			want := strings.Fields(readExpected(readFile(t, path)).one("ends"))
			if how := ended(results[i].Failure); !slices.Contains(want, how) && !slices.Contains(want, "any") {
				t.Errorf("ended by %s, want %v: %+v", how, want, results[i].Failure)
			}
			if results[i].PeakBytes > hostileLimits.Memory*5/4 {
				t.Errorf("the child held %d MB", results[i].PeakBytes>>20)
			}
		})
	}
	if after := heap(); after > before+32<<20 {
		t.Errorf("the parent's memory grew from %d to %d MB", before>>20, after>>20)
	}
	if most := highest.Load(); most > before+mostHeapMeanwhile {
		t.Errorf("the parent held %d MB meanwhile, %d before", most>>20, before>>20)
	}
	t.Logf("%d hostile scripts, %d at a time; the parent held %d MB at the most, %d before", len(files), hostileAtOnce, highest.Load()>>20, before>>20)
	t.Logf("another script: median %v, 95 %% within %v; quiet %v and %v: ratio %.1f and %.1f", loud.script.at(0.5), loud.script.at(0.95), quiet.script.at(0.5), quiet.script.at(0.95),
		ratio(loud.script.at(0.5), quiet.script.at(0.5)), ratio(loud.script.at(0.95), quiet.script.at(0.95)))
	t.Logf("a tick of work in the parent: median %v, 95 %% within %v; quiet %v and %v: ratio %.1f and %.1f", loud.tick.at(0.5), loud.tick.at(0.95), quiet.tick.at(0.5), quiet.tick.at(0.95),
		ratio(loud.tick.at(0.5), quiet.tick.at(0.5)), ratio(loud.tick.at(0.95), quiet.tick.at(0.95)))
	got := f.world(true, "").run(t, f.job("after.py", "def run():\n    return 1\n", "run"))
	if got.result.Failure != nil || string(got.result.Value) != "1" {
		t.Errorf("a script after them: %+v", got.result)
	}
}

// mostHeapMeanwhile is what the answers on their way to eight scripts may take, in bytes.
const mostHeapMeanwhile = 512 << 20

func (f fleet) addHostileModules() {
	f.modules["bad__loop"] = "while True:\n    pass\n"
	f.modules["bad__memory"] = "x = []\nwhile True:\n    x.append('y' * 100000 + str(len(x)))\n"
	f.modules["bad__raises"] = "raise ValueError('again')\n"
	f.modules["bad__deep"] = "def down(n):\n    return down(n + 1)\n"
	for i := range 150 {
		f.modules[fmt.Sprintf("chain__%d", i)] = fmt.Sprintf("import chain__%d\n", i+1)
	}
	for i := range 6 {
		f.modules[fmt.Sprintf("huge__%d", i)] = "x = 1\n" + strings.Repeat("# "+strings.Repeat("x", 98)+"\n", 10_000)
	}
}

func (f fleet) runHostile(t *testing.T, path, server string) script.Result {
	w := f.world(true, "")
	w.Allow = []string{server}
	w.Query = func(_ context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
		if _, err := dialect.NewNaming(nil).Selectors(q); err != nil {
			return err
		}
		return each(&leak.Metric{Host: "web-1", Samples: make([][2]float64, 900_000)})
	}
	job := f.job(filepath.Base(path), readFile(t, path), "run")
	job.Variables["SERVER"] = "http://" + server
	limits := hostileLimits
	if readExpected(job.Source).one("ends") == "wall" { // it waits, and calculates nothing
		limits.Wall = 5 * time.Second
	}
	result, err := script.Run(t.Context(), job, w.World, limits, func(sandbox.Line) {})
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return result
}

// durations are sorted.
type durations []time.Duration

func (d durations) at(part float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	return d[int(float64(len(d)-1)*part)].Round(10 * time.Microsecond)
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

// measured is what an ordinary script, and a tick of the parent's own work, take.
type measured struct{ script, tick durations }

func (f fleet) measure(t *testing.T, until time.Time) measured {
	done := make(chan struct{})
	time.AfterFunc(time.Until(until), func() { close(done) })
	return f.measureUntil(t, done)
}

// measureUntil runs one script after the other, and ticks of work beside.
func (f fleet) measureUntil(t *testing.T, done <-chan struct{}) (m measured) {
	ended := func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
	ticked := make(chan durations)
	go func() {
		var ticks durations
		block := make([]byte, 1<<20)
		for !ended() {
			began := time.Now()
			block[0] = sha256.Sum256(block)[0]
			ticks = append(ticks, time.Since(began))
			time.Sleep(5 * time.Millisecond)
		}
		ticked <- ticks
	}()
	w := f.world(true, "")
	job := f.job("one.py", "def run():\n    return 1\n", "run")
	for !ended() {
		began := time.Now()
		if r, err := script.Run(t.Context(), job, w.World, sandbox.Limits{}, func(sandbox.Line) {}); err != nil || r.Failure != nil {
			t.Errorf("another script: %+v, %v", r.Failure, err)
			break
		}
		m.script = append(m.script, time.Since(began))
	}
	m.tick = <-ticked
	slices.Sort(m.script)
	slices.Sort(m.tick)
	return m
}

// watchHeap notes how much was held at the most.
func watchHeap(ctx context.Context, highest *atomic.Uint64) {
	for ctx.Err() == nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		highest.Store(max(highest.Load(), m.HeapAlloc))
		time.Sleep(50 * time.Millisecond)
	}
}

func ended(f *sandbox.Failure) string {
	switch {
	case f == nil:
		return "fine"
	case f.Limit != "":
		return f.Limit
	case f.Invalid:
		return "invalid"
	case strings.Contains(f.Message, "process ended without an answer"):
		return "unexplained: " + f.Message
	}
	return "error"
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
