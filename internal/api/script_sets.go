package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

// ScriptSet holds scripts, which import each other as SET__SCRIPT.
type ScriptSet struct {
	ID          string      `json:"id"`
	Name        string      `json:"name" doc:"An identifier, unique in the workspace."`
	Title       string      `json:"title"`
	Description string      `json:"description" doc:"Markdown."`
	Package     *SetPackage `json:"package,omitempty" doc:"What it was installed from; absent where people made it."`
	Scripts     int         `json:"scripts" doc:"How many it holds."`
	CreatedBy   string      `json:"created_by"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
}

// SetPackage is the package that a set was installed from.
type SetPackage struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// ScriptSetInput is a set as it is made.
type ScriptSetInput struct {
	Name string `json:"name" minLength:"1" maxLength:"64" example:"checks" doc:"An identifier: scripts import each other as SET__SCRIPT. It stays."`
	ScriptSetChange
}

// ScriptSetChange is what of a set may be changed.
type ScriptSetChange struct {
	Title       string `json:"title,omitempty" maxLength:"200"`
	Description string `json:"description,omitempty" maxLength:"20000" doc:"Markdown."`
}

type addScriptSetInput struct{ Body ScriptSetInput }

type scriptSetChange struct {
	ByID
	Guard
	Body ScriptSetChange
}

func (a *API) scriptSetRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/scripts/sets", id: "list-script-sets", access: reads, tag: "Scripts",
		summary: "All sets of scripts",
	}, a.listScriptSets)
	handle(a, route{
		method: http.MethodPost, path: "/scripts/sets", id: "add-script-set", access: edits, tag: "Scripts",
		summary: "Add a set of scripts", status: http.StatusCreated, audit: "script_set.add", errors: []int{http.StatusConflict},
	}, a.addScriptSet)
	handle(a, route{
		method: http.MethodPut, path: "/scripts/sets/{id}", id: "update-script-set", access: edits, tag: "Scripts",
		summary: "Change title and description of a set", audit: "script_set.update", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.updateScriptSet)
	handle(a, route{
		method: http.MethodDelete, path: "/scripts/sets/{id}", id: "delete-script-set", access: edits, tag: "Scripts",
		summary: "Delete a set with its scripts, their triggers and its variables", status: http.StatusNoContent, audit: "script_set.delete", errors: []int{http.StatusNotFound},
		description: "Inspections that its scripts have registered stay, and run no more.",
	}, a.deleteScriptSet)
}

func (a *API) everyScriptSet(ctx context.Context) ([]state.ScriptSet, error) {
	return state.Every(func(p state.Page) ([]state.ScriptSet, string, error) {
		return a.DB.ScriptSets(ctx, workspaceOf(ctx), p)
	})
}

func (a *API) everyScript(ctx context.Context, setID string) ([]state.Script, error) {
	return state.Every(func(p state.Page) ([]state.Script, string, error) {
		return a.DB.Scripts(ctx, workspaceOf(ctx), state.ScriptFilter{SetID: setID, Page: p})
	})
}

func scriptSetView(s state.ScriptSet, scripts int) ScriptSet {
	v := ScriptSet{
		ID: s.ID, Name: s.Name, Title: s.Title, Description: s.Description, Scripts: scripts,
		CreatedBy: s.CreatedBy, CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
	if s.PackageName != "" {
		var of struct{ Version string }
		_ = json.Unmarshal(s.Package, &of) // without one the version is not known
		v.Package = &SetPackage{Name: s.PackageName, Version: of.Version}
	}
	return v
}

func (a *API) listScriptSets(ctx context.Context, _ *noInput) (*pageOutput[ScriptSet], error) {
	sets, err := a.everyScriptSet(ctx)
	if err != nil {
		return nil, err
	}
	scripts, err := a.everyScript(ctx, "")
	counts := map[string]int{}
	for _, s := range scripts {
		counts[s.SetID]++
	}
	return pageOf(sets, "", func(s state.ScriptSet) ScriptSet { return scriptSetView(s, counts[s.ID]) }), err
}

func (a *API) answerScriptSet(ctx context.Context, s state.ScriptSet) (*versioned[ScriptSet], error) {
	scripts, err := a.everyScript(ctx, s.ID)
	return withETag(s.Version, scriptSetView(s, len(scripts))), err
}

func (a *API) addScriptSet(ctx context.Context, in *addScriptSetInput) (*versioned[ScriptSet], error) {
	if err := library.CheckSetName(in.Body.Name); err != nil {
		return nil, refused(err)
	}
	s := state.ScriptSet{
		WorkspaceID: workspaceOf(ctx), Name: in.Body.Name, Title: in.Body.Title, Description: in.Body.Description, CreatedBy: personOf(ctx),
		CreatedAt: a.Clock(),
	}
	if err := a.DB.AddScriptSet(ctx, &s); err != nil {
		return nil, err
	}
	note(ctx, s.ID, map[string]string{"name": s.Name})
	a.scriptsChanged(ctx, s.ID)
	return a.answerScriptSet(ctx, s)
}

func (a *API) updateScriptSet(ctx context.Context, in *scriptSetChange) (*versioned[ScriptSet], error) {
	s, err := a.DB.ScriptSet(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(s.Version); err != nil {
		return nil, err
	}
	s.Title, s.Description, s.UpdatedAt = in.Body.Title, in.Body.Description, a.Clock()
	if err := a.DB.UpdateScriptSet(ctx, &s); err != nil {
		return nil, err
	}
	note(ctx, s.ID, map[string]string{"name": s.Name})
	a.scriptsChanged(ctx, s.ID)
	return a.answerScriptSet(ctx, s)
}

func (a *API) deleteScriptSet(ctx context.Context, in *ByID) (*struct{}, error) {
	ws := workspaceOf(ctx)
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error { return a.Scripts.DeleteSet(ctx, tx, ws, in.ID) })
	if err == nil {
		a.scriptsChanged(ctx, in.ID)
	}
	return nil, err
}

// scriptsChanged lets the stream know.
func (a *API) scriptsChanged(ctx context.Context, id string) {
	a.Hub.Publish(workspaceOf(ctx), schedule.Change{Kind: "scripts", ID: id})
}

// refused is the answer to what the library does not take.
func refused(err error) error {
	var r *library.Refusal
	if errors.As(err, &r) {
		return invalid("body."+r.Field, r.Message)
	}
	return err
}
