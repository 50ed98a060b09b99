// Package queue keeps on disk what is still to be sent, a file a batch.
// In go batches in the order of time; out they come in the same order, the oldest first, also
// after the process was killed, until they are removed.
// Read this file first.
//
// A file is written under another name and then renamed, so that it is there wholly or not at all.
// It is not flushed: a batch that is sent within seconds never costs a write of the disk; if the
// machine loses its power, what was not yet sent of the last half minute may be lost.
package queue

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options bound a queue.
type Options struct {
	Dir    string        // empty keeps the batches in memory
	Bytes  int64         // how many there may be on disk
	Memory int64         // how many there may be in memory, where Dir is empty or cannot be written
	Age    time.Duration // how old the oldest batch may be
}

// Queue holds batches. Its methods may be called by many goroutines, but only one may take batches
// out.
type Queue struct {
	o       Options
	mu      sync.Mutex
	batches []batch // the oldest first
	disk    int64   // bytes
	memory  int64
	dropped int // batches, to make room for newer ones
	pushed  chan struct{}
}

type batch struct {
	millis int64
	size   int64
	data   []byte // nil where it is on disk
}

const (
	suffix    = ".batch"
	unwritten = ".part"
)

// Open opens the queue in its directory, which is made where it does not exist, with what is in it.
func Open(o Options) (*Queue, error) {
	q := &Queue{o: o, pushed: make(chan struct{}, 1)}
	if o.Dir == "" {
		return q, nil
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of the queue: %w", err)
	}
	entries, err := os.ReadDir(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("read the directory of the queue: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasSuffix(name, unwritten) {
			_ = os.Remove(filepath.Join(o.Dir, name)) // it was never complete
			continue
		}
		digits, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		millis, err := strconv.ParseInt(digits, 10, 64)
		info, infoErr := e.Info()
		if err != nil || infoErr != nil || millis < 0 {
			continue
		}
		q.batches = append(q.batches, batch{millis: millis, size: info.Size()})
		q.disk += info.Size()
	}
	slices.SortFunc(q.batches, func(a, b batch) int { return int(max(-1, min(1, a.millis-b.millis))) })
	return q, nil
}

func (q *Queue) path(millis int64) string {
	return filepath.Join(q.o.Dir, fmt.Sprintf("%015d", millis)+suffix)
}

// Push adds a batch of the time, and drops old ones where the bounds want it. The data is copied.
// An error says that the disk does not take it; then it is kept in memory, within its bound.
func (q *Queue) Push(now time.Time, data []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	millis := max(now.UnixMilli(), 0)
	for slices.ContainsFunc(q.batches, func(b batch) bool { return b.millis == millis }) {
		millis++
	}
	b := batch{millis: millis, size: int64(len(data))}
	var err error
	if q.o.Dir != "" {
		err = q.write(millis, data)
	}
	if q.o.Dir == "" || err != nil {
		b.data = slices.Clone(data)
		q.memory += b.size
	} else {
		q.disk += b.size
	}
	q.batches = append(q.batches, b)
	q.trim(now)
	select {
	case q.pushed <- struct{}{}:
	default:
	}
	return err
}

func (q *Queue) write(millis int64, data []byte) error {
	path := q.path(millis)
	part := strings.TrimSuffix(path, suffix) + unwritten
	err := os.WriteFile(part, data, 0o600)
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		_ = os.Remove(part) // it may not have come to be
		return fmt.Errorf("write to the queue: %w", err)
	}
	return nil
}

// trim drops the oldest batches that are too old, or too many.
func (q *Queue) trim(now time.Time) {
	oldest := now.Add(-q.o.Age).UnixMilli()
	for len(q.batches) > 1 && q.batches[0].millis < oldest {
		q.dropAt(0)
	}
	for len(q.batches) > 1 && q.disk > q.o.Bytes {
		q.dropAt(slices.IndexFunc(q.batches, func(b batch) bool { return b.data == nil }))
	}
	for len(q.batches) > 1 && q.memory > q.o.Memory {
		q.dropAt(slices.IndexFunc(q.batches, func(b batch) bool { return b.data != nil }))
	}
}

func (q *Queue) dropAt(i int) {
	q.dropped++
	q.removeAt(i)
}

func (q *Queue) removeAt(i int) {
	b := q.batches[i]
	if b.data == nil {
		_ = os.Remove(q.path(b.millis)) // if it stays, it is sent again after a restart, which is harmless
		q.disk -= b.size
	} else {
		q.memory -= b.size
	}
	q.batches = slices.Delete(q.batches, i, i+1)
}

// Oldest is the batch to send next, with a handle to remove it by; ok is false where there is none.
func (q *Queue) Oldest() (data []byte, handle int64, ok bool) {
	for {
		q.mu.Lock()
		if len(q.batches) == 0 {
			q.mu.Unlock()
			return nil, 0, false
		}
		b := q.batches[0]
		q.mu.Unlock()
		if b.data != nil {
			return b.data, b.millis, true
		}
		data, err := os.ReadFile(q.path(b.millis))
		if err == nil && len(data) > 0 {
			return data, b.millis, true
		}
		// Dropped meanwhile, or lost by the disk: an empty file is what a crash of the machine leaves.
		q.mu.Lock()
		if i := q.index(b.millis); i >= 0 {
			q.dropAt(i)
		}
		q.mu.Unlock()
	}
}

// Remove takes out the batch of the handle, if it is there.
func (q *Queue) Remove(handle int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := q.index(handle); i >= 0 {
		q.removeAt(i)
	}
}

func (q *Queue) index(millis int64) int {
	return slices.IndexFunc(q.batches, func(b batch) bool { return b.millis == millis })
}

// Pushed has an element after a Push.
func (q *Queue) Pushed() <-chan struct{} { return q.pushed }

// Stats are the batches in the queue, their bytes, and how many were dropped to make room.
func (q *Queue) Stats() (batches int, bytes int64, dropped int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.batches), q.disk + q.memory, q.dropped
}
