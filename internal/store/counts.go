package store

import "sync/atomic"

// counts add the results of a workspace up since it was opened.
type counts struct {
	stored, duplicate, tooOld, tooNew, invalid, limited atomic.Int64
}

func (c *counts) add(r Result) {
	c.stored.Add(int64(r.Stored))
	c.duplicate.Add(int64(r.Duplicate))
	c.tooOld.Add(int64(r.TooOld))
	c.tooNew.Add(int64(r.TooNew))
	c.invalid.Add(int64(r.Invalid))
	c.limited.Add(int64(r.Limited))
}
