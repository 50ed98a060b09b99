package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

func functionViews(list []script.Function) []ScriptFunction {
	out := make([]ScriptFunction, len(list))
	for i, f := range list {
		out[i] = ScriptFunction(f)
		out[i].Parameters = append([]string{}, f.Parameters...)
	}
	return out
}

func (a *API) scriptSummary(s state.Script, set string) (ScriptSummary, error) {
	list, err := library.FunctionsOf(s)
	return ScriptSummary{
		ID: s.ID, SetID: s.SetID, Set: set, Name: s.Name, Title: s.Title, Number: s.Number, Changed: s.Number == 0 || s.Draft != s.Code,
		Functions: functionViews(list), DraftAt: s.DraftAt, DraftBy: s.DraftBy, PublishedAt: s.PublishedAt, PublishedBy: s.PublishedBy,
		CreatedBy: s.CreatedBy, CreatedAt: s.CreatedAt,
	}, err
}

func (a *API) answerScript(ctx context.Context, s state.Script) (*versioned[Script], error) {
	set, err := a.DB.ScriptSet(ctx, s.WorkspaceID, s.SetID)
	if err != nil {
		return nil, err
	}
	v, err := a.scriptSummary(s, set.Name)
	return withETag(s.Version, Script{ScriptSummary: v, Draft: s.Draft, Code: s.Code}), err
}

func (a *API) listScripts(ctx context.Context, in *listScriptsInput) (*pageOutput[ScriptSummary], error) {
	sets, err := a.everyScriptSet(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range sets {
		names[s.ID] = s.Name
	}
	rows, err := a.everyScript(ctx, in.SetID)
	if err != nil {
		return nil, err
	}
	out := make([]ScriptSummary, len(rows))
	for i, s := range rows {
		if out[i], err = a.scriptSummary(s, names[s.SetID]); err != nil {
			return nil, err
		}
	}
	return page(out, ""), nil
}

func (a *API) addScript(ctx context.Context, in *addScriptInput) (*versioned[Script], error) {
	ws := workspaceOf(ctx)
	set, err := a.DB.ScriptSet(ctx, ws, in.Body.SetID)
	if isMissing(err) {
		return nil, invalid("body.set_id", "there is no such set in the workspace: add it first")
	}
	if err != nil {
		return nil, err
	}
	if err := library.CheckScriptName(set.Name, in.Body.Name); err != nil {
		return nil, refused(err)
	}
	by := personOf(ctx)
	s := state.Script{
		WorkspaceID: ws, SetID: set.ID, Name: in.Body.Name, Title: in.Body.Title, Draft: in.Body.Draft, DraftBy: by, DraftAt: a.Clock(),
		CreatedBy: by, CreatedAt: a.Clock(),
	}
	if err := a.DB.AddScript(ctx, &s); err != nil {
		return nil, err
	}
	return a.toldScript(ctx, s)
}

// toldScript lets the audit log and the stream know of a changed script, and answers it.
func (a *API) toldScript(ctx context.Context, s state.Script) (*versioned[Script], error) {
	note(ctx, s.ID, map[string]any{"name": s.Name, "number": s.Number})
	a.scriptsChanged(ctx, s.ID)
	return a.answerScript(ctx, s)
}

func (a *API) getScript(ctx context.Context, in *ByID) (*versioned[Script], error) {
	s, err := a.DB.Script(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return a.answerScript(ctx, s)
}

func (a *API) updateScript(ctx context.Context, in *scriptChange) (*versioned[Script], error) {
	s, err := a.DB.Script(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(s.Version); err != nil {
		return nil, err
	}
	if s.Draft != in.Body.Draft {
		s.Draft, s.DraftAt, s.DraftBy = in.Body.Draft, a.Clock(), personOf(ctx)
	}
	s.Title = in.Body.Title
	if err := a.DB.UpdateScript(ctx, &s); err != nil {
		return nil, err
	}
	return a.toldScript(ctx, s)
}

func (a *API) deleteScript(ctx context.Context, in *ByID) (*struct{}, error) {
	ws := workspaceOf(ctx)
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error { return a.Scripts.DeleteScript(ctx, tx, ws, in.ID) })
	if err == nil {
		a.scriptsChanged(ctx, in.ID)
	}
	return nil, err
}

// version is the one that If-Match names; 0 where it names none, or any.
func (g Guard) version(of int64) (int64, error) {
	if err := g.check(of); err != nil {
		return 0, err
	}
	if g.IfMatch == "" || g.IfMatch == "*" {
		return 0, nil
	}
	return of, nil
}

func (a *API) publishScript(ctx context.Context, in *publishInput) (*versioned[Script], error) {
	ws := workspaceOf(ctx)
	s, err := a.DB.Script(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	version, err := in.version(s.Version)
	if err != nil {
		return nil, err
	}
	s, err = a.Scripts.Publish(ctx, ws, s.ID, version, strings.TrimSpace(in.Body.Note), personOf(ctx))
	if p := problemOfScript(err); p != nil {
		return nil, wrongScript(*languageOf(ctx).scriptProblem(*p))
	}
	if errors.Is(err, library.ErrNothingNew) {
		return nil, problemf(http.StatusConflict, "the draft is what version %d is: there is nothing to publish", s.Number)
	}
	if err != nil {
		return nil, refused(err)
	}
	a.Hub.Publish(ws, triggersChanged)
	return a.toldScript(ctx, s)
}

// wrongScript answers a script that would not be loaded.
func wrongScript(p ScriptProblem) error {
	text := fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Message)
	if p.Instead != "" {
		text += ": " + p.Instead
	}
	answer := problem(http.StatusUnprocessableEntity, text)
	answer.Errors = []*huma.ErrorDetail{{Location: "body.draft:" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column), Message: p.Message, Value: p}}
	return answer
}

func (a *API) revertScript(ctx context.Context, in *revertInput) (*versioned[Script], error) {
	ws := workspaceOf(ctx)
	s, err := a.DB.Script(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	version, err := in.version(s.Version)
	if err != nil {
		return nil, err
	}
	if s, err = a.Scripts.Revert(ctx, ws, s.ID, version, in.Body.Number, personOf(ctx)); err != nil {
		return nil, refused(err)
	}
	return a.toldScript(ctx, s)
}

// mostVersions is how many a list of versions holds.
const mostVersions = 500

func versionView(v state.ScriptVersion) ScriptVersion {
	return ScriptVersion{Number: v.Number, Note: v.Note, By: v.By, At: v.At}
}

func (a *API) listScriptVersions(ctx context.Context, in *ByID) (*pageOutput[ScriptVersion], error) {
	if _, err := a.DB.Script(ctx, workspaceOf(ctx), in.ID); err != nil {
		return nil, err
	}
	rows, err := a.DB.ScriptVersions(ctx, workspaceOf(ctx), in.ID, mostVersions)
	return pageOf(rows, "", versionView), err
}

func (a *API) getScriptVersion(ctx context.Context, in *versionInput) (*bodyOutput[ScriptVersion], error) {
	row, err := a.DB.ScriptVersion(ctx, workspaceOf(ctx), in.ID, in.Number)
	if err != nil {
		return nil, err
	}
	v := versionView(row)
	v.Code = row.Code
	return body(v), nil
}

func (a *API) checkScript(ctx context.Context, in *checkScriptInput) (*bodyOutput[ScriptCheck], error) {
	list, err := a.Scripts.Functions(ctx, workspaceOf(ctx), in.Body.Code, in.Body.Set, in.Body.Name)
	if p := problemOfScript(err); p != nil {
		return body(ScriptCheck{Functions: []ScriptFunction{}, Problem: languageOf(ctx).scriptProblem(*p)}), nil
	}
	if err != nil {
		return nil, err
	}
	return body(ScriptCheck{OK: true, Functions: functionViews(list)}), nil
}
