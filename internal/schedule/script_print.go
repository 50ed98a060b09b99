package schedule

import (
	"context"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// What is kept of what a run prints.
const (
	maxPrints     = 10_000 // lines of one attempt
	maxPrintBytes = 16 << 10
	printEvery    = time.Second
)

// printed is what was printed and is not in the log yet.
type printed struct {
	lines []state.LogLine
	count int
}

// Print adds what the script printed to the run's log, within a second.
func (r *ScriptRun) Print(at time.Time, text string) { r.add(at, state.PrintLevel, text) }

// Say adds what memseep has to say of the run to its log, within a second.
func (r *ScriptRun) Say(at time.Time, text string) { r.add(at, "info", text) }

func (r *ScriptRun) add(at time.Time, level, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.log.count++; {
	case r.log.count == maxPrints+1:
		level, text = "info", "more was printed: the log of a run keeps its first 10,000 lines"
	case r.log.count > maxPrints:
		return
	}
	r.log.lines = append(r.log.lines, state.LogLine{At: at.UTC(), Level: level, Text: printable(text, maxPrintBytes)})
}

// printable is a text as it can be kept, cut to so many bytes.
func printable(text string, most int) string {
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// prints takes what is not in the log yet.
func (r *ScriptRun) prints() []state.LogLine {
	r.mu.Lock()
	defer r.mu.Unlock()
	lines := r.log.lines
	r.log.lines = nil
	return lines
}

// keepPrints writes the log as it grows, until ctx ends.
func (r *ScriptRun) keepPrints(ctx context.Context) {
	ticker := time.NewTicker(printEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			r.flush(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// flush writes what was printed; what cannot be written now comes with the next.
func (r *ScriptRun) flush(ctx context.Context) {
	lines := r.prints()
	if len(lines) == 0 {
		return
	}
	run := r.current()
	if err := r.s.o.DB.AppendLog(ctx, run.WorkspaceID, run.ID, lines); err != nil {
		r.mu.Lock()
		r.log.lines = append(lines, r.log.lines...)
		r.mu.Unlock()
		return
	}
	r.s.published(run.WorkspaceID, runChange(&run))
}
