package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
)

// Bounds of a backtest.
const (
	backtestSpan = 30 * 24 * time.Hour
	backtestTime = 30 * time.Minute
	progressPace = 250 * time.Millisecond
)

func (a *API) backtest(ctx context.Context, in *backtestInput) (*streamOutput, error) {
	t, err := a.trial(ctx, in.Body.Inspection)
	if err != nil {
		return nil, err
	}
	b := &backtest{trial: t, every: time.Duration(in.Body.EverySeconds) * time.Second}
	if err := a.span(ctx, b, in.Body.From, in.Body.To); err != nil {
		return nil, err
	}
	return &streamOutput{ContentType: "application/x-ndjson", Body: func(c huma.Context) {
		_, w := humago.Unwrap(c)
		b.lines, b.answer = json.NewEncoder(c.BodyWriter()), http.NewResponseController(w)
		_ = b.answer.SetWriteDeadline(time.Now().Add(backtestTime)) // without one the server's stays
		ctx, cancel := context.WithTimeout(c.Context(), backtestTime)
		defer cancel()
		events, err := schedule.Backtest(ctx, b.reporting(), b.from, b.to, b.every, nil)
		if err != nil {
			b.write(BacktestLine{Problem: languageOf(ctx).say(a.problemOf(ctx, trialProblem(err)).Error())})
			return
		}
		b.write(BacktestLine{Outcome: a.outcome(languageOf(ctx), b, events)})
	}}, nil
}

// backtest is what one answer is written from.
type backtest struct {
	trial    schedule.Trial
	from, to time.Time
	every    time.Duration

	lines  *json.Encoder
	answer *http.ResponseController
	told   time.Time // when progress was told last
}

// span settles the times of the runs: what is kept, where nothing else is asked for.
func (a *API) span(ctx context.Context, b *backtest, from, to time.Time) error {
	newest, err := b.trial.Source.Newest(ctx)
	if err != nil {
		return badSource(err)
	}
	if b.to = or(to, newest); b.to.After(newest) {
		b.to = newest
	}
	if b.from = from; from.IsZero() {
		b.from = b.to.Add(-backtestSpan)
		if oldest := a.oldest(ctx, b.trial.Inspection); oldest.After(b.from) {
			b.from = oldest.Add(b.trial.Inspection.Window)
		}
		if b.from.After(b.to) {
			b.from = b.to
		}
		b.from = b.to.Add(-b.to.Sub(b.from).Truncate(b.every)) // so that the newest window is one of them
	}
	if b.from.After(b.to) {
		return invalid("body.from", "from lies after the newest sample, which is of "+newest.UTC().Format(time.RFC3339))
	}
	return nil
}

// oldest is when the own store begins; zero of a source outside, which does not tell.
func (a *API) oldest(ctx context.Context, i state.Inspection) time.Time {
	if i.SourceID != "" {
		return time.Time{}
	}
	m, err := a.Spaces.Workspace(ctx, i.WorkspaceID)
	if err != nil {
		return time.Time{}
	}
	s, err := m.Stats(ctx)
	if err != nil {
		return time.Time{}
	}
	return s.Oldest
}

// reporting is the trial with its progress written, not too often.
func (b *backtest) reporting() schedule.Trial {
	t := b.trial
	t.Progress = func(done, total int) {
		if now := time.Now(); now.Sub(b.told) >= progressPace {
			b.told = now
			b.write(BacktestLine{Progress: &BacktestProgress{Done: done, Total: total}})
		}
	}
	return t
}

// write sends a line. Where the client has gone, the request's context ends the backtest.
func (b *backtest) write(l BacktestLine) {
	if err := b.lines.Encode(l); err == nil {
		_ = b.answer.Flush()
	}
}

func (a *API) outcome(l language, b *backtest, events []event.Event) *BacktestOutcome {
	out := &BacktestOutcome{
		From: b.from.UTC(), To: b.to.UTC(), Runs: int(b.to.Sub(b.from)/b.every) + 1, Events: make([]EventSummary, len(events)),
	}
	hosts := map[string]bool{}
	for n, e := range events {
		hosts[e.Object.Host] = true
		out.Events[n] = a.summary(l, e)
	}
	out.Hosts = len(hosts)
	return out
}
