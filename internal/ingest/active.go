package ingest

import (
	"time"

	"github.com/memseep/memseep/internal/store"
)

// active knows the series of a workspace that were written to lately, by the hash of their labels:
// those of this hour and the hour before. Two series of one hash count as one.
type active struct {
	now, before map[uint64]struct{}
	since       time.Time // now began
}

const activeSpan = time.Hour

// admit gives the series of the batch that are known or that there is still room for; the others
// are counted as refused.
func (a *active) admit(b *batch, most int, now time.Time) []store.Series {
	if a.now == nil || now.Sub(a.since) > activeSpan {
		a.now, a.before, a.since = make(map[uint64]struct{}, len(a.now)), a.now, now
	}
	kept := b.series[:0]
	for _, s := range b.series {
		if a.admits(s.Labels.Hash(), most) {
			kept = append(kept, s)
			continue
		}
		b.refused[OverLimit] += len(s.Samples)
		b.explain("the workspace has as many series as it may: " + shown(s.Labels.String()))
	}
	return kept
}

func (a *active) admits(hash uint64, most int) bool {
	if _, known := a.now[hash]; known {
		return true
	}
	if _, known := a.before[hash]; known {
		delete(a.before, hash) // it is counted once
	} else if len(a.now)+len(a.before) >= most {
		return false
	}
	a.now[hash] = struct{}{}
	return true
}
