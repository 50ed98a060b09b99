package api

import (
	"net/http"
	"time"
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
	}, unbuilt[noInput, pageOutput[Workspace]])
	handle(a, route{
		method: http.MethodPost, path: "/workspaces", id: "add-workspace", access: administer, tag: "Workspaces",
		summary: "Make a workspace", status: http.StatusCreated, audit: "workspace.add", errors: []int{http.StatusConflict},
		description: "It begins with the memory-leak inspection, enabled.",
	}, unbuilt[WorkspaceInput, versioned[Workspace]])
	handle(a, route{
		method: http.MethodGet, path: "/workspaces/{id}", id: "get-workspace", access: reads, tag: "Workspaces",
		summary: "One workspace", errors: []int{http.StatusNotFound},
	}, unbuilt[ByID, versioned[Workspace]])
	handle(a, route{
		method: http.MethodPut, path: "/workspaces/{id}", id: "update-workspace", access: owns, tag: "Workspaces",
		summary: "Rename a workspace", audit: "workspace.update", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, unbuilt[workspaceChange, versioned[Workspace]])
	handle(a, route{
		method: http.MethodDelete, path: "/workspaces/{id}", id: "delete-workspace", access: administer, tag: "Workspaces",
		summary: "Delete a workspace with all it owns, its samples too", status: http.StatusNoContent, audit: "workspace.delete",
		errors: []int{http.StatusNotFound, http.StatusConflict},
	}, unbuilt[ByID, struct{}])
}
