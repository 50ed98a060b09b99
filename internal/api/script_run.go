package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// answerSlack is how much longer than its script an answer may be written.
const answerSlack = 30 * time.Second

func (a *API) runScript(ctx context.Context, in *runScriptInput) (*streamOutput, error) {
	draft, err := a.Scripts.Draft(ctx, workspaceOf(ctx), in.ID, in.Body.Code, in.Body.Function, in.Body.Args)
	if errors.Is(err, library.ErrBusy) {
		return nil, problem(http.StatusTooManyRequests, "as many drafts as this server runs at once are running: wait a moment and try again")
	}
	if err != nil {
		return nil, refused(err)
	}
	note(ctx, in.ID, map[string]string{"function": in.Body.Function})
	return &streamOutput{ContentType: "application/x-ndjson", Body: func(c huma.Context) {
		_, w := humago.Unwrap(c)
		lines, answer := json.NewEncoder(c.BodyWriter()), http.NewResponseController(w)
		_ = answer.SetWriteDeadline(time.Now().Add(library.DraftTime + answerSlack)) // without one the server's stays
		write := func(l ScriptLine) {
			if err := lines.Encode(l); err == nil {
				_ = answer.Flush()
			}
		}
		result, err := draft.Run(c.Context(), func(line sandbox.Line) {
			text := line.Text
			if line.Said {
				text = languageOf(ctx).say(text)
			}
			write(ScriptLine{Print: &ScriptPrint{At: line.At.UTC(), Text: text}})
		})
		if err != nil {
			a.Logger.WarnContext(c.Context(), "a draft could not be run", "error", err)
			write(ScriptLine{Problem: languageOf(ctx).say(err.Error())})
			return
		}
		view := languageOf(ctx).scriptResult(result)
		write(ScriptLine{Result: &view})
	}}, nil
}

func (l language) scriptResult(r library.DraftResult) ScriptResult {
	v := ScriptResult{
		Value: r.Value, ElapsedMS: r.Elapsed.Milliseconds(), CPUMS: r.CPU.Milliseconds(), PeakBytes: r.PeakBytes,
		Registered: []ScriptRegistration{}, Events: []ScriptEvent{}, EventCount: r.EventCount,
		Findings: ScriptFindings{
			Hosts: r.Summary.Hosts, Failed: r.Summary.Failed, NoData: r.Summary.NoData, Leaks: r.Summary.Leaks, LeakHosts: r.Summary.LeakHosts,
			Leaking: append([]string{}, r.Leaking...),
		},
	}
	for _, g := range r.Registered {
		v.Registered = append(v.Registered, ScriptRegistration{Function: g.Function, Title: g.Title, Doc: g.Doc})
	}
	for _, e := range r.Events {
		v.Events = append(v.Events, ScriptEvent{Title: e.Title, Message: e.Message, Level: e.Status, Dimensions: e.DimensionTags})
	}
	if f := r.Failure; f != nil {
		v.Failure = &ScriptFailure{Message: l.say(f.Message), Traceback: f.Traceback, Line: f.Line, Column: f.Column, Limit: f.Limit}
	}
	return v
}
