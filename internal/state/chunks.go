package state

import (
	"context"
	"slices"
	"time"
)

// States of a chunk.
const (
	ChunkPending = "pending"
	ChunkDone    = "done"
)

// ChunkResult is what a chunk adds to its run.
type ChunkResult struct {
	Hosts, Failed, NoData, Leaks int
	Opened, Recovered            int // events
	Error                        string
	EndedAt                      time.Time
}

// AddChunks inserts the parts of a run, all of them pending.
func (q *Queries) AddChunks(ctx context.Context, workspaceID, runID string, chunks []Chunk) error {
	if len(chunks) == 0 {
		return nil
	}
	what := "add the chunks of run " + runID
	if err := q.ownsRun(ctx, workspaceID, runID, what); err != nil {
		return err
	}
	for i := range chunks {
		chunks[i].RunID, chunks[i].Status = runID, ChunkPending
	}
	return q.add(ctx, &chunks, what)
}

// Chunk reads one part of a run.
func (q *Queries) Chunk(ctx context.Context, workspaceID, runID string, index int) (Chunk, error) {
	var c Chunk
	what := "read a chunk of run " + runID
	if err := q.ownsRun(ctx, workspaceID, runID, what); err != nil {
		return c, err
	}
	return c, one(ctx, q.read.NewSelect().Model(&c).Where(`run_id = ? AND "index" = ?`, runID, index), what)
}

// PendingChunks lists the parts of a run that are not done.
func (q *Queries) PendingChunks(ctx context.Context, workspaceID, runID string) ([]Chunk, error) {
	rows := []Chunk{}
	what := "list the pending chunks of run " + runID
	if err := q.ownsRun(ctx, workspaceID, runID, what); err != nil {
		return nil, err
	}
	err := q.read.NewSelect().Model(&rows).Where("run_id = ? AND status = ?", runID, ChunkPending).Order("index").Scan(ctx)
	return rows, explain(err, what)
}

// AttemptChunk counts one more attempt at a chunk and keeps why the one before failed, where it did.
func (q *Queries) AttemptChunk(ctx context.Context, workspaceID, runID string, index int, failed string) error {
	what := "count an attempt at a chunk of run " + runID
	if err := q.ownsRun(ctx, workspaceID, runID, what); err != nil {
		return err
	}
	return change(ctx, q.write.NewUpdate().Model((*Chunk)(nil)).Set("attempts = attempts + 1").Set("error = ?", failed).
		Where(`run_id = ? AND "index" = ?`, runID, index), what)
}

// FinishChunk turns a pending chunk into a done one and adds its result to the run, once: counted
// is false where somebody has done so before, and the run is as it stands either way. The run's
// row is held until the transaction ends, so that one call alone sees the last chunk. Which hosts
// the chunk had is forgotten, since nobody works it again: the runs that are kept stay small.
func (q *Queries) FinishChunk(ctx context.Context, workspaceID, runID string, index int, r ChunkResult) (run Run, counted bool, err error) {
	what := "finish a chunk of run " + runID
	err = q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if err := q.ownsRun(ctx, workspaceID, runID, what); err != nil {
			return err
		}
		n, err := count(ctx, q.write.NewUpdate().Model((*Chunk)(nil)).
			Set("status = ?", ChunkDone).Set("ended_at = ?", r.EndedAt).Set("error = ?", r.Error).Set("hosts = '[]'").
			Where(`run_id = ? AND "index" = ? AND status = ?`, runID, index, ChunkPending), what)
		if err != nil {
			return err
		}
		if counted = n == 1; !counted {
			return one(ctx, q.write.NewSelect().Model(&run).Where("id = ?", runID), what)
		}
		run, err = q.addToRun(ctx, workspaceID, runID, 1, r, what)
		return err
	})
	return run, counted, err
}

// AddDoneChunk adds hosts that a trigger's run has inspected as a part that is done, with its result,
// once: counted is false where a part of the run has one of them, and then the transaction has to be
// taken back. The run's row is held until the transaction ends, so that no two add the same host.
func (q *Queries) AddDoneChunk(ctx context.Context, workspaceID, runID string, hosts []string, r ChunkResult) (run Run, counted bool, err error) {
	what := "add a chunk to run " + runID
	err = q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if run, err = q.addToRun(ctx, workspaceID, runID, 1, r, what); err != nil {
			return err
		}
		before := []Chunk{}
		if err := q.write.NewSelect().Model(&before).Where("run_id = ?", runID).Scan(ctx); err != nil {
			return explain(err, what)
		}
		for _, c := range before {
			if slices.ContainsFunc(c.Hosts, func(h string) bool { return slices.Contains(hosts, h) }) {
				return nil
			}
		}
		counted = true
		return q.add(ctx, &Chunk{RunID: runID, Index: len(before), Hosts: hosts, Status: ChunkDone, Attempts: 1, EndedAt: r.EndedAt, Error: r.Error}, what)
	})
	return run, counted, err
}

// ForgetHosts forgets which hosts the parts of a trigger's run had, once it has ended.
func (q *Queries) ForgetHosts(ctx context.Context, workspaceID, runID string) error {
	what := "forget the hosts of run " + runID
	if err := q.ownsRun(ctx, workspaceID, runID, what); err != nil {
		return err
	}
	_, err := count(ctx, q.write.NewUpdate().Model((*Chunk)(nil)).Set("hosts = '[]'").Where("run_id = ?", runID), what)
	return err
}

// AddToRun adds to the counters of a run, and returns it as it stands then. Its row is held until the
// transaction ends.
func (q *Queries) AddToRun(ctx context.Context, workspaceID, runID string, r ChunkResult) (Run, error) {
	return q.addToRun(ctx, workspaceID, runID, 0, r, "count in run "+runID)
}

func (q *Queries) addToRun(ctx context.Context, workspaceID, runID string, chunks int, r ChunkResult, what string) (run Run, err error) {
	err = change(ctx, q.write.NewUpdate().Model((*Run)(nil)).
		Set("chunks_done = chunks_done + ?, hosts = hosts + ?, failed = failed + ?, no_data = no_data + ?", chunks, r.Hosts, r.Failed, r.NoData).
		Set("leaks = leaks + ?, opened = opened + ?, recovered_n = recovered_n + ?", r.Leaks, r.Opened, r.Recovered).
		Where("id = ? AND workspace_id = ?", runID, workspaceID), what)
	if err != nil {
		return run, err
	}
	return run, one(ctx, q.write.NewSelect().Model(&run).Where("id = ?", runID), what)
}

// ownsRun tells whether the run is of the workspace.
func (q *Queries) ownsRun(ctx context.Context, workspaceID, runID, what string) error {
	there, err := q.read.NewSelect().Model((*Run)(nil)).Where("id = ? AND workspace_id = ?", runID, workspaceID).Exists(ctx)
	if err == nil && !there {
		err = ErrNotFound
	}
	return explain(err, what)
}

// Chunks lists the parts of a run.
func (q *Queries) Chunks(ctx context.Context, workspaceID, runID string) ([]Chunk, error) {
	rows := []Chunk{}
	what := "list the chunks of run " + runID
	if err := q.ownsRun(ctx, workspaceID, runID, what); err != nil {
		return nil, err
	}
	err := q.read.NewSelect().Model(&rows).Where("run_id = ?", runID).Order("index").Scan(ctx)
	return rows, explain(err, what)
}
