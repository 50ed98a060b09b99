//go:build linux

package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
)

// crashDir tells the test binary that it is the process to be killed.
const crashDir = "MEMSEEP_TEST_CRASH_DIR"

// What Append has acknowledged is there after kill -9: samples in order, late ones, of series that
// were just made.
func TestAcknowledgedSamplesSurviveAKill(t *testing.T) {
	if dir := os.Getenv(crashDir); dir != "" {
		appendUntilKilled(t, dir)
	}
	dir := t.TempDir()
	for round := range 3 {
		acknowledged := runUntilKilled(t, dir, 40+30*round)
		e := embeddedIn(t, dir, store.EmbeddedOptions{})
		for _, name := range []string{"ordered", "late", "fresh"} {
			got, err := strconv.Atoi(query1(t, e, `sum(count_over_time(`+name+`{round="`+strconv.Itoa(acknowledged.round)+`"}[6h]))`))
			if err != nil || got < acknowledged.samples {
				t.Errorf("round %d: %d samples of %s (%v), %d were acknowledged", round, got, name, err, acknowledged.samples)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

type acknowledged struct{ round, samples int }

// runUntilKilled kills the process once it has told of so many samples, and returns how many it
// told of in all.
func runUntilKilled(t *testing.T, dir string, enough int) acknowledged {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestAcknowledgedSamplesSurviveAKill$")
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	a := acknowledged{round: cmd.Process.Pid}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the process says %q", lines.Text())
		}
		if a.samples = n; n == enough {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	return a
}

func appendUntilKilled(t *testing.T, dir string) {
	e, err := store.OpenEmbedded(dir, store.EmbeddedOptions{Clock: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	round := strconv.Itoa(os.Getpid())
	for i := 1; ; i++ {
		ms := time.Duration(i) * time.Millisecond
		r, err := e.Append(t.Context(), []store.Series{
			{Labels: series("ordered", "round", round), Samples: []store.Sample{sample(time.Hour-ms, float64(i))}},
			{Labels: series("late", "round", round), Samples: []store.Sample{sample(2*time.Hour+ms, float64(i))}},
			{Labels: series("fresh", "i", strconv.Itoa(i), "round", round), Samples: []store.Sample{sample(time.Hour-ms, 1)}},
		})
		if err != nil || r.Stored != 3 {
			t.Fatalf("append: %+v, %v", r, err)
		}
		if _, err := fmt.Println(i); err != nil {
			t.Fatal(err)
		}
	}
}

// A disk that others fill up to the last byte: samples are refused, reads go on, and once there is
// room samples are taken again; what was acknowledged is there, also after the store is opened anew.
func TestAFullDiskRefusesAndHarmsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=48m"); err != nil {
		t.Skipf("nothing may be mounted here, so that no disk can be filled: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	now := at
	o := store.EmbeddedOptions{Clock: func() time.Time { return now }, Reserve: store.Reserve{Bytes: -1, Fraction: -1}}
	e := embeddedIn(t, dir, o)
	taken, refused := 0, 0
	appendSome := func(i int) error {
		now = now.Add(2 * time.Second)
		all := []store.Series{
			{Labels: series("ordered", "host", "a"), Samples: []store.Sample{{T: now.UnixMilli(), V: float64(i)}}},
			{Labels: series("fresh", "i", strconv.Itoa(i), "padding", strings.Repeat(strconv.Itoa(i%10), 4000)), Samples: []store.Sample{{T: now.UnixMilli(), V: 1}}},
		}
		r, err := e.Append(t.Context(), all)
		if err == nil && r.Stored != 2 {
			t.Fatalf("%+v", r)
		}
		return err
	}
	count := func(i int) {
		t.Helper()
		switch err := appendSome(i); {
		case err == nil:
			taken++
		case errors.Is(err, store.ErrDiskFull):
			refused++
		default:
			t.Fatalf("append %d: %v", i, err)
		}
	}
	for i := range 50 {
		count(i)
	}
	filler := filepath.Join(dir, "filler")
	fill(t, filler)
	for i := range 300 {
		count(50 + i)
	}
	if refused == 0 {
		t.Fatal("the disk was not full")
	}
	if got := query1At(t, e, `sum(count_over_time(ordered[6h]))`, now); got != strconv.Itoa(taken) {
		t.Errorf("%s samples on a full disk, %d were taken", got, taken)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	before := taken
	for i := range 50 {
		count(1000 + i)
	}
	if taken != before+50 {
		t.Errorf("%d of 50 are taken when there is room", taken-before)
	}
	// As after a crash: what is only in memory would be lost.
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	again := embeddedIn(t, copied, o)
	for _, expr := range []string{`sum(count_over_time(ordered[6h]))`, `count(last_over_time(fresh[6h]))`} {
		got, err := strconv.Atoi(query1At(t, again, expr, now))
		if err != nil || got < taken {
			t.Errorf("%s is %d in what was on the disk (%v), %d were acknowledged", expr, got, err, taken)
		}
	}
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for size := 1 << 20; size > 0; size /= 2 {
		for block := make([]byte, size); err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		err = nil
	}
}
