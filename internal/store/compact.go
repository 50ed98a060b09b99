package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// upkeepEvery is how often the TSDB is asked to move what is in memory to the disk.
const upkeepEvery = time.Minute

// compactions runs what the TSDB would by itself, which loses late samples: it visits series one
// after the other to learn which of their late chunks go into a block, and then forgets all chunks
// up to the last of those, also of a series that came, or got its first late chunk, after its turn.
// Here nothing is appended in that moment.
type compactions struct {
	// appending is held for reading from before a transaction begins, since the TSDB waits for those
	// that it knows of, until it is committed.
	appending sync.RWMutex

	room   func() bool // whether the disk has enough for it; nil is always
	broken func(error) // is told that the TSDB has to be opened anew; nil tells nobody

	ctx    context.Context // ends with stop
	cancel context.CancelFunc
	ended  sync.WaitGroup

	// What follows belongs to who runs compact.
	held  bool // appending is locked
	asked bool // the TSDB has been made to look at its blocks
}

// init comes before the TSDB is opened, start after it.
func (c *compactions) init() { c.ctx, c.cancel = context.WithCancel(context.Background()) }

// start runs compactions until stop.
func (c *compactions) start(db *tsdb.DB, logger *slog.Logger) {
	db.DisableCompactions()
	c.ended.Go(func() {
		for tick := time.NewTicker(upkeepEvery); ; {
			select {
			case <-tick.C:
			case <-c.ctx.Done():
				tick.Stop()
				return
			}
			if err := c.upkeep(db); err != nil && c.ctx.Err() == nil {
				logger.Error("samples could not be moved into blocks; it is tried again", "error", err)
			}
		}
	})
}

// upkeep moves full chunks from memory to the disk, then what is due into blocks. The TSDB panics
// where it cannot write a chunk, and with it would end the process: so it is not let do this by
// itself, and not without room.
func (c *compactions) upkeep(db *tsdb.DB) (err error) {
	if c.room != nil && !c.room() {
		return nil // whoever sends samples is told
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write chunks: %v", p)
			if c.broken != nil {
				c.broken(err)
			}
		}
	}()
	db.ForceHeadMMap()
	return c.compact(db)
}

// stop breaks off a compaction and waits for its end.
func (c *compactions) stop() {
	c.cancel()
	c.ended.Wait()
}

// compact moves what is due. It is called by one goroutine at a time.
func (c *compactions) compact(db *tsdb.DB) error {
	defer c.release()
	c.asked = false
	return db.Compact(c.ctx)
}

func (c *compactions) hold() {
	if !c.held {
		c.appending.Lock()
		c.held = true
	}
}

func (c *compactions) release() {
	if c.held {
		c.held = false
		c.appending.Unlock()
	}
}

// compactor is the TSDB's own, which tells how far a compaction is: the head's blocks are written
// before late samples are looked at, these before blocks are merged.
func (c *compactions) compactor(_ context.Context, r prometheus.Registerer, l *slog.Logger, ranges []int64, pool chunkenc.Pool, o *tsdb.Options) (tsdb.Compactor, error) {
	inner, err := tsdb.NewLeveledCompactorWithOptions(c.ctx, r, l, ranges, pool, tsdb.LeveledCompactorOptions{
		MaxBlockChunkSegmentSize:    o.MaxBlockChunkSegmentSize,
		EnableOverlappingCompaction: o.EnableOverlappingCompaction,
		FloatChunkEncoding:          func() chunkenc.Encoding { return o.FloatChunkEncoding },
	})
	if err != nil {
		return nil, err
	}
	return &watched{inner, c}, nil
}

type watched struct {
	tsdb.Compactor
	compactions *compactions
}

// Write moves the head's samples, or late ones, into a block.
func (w *watched) Write(dest string, b tsdb.BlockReader, from, to int64, base *tsdb.BlockMeta) ([]ulid.ULID, error) {
	if _, late := b.(*tsdb.OOOCompactionHead); late {
		w.compactions.release() // which chunks go into it is fixed
		return w.Compactor.Write(dest, b, from, to, base)
	}
	made, err := w.Compactor.Write(dest, b, from, to, base)
	if err == nil {
		w.compactions.hold()
	}
	return made, err
}

// lookAgain is a plan to merge nothing, after which the TSDB looks at its blocks, and deletes those
// that are past their retention.
var lookAgain = []string{""}

// Plan begins the merging of blocks.
func (w *watched) Plan(dir string) ([]string, error) {
	w.compactions.release()
	if !w.compactions.asked {
		w.compactions.asked = true
		return lookAgain, nil
	}
	return w.Compactor.Plan(dir)
}

// Compact merges blocks.
func (w *watched) Compact(dest string, dirs []string, open []*tsdb.Block) ([]ulid.ULID, error) {
	if slices.Equal(dirs, lookAgain) {
		return nil, nil
	}
	return w.Compactor.Compact(dest, dirs, open)
}
