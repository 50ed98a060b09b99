package store

import (
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"
)

// Reserve is what has to stay free on the disk: with less, samples are refused. The TSDB needs
// room itself, to move what it has in memory into blocks.
type Reserve struct {
	Bytes    int64   // 0 is DefaultReserveBytes, negative is none
	Fraction float64 // of the disk; 0 is DefaultReserveFraction, negative is none
	// Space tells the free bytes and the size of the disk that a directory lies on; nil asks the
	// operating system.
	Space func(dir string) (free, size int64, err error)
}

// What Reserve leaves out. The larger of both counts, but never more than a quarter of the disk.
const (
	DefaultReserveBytes    = 256 << 20
	DefaultReserveFraction = 0.01
)

const (
	// diskLooks is how long one look at the disk is believed: others should not be able to use up the
	// reserve in between.
	diskLooks = 100 * time.Millisecond
	// repairBytes is what opening anew after a failed write needs: a log that broke off is written
	// again. Without room for it that would destroy what it should save.
	repairBytes = 192 << 20
	// upkeepBytes has to be free for samples to be moved from memory to the disk, or half of the
	// reserve where that is less. A reserve leaves room for it.
	upkeepBytes = 32 << 20
)

// disk knows whether there is room.
type disk struct {
	dir     string
	reserve Reserve
	clock   func() time.Time

	mu     sync.Mutex // guards what follows
	looked time.Time
	bytes  int64 // free, -1 where it is not known
	size   int64 // of the disk
	err    error // ErrDiskFull while there is too little room
	failed bool  // a write has failed, and the TSDB was not opened anew since
}

func newDisk(dir string, r Reserve, clock func() time.Time) *disk {
	if r.Bytes == 0 {
		r.Bytes = DefaultReserveBytes
	}
	if r.Fraction == 0 {
		r.Fraction = DefaultReserveFraction
	}
	if r.Space == nil {
		r.Space = diskSpace
	}
	return &disk{dir: dir, reserve: r, clock: clock, bytes: -1}
}

// check returns ErrDiskFull, wrapped, where less than the reserve is free.
func (d *disk) check() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.look()
	return d.err
}

// free is how many bytes are free; -1 where it is not known.
func (d *disk) free() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.look()
	return d.bytes
}

// filled says that a write has just failed for want of room.
func (d *disk) filled() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looked, d.err, d.failed = d.clock(), ErrDiskFull, true
}

// repaired says that the TSDB was opened anew.
func (d *disk) repaired() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed = false
}

// roomForUpkeep tells whether samples may be moved from memory to the disk.
func (d *disk) roomForUpkeep() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.look()
	return d.bytes < 0 || d.bytes >= min(upkeepBytes, d.reserve.least(d.size)/2)
}

func (d *disk) look() {
	now := d.clock()
	if since := now.Sub(d.looked); since >= 0 && since < diskLooks {
		return // a clock that was set back is no reason to wait
	}
	d.looked = now
	free, size, err := d.reserve.Space(d.dir)
	if err != nil { // not known is no reason to refuse
		d.bytes, d.err = -1, nil
		return
	}
	d.bytes, d.size, d.err = free, size, nil
	reserve := d.reserve
	if d.failed {
		reserve.Bytes = max(reserve.Bytes, repairBytes)
	}
	if least := reserve.least(size); free < least {
		d.err = fmt.Errorf("%w: %d MiB are free, %d MiB have to stay", ErrDiskFull, free>>20, least>>20)
	}
}

func (r Reserve) least(size int64) int64 {
	least := max(r.Bytes, int64(r.Fraction*float64(size)), 0)
	return min(least, size/4)
}

// isDiskFull tells whether a write failed for want of room or of quota.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
