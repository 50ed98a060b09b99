package server

import (
	"context"
	"log/slog"
	"strings"
)

// quiet keeps the parts that tell of all that they do (the metrics store its compactions, the job
// queue its counts) from the log below a warning, unless everything is wanted.
type quiet struct{ slog.Handler }

// talkative are the values of the attribute "part" of such parts.
var talkative = map[string]bool{"store": true, "jobs": true}

func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		if a.Key == "part" && talkative[a.Value.String()] {
			return warnings{q.Handler.WithAttrs(attrs)}
		}
	}
	return quiet{q.Handler.WithAttrs(attrs)}
}

func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }

// warnings lets through warnings and errors, and everything where the log has debug messages.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return w.Handler.Enabled(ctx, level) && (level >= slog.LevelWarn || w.Handler.Enabled(ctx, slog.LevelDebug))
}

// overlap is how Prometheus warns of blocks that share times. Late samples make them, which are
// welcome here, and compaction merges them.
const overlap = "Overlapping blocks found"

func (w warnings) Handle(ctx context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, overlap) && !w.Handler.Enabled(ctx, slog.LevelDebug) {
		return nil
	}
	return w.Handler.Handle(ctx, r)
}

func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
