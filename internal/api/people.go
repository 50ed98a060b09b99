package api

import (
	"net/http"
	"time"
)

// User is a person who may sign in.
type User struct {
	ID            string    `json:"id"`
	Name          string    `json:"name" doc:"To sign in with; lower case."`
	Email         string    `json:"email,omitempty"`
	Administrator bool      `json:"administrator" doc:"Of the instance: makes workspaces and accounts, is an owner everywhere."`
	Disabled      bool      `json:"disabled" doc:"May not sign in."`
	Language      string    `json:"language,omitempty" enum:"en,zh,"`
	CreatedAt     time.Time `json:"created_at"`
	LastSeenAt    time.Time `json:"last_seen_at,omitzero"`
}

type addUserInput struct {
	Body struct {
		Name          string `json:"name" minLength:"1" maxLength:"100" pattern:"^[a-z0-9][a-z0-9._@-]*$" patternDescription:"lower case letters, digits and . _ @ -"`
		Password      string `json:"password" minLength:"10" maxLength:"1000"`
		Email         string `json:"email,omitempty" format:"email" maxLength:"300"`
		Administrator bool   `json:"administrator,omitempty"`
	}
}

type userChange struct {
	ByID
	Guard
	Body struct {
		Email         string `json:"email,omitempty" format:"email" maxLength:"300"`
		Administrator bool   `json:"administrator"`
		Disabled      bool   `json:"disabled"`
		Language      string `json:"language,omitempty" enum:"en,zh,"`
	}
}

type resetPasswordInput struct {
	ByID
	Body struct {
		Password string `json:"password" minLength:"10" maxLength:"1000" doc:"All sessions of the person end."`
	}
}

// Member is a person's role in the workspace.
type Member struct {
	UserID    string    `json:"user_id"`
	Name      string    `json:"name"`
	Email     string    `json:"email,omitempty"`
	Role      string    `json:"role" enum:"owner,editor,viewer"`
	CreatedAt time.Time `json:"created_at"`
}

type memberInput struct {
	User string `path:"user" maxLength:"200" doc:"Identifier or name of a person who has an account."`
	Body struct {
		Role string `json:"role" enum:"owner,editor,viewer" doc:"owner: people and keys; editor: inspections and events; viewer: reads."`
	}
}

type memberPath struct {
	User string `path:"user" maxLength:"200" doc:"Identifier or name of the person."`
}

func (a *API) userRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/users", id: "list-users", access: administer, tag: "Users",
		summary: "All accounts of the instance",
	}, unbuilt[noInput, pageOutput[User]])
	handle(a, route{
		method: http.MethodPost, path: "/users", id: "add-user", access: administer, tag: "Users",
		summary: "Make an account", status: http.StatusCreated, audit: "user.add", errors: []int{http.StatusConflict},
	}, unbuilt[addUserInput, versioned[User]])
	handle(a, route{
		method: http.MethodGet, path: "/users/{id}", id: "get-user", access: administer, tag: "Users",
		summary: "One account", errors: []int{http.StatusNotFound},
	}, unbuilt[ByID, versioned[User]])
	handle(a, route{
		method: http.MethodPut, path: "/users/{id}", id: "update-user", access: administer, tag: "Users",
		summary: "Change an account", audit: "user.update", errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
		description: "Disabling it ends its sessions. The last administrator stays one.",
	}, unbuilt[userChange, versioned[User]])
	handle(a, route{
		method: http.MethodPut, path: "/users/{id}/password", id: "reset-password", access: administer, tag: "Users",
		summary: "Set a new password for somebody", status: http.StatusNoContent, audit: "user.password", errors: []int{http.StatusNotFound},
	}, unbuilt[resetPasswordInput, struct{}])
	handle(a, route{
		method: http.MethodDelete, path: "/users/{id}", id: "delete-user", access: administer, tag: "Users",
		summary: "Delete an account", status: http.StatusNoContent, audit: "user.delete", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, unbuilt[ByID, struct{}])
}

func (a *API) memberRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/members", id: "list-members", access: reads, tag: "Members",
		summary: "The people of the workspace with their roles",
	}, unbuilt[noInput, pageOutput[Member]])
	handle(a, route{
		method: http.MethodPut, path: "/members/{user}", id: "set-member", access: owns, tag: "Members",
		summary: "Let a person in, or change their role", audit: "member.set", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, unbuilt[memberInput, bodyOutput[Member]])
	handle(a, route{
		method: http.MethodDelete, path: "/members/{user}", id: "remove-member", access: owns, tag: "Members",
		summary: "Take a person out of the workspace", status: http.StatusNoContent, audit: "member.remove", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, unbuilt[memberPath, struct{}])
}
