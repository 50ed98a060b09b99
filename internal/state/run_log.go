package state

import "context"

// AppendLog adds lines to a run's log, and numbers them: whoever reads after a number misses none,
// also where several replicas write.
func (q *Queries) AppendLog(ctx context.Context, workspaceID, runID string, lines []LogLine) error {
	if len(lines) == 0 {
		return nil
	}
	// The update holds the run's row until the transaction ends, so that numbers become visible in
	// their order.
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		var last int64
		err := q.write.NewUpdate().Model((*Run)(nil)).Set("log_seq = log_seq + ?", len(lines)).
			Where("id = ? AND workspace_id = ?", runID, workspaceID).Returning("log_seq").Scan(ctx, &last)
		if err != nil {
			return explain(noRows(err), "number the log of run "+runID)
		}
		for i := range lines {
			lines[i].RunID, lines[i].Seq = runID, last-int64(len(lines)-1-i)
		}
		return q.add(ctx, &lines, "append to the log of run "+runID)
	})
}

// RunLog lists the lines of a run after a number, at most 1000; 0 is from the first.
func (q *Queries) RunLog(ctx context.Context, workspaceID, runID string, after int64) ([]LogLine, error) {
	rows := []LogLine{}
	err := q.read.NewSelect().Model(&rows).
		Where("run_id = (?)", q.read.NewSelect().Model((*Run)(nil)).Column("id").Where("id = ? AND workspace_id = ?", runID, workspaceID)).
		Where("seq > ?", after).Order("seq").Limit(1000).Scan(ctx)
	return rows, explain(err, "read the log of run "+runID)
}
