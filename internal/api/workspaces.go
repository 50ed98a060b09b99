package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// Workspace owns hosts, keys, inspections and events.
type Workspace struct {
	ID        string    `json:"id"`
	Name      string    `json:"name" example:"production"`
	CreatedAt time.Time `json:"created_at"`
}

// WorkspaceInput is a workspace as it is written.
type WorkspaceInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200" example:"production"`
	}
}

type workspaceChange struct {
	ByID
	Guard
	WorkspaceInput
}

func (a *API) workspaceRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/workspaces", id: "list-workspaces", access: signedIn, tag: "Workspaces",
		summary: "The workspaces that one may enter", description: "An administrator sees all.",
	}, a.listWorkspaces)
	handle(a, route{
		method: http.MethodPost, path: "/workspaces", id: "add-workspace", access: administer, tag: "Workspaces",
		summary: "Make a workspace", status: http.StatusCreated, audit: "workspace.add", errors: []int{http.StatusConflict},
		description: "It begins with the memory-leak inspection, enabled.",
	}, a.addWorkspace)
	handle(a, route{
		method: http.MethodGet, path: "/workspaces/{id}", id: "get-workspace", access: reads, tag: "Workspaces",
		summary: "One workspace", errors: []int{http.StatusNotFound},
	}, a.getWorkspace)
	handle(a, route{
		method: http.MethodPut, path: "/workspaces/{id}", id: "update-workspace", access: owns, tag: "Workspaces",
		summary: "Rename a workspace", audit: "workspace.update", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.updateWorkspace)
	handle(a, route{
		method: http.MethodDelete, path: "/workspaces/{id}", id: "delete-workspace", access: administer, tag: "Workspaces",
		summary: "Delete a workspace with all it owns, its samples too", status: http.StatusNoContent, audit: "workspace.delete",
		errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deleteWorkspace)
}

func workspaceView(w state.Workspace) Workspace {
	return Workspace{ID: w.ID, Name: w.Name, CreatedAt: w.CreatedAt}
}

func (a *API) everyWorkspace(ctx context.Context) ([]state.Workspace, error) {
	return state.Every(func(p state.Page) ([]state.Workspace, string, error) { return a.DB.Workspaces(ctx, p) })
}

func (a *API) listWorkspaces(ctx context.Context, _ *noInput) (*pageOutput[Workspace], error) {
	id := who(ctx)
	if id.Key != nil {
		w, err := a.DB.Workspace(ctx, id.WorkspaceID)
		return page([]Workspace{workspaceView(w)}, ""), err
	}
	may, err := a.workspacesOf(ctx, id.User)
	if err != nil {
		return nil, err
	}
	out := []Workspace{}
	for _, m := range may {
		w, err := a.DB.Workspace(ctx, m.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, workspaceView(w))
	}
	return page(out, ""), nil
}

func (a *API) addWorkspace(ctx context.Context, in *WorkspaceInput) (*versioned[Workspace], error) {
	w := state.Workspace{Name: strings.TrimSpace(in.Body.Name)}
	if err := a.NewWorkspace(ctx, &w, actor(ctx)); err != nil {
		return nil, err
	}
	note(ctx, w.ID, map[string]string{"name": w.Name})
	return withETag(w.Version, workspaceView(w)), nil
}

// ownWorkspace reads the workspace that the request is about; of others nothing is seen.
func (a *API) ownWorkspace(ctx context.Context, id string) (state.Workspace, error) {
	if id != workspaceOf(ctx) {
		return state.Workspace{}, problem(http.StatusNotFound, "there is no such workspace, or these credentials are for another: name it by X-Workspace too")
	}
	return a.DB.Workspace(ctx, id)
}

func (a *API) getWorkspace(ctx context.Context, in *ByID) (*versioned[Workspace], error) {
	w, err := a.ownWorkspace(ctx, in.ID)
	return withETag(w.Version, workspaceView(w)), err
}

func (a *API) updateWorkspace(ctx context.Context, in *workspaceChange) (*versioned[Workspace], error) {
	w, err := a.ownWorkspace(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(w.Version); err != nil {
		return nil, err
	}
	before := w.Name
	w.Name = strings.TrimSpace(in.Body.Name)
	if err := a.DB.UpdateWorkspace(ctx, &w); err != nil {
		return nil, err
	}
	note(ctx, w.ID, map[string]string{"before": before, "name": w.Name})
	return withETag(w.Version, workspaceView(w)), nil
}

func (a *API) deleteWorkspace(ctx context.Context, in *ByID) (*struct{}, error) {
	all, err := a.everyWorkspace(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 1 && all[0].ID == in.ID {
		return nil, problem(http.StatusConflict, "this is the only workspace: make another one first")
	}
	if err := a.DB.DeleteWorkspace(ctx, in.ID); err != nil {
		return nil, err
	}
	a.Ingest.Forget(in.ID)
	return nil, a.Spaces.Delete(ctx, in.ID)
}
