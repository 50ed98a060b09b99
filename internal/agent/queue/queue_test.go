package queue

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, o Options) *Queue {
	t.Helper()
	if o.Bytes == 0 {
		o.Bytes = 1 << 20
	}
	if o.Memory == 0 {
		o.Memory = 1 << 20
	}
	if o.Age == 0 {
		o.Age = 6 * time.Hour
	}
	q, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func push(t *testing.T, q *Queue, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if err := q.Push(noon.Add(time.Duration(i)*time.Minute), fmt.Appendf(nil, "%04d", i)); err != nil {
			t.Fatal(err)
		}
	}
}

// drain takes everything out.
func drain(q *Queue) (all []string) {
	for {
		data, handle, ok := q.Oldest()
		if !ok {
			return all
		}
		all = append(all, string(data))
		q.Remove(handle)
	}
}

func wantAll(t *testing.T, q *Queue, from, to, dropped int) {
	t.Helper()
	_, _, lost := q.Stats()
	got := drain(q)
	for i, s := range got {
		if s != fmt.Sprintf("%04d", from+i) {
			t.Fatalf("batch %d is %s, want %04d", i, s, from+i)
		}
	}
	if len(got) != to-from || lost != dropped {
		t.Errorf("%d batches, %d lost; want %d, %d", len(got), lost, to-from, dropped)
	}
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
	}{{"on disk", Options{Dir: t.TempDir()}}, {"in memory", Options{}}} {
		t.Run(c.name, func(t *testing.T) {
			q := open(t, c.o)
			push(t, q, 0, 20)
			if data, _, _ := q.Oldest(); string(data) != "0000" {
				t.Errorf("the oldest is %s", data)
			}
			wantAll(t, q, 0, 20, 0)
			if n, bytes, _ := q.Stats(); n != 0 || bytes != 0 {
				t.Errorf("%d batches of %d bytes are left", n, bytes)
			}
		})
	}
}

// A queue opened again has what was not removed, also what a crash has left half done.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	q := open(t, Options{Dir: dir})
	push(t, q, 0, 10)
	_, handle, _ := q.Oldest()
	q.Remove(handle)
	for name, text := range map[string]string{
		fmt.Sprintf("%015d.part", noon.UnixMilli()):                      "half",
		fmt.Sprintf("%015d.batch", noon.Add(30*time.Second).UnixMilli()): "", // what a loss of power leaves
		"notes.txt": "not ours",
		"x.batch":   "not ours",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	q = open(t, Options{Dir: dir})
	if n, bytes, _ := q.Stats(); n != 10 || bytes != 9*4 {
		t.Errorf("%d batches of %d bytes", n, bytes)
	}
	wantAll(t, q, 1, 10, 0)
	if _, _, lost := q.Stats(); lost != 1 {
		t.Errorf("%d lost, want the empty one", lost)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		name           string
		o              Options
		from, to, lost int
	}{
		{"by age", Options{Dir: t.TempDir(), Age: 30 * time.Minute}, 69, 100, 69},
		{"by bytes", Options{Dir: t.TempDir(), Bytes: 40}, 90, 100, 90},
		{"by memory", Options{Memory: 40}, 90, 100, 90},
		{"a single batch is kept however large", Options{Dir: t.TempDir(), Bytes: 1}, 99, 100, 99},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := open(t, c.o)
			push(t, q, 0, 100)
			wantAll(t, q, c.from, c.to, c.lost)
		})
	}
}

// What the disk does not take is kept in memory, and all comes out in its order.
func TestDiskDoesNotTakeIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "queue")
	q := open(t, Options{Dir: dir, Memory: 12})
	push(t, q, 0, 3)
	away := dir + ".away"
	if err := os.Rename(dir, away); err != nil {
		t.Fatal(err)
	}
	for i := 3; i < 6; i++ {
		if err := q.Push(noon.Add(time.Duration(i)*time.Minute), fmt.Appendf(nil, "%04d", i)); err == nil {
			t.Fatal("a directory that is not there takes a batch")
		}
	}
	if err := os.Rename(away, dir); err != nil {
		t.Fatal(err)
	}
	push(t, q, 6, 8)
	wantAll(t, q, 0, 8, 0)
}

// Two batches of one moment are two, and a clock that was set back loses nothing.
func TestClock(t *testing.T) {
	q := open(t, Options{Dir: t.TempDir()})
	for i, at := range []time.Time{noon, noon, noon.Add(-time.Hour), {}} {
		if err := q.Push(at, fmt.Appendf(nil, "%04d", i)); err != nil {
			t.Fatal(err)
		}
	}
	wantAll(t, q, 0, 4, 0)
}
