package schedule

import (
	"context"

	"github.com/memseep/memseep/internal/state"
)

// maxWarnings is how many hosts that could not be read a run's log names.
const maxWarnings = 20

func (s *Schedule) line(level, text string) state.LogLine {
	return state.LogLine{At: s.o.Clock().UTC(), Level: level, Text: text}
}

// log adds a line to a run's log in a transaction.
func (s *Schedule) log(ctx context.Context, tx *state.Tx, run *state.Run, level, text string) error {
	return tx.AppendLog(ctx, run.WorkspaceID, run.ID, []state.LogLine{s.line(level, text)})
}

// logAlone adds a line that is worth no failure where it cannot be kept.
func (s *Schedule) logAlone(ctx context.Context, run *state.Run, level, text string) {
	if err := s.o.DB.AppendLog(ctx, run.WorkspaceID, run.ID, []state.LogLine{s.line(level, text)}); err != nil {
		s.o.Logger.Warn("a line of a run's log could not be kept", "run", run.ID, "line", text, "error", err)
	}
}
