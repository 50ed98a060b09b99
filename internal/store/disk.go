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

// diskLooks is how long one look at the disk is believed.
const diskLooks = time.Second

// disk knows whether there is room.
type disk struct {
	dir     string
	reserve Reserve

	mu     sync.Mutex // guards what follows
	looked time.Time
	bytes  int64 // free, -1 where it is not known
	err    error // ErrDiskFull while there is too little room
}

func newDisk(dir string, r Reserve) *disk {
	if r.Bytes == 0 {
		r.Bytes = DefaultReserveBytes
	}
	if r.Fraction == 0 {
		r.Fraction = DefaultReserveFraction
	}
	if r.Space == nil {
		r.Space = diskSpace
	}
	return &disk{dir: dir, reserve: r, bytes: -1}
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
	d.looked, d.err = time.Now(), ErrDiskFull
}

func (d *disk) look() {
	if time.Since(d.looked) < diskLooks {
		return
	}
	d.looked = time.Now()
	free, size, err := d.reserve.Space(d.dir)
	if err != nil { // not known is no reason to refuse
		d.bytes, d.err = -1, nil
		return
	}
	d.bytes, d.err = free, nil
	if least := d.reserve.least(size); free < least {
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
