package api

import (
	"context"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
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

func (a *API) userRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/users", id: "list-users", access: administer, tag: "Users",
		summary: "All accounts of the instance",
	}, a.listUsers)
	handle(a, route{
		method: http.MethodPost, path: "/users", id: "add-user", access: administer, tag: "Users",
		summary: "Make an account", status: http.StatusCreated, audit: "user.add", errors: []int{http.StatusConflict},
	}, a.addUser)
	handle(a, route{
		method: http.MethodGet, path: "/users/{id}", id: "get-user", access: administer, tag: "Users",
		summary: "One account", errors: []int{http.StatusNotFound},
	}, a.getUser)
	handle(a, route{
		method: http.MethodPut, path: "/users/{id}", id: "update-user", access: administer, tag: "Users",
		summary: "Change an account", audit: "user.update", errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
		description: "Disabling it ends its sessions. The last administrator stays one.",
	}, a.updateUser)
	handle(a, route{
		method: http.MethodPut, path: "/users/{id}/password", id: "reset-password", access: administer, tag: "Users",
		summary: "Set a new password for somebody", status: http.StatusNoContent, audit: "user.password", errors: []int{http.StatusNotFound},
	}, a.resetPassword)
	handle(a, route{
		method: http.MethodDelete, path: "/users/{id}", id: "delete-user", access: administer, tag: "Users",
		summary: "Delete an account", status: http.StatusNoContent, audit: "user.delete", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deleteUser)
}

func userView(u state.User) User {
	return User{
		ID: u.ID, Name: u.Name, Email: u.Email, Administrator: u.Administrator, Disabled: u.Disabled,
		Language: u.Language, CreatedAt: u.CreatedAt, LastSeenAt: u.LastSeenAt,
	}
}

func (a *API) everyUser(ctx context.Context) ([]state.User, error) {
	return state.Every(func(p state.Page) ([]state.User, string, error) { return a.DB.Users(ctx, p) })
}

func (a *API) listUsers(ctx context.Context, _ *noInput) (*pageOutput[User], error) {
	all, err := a.everyUser(ctx)
	return pageOf(all, "", userView), err
}

func (a *API) addUser(ctx context.Context, in *addUserInput) (*versioned[User], error) {
	if err := auth.AcceptPassword(in.Body.Name, in.Body.Password); err != nil {
		return nil, err
	}
	hash, err := auth.HashPassword(in.Body.Password)
	if err != nil {
		return nil, err
	}
	u := state.User{
		Name: in.Body.Name, Email: in.Body.Email, PasswordHash: hash, PasswordAt: a.Clock(), Administrator: in.Body.Administrator,
	}
	if err := a.DB.AddUser(ctx, &u); err != nil {
		return nil, err
	}
	note(ctx, u.Name, map[string]bool{"administrator": u.Administrator})
	return withETag(u.Version, userView(u)), nil
}

func (a *API) getUser(ctx context.Context, in *ByID) (*versioned[User], error) {
	u, err := a.DB.User(ctx, in.ID)
	return withETag(u.Version, userView(u)), err
}

func (a *API) updateUser(ctx context.Context, in *userChange) (*versioned[User], error) {
	u, err := a.DB.User(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(u.Version); err != nil {
		return nil, err
	}
	if u.Administrator && (!in.Body.Administrator || in.Body.Disabled) {
		if err := a.keepAnAdministrator(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	u.Email, u.Administrator, u.Disabled, u.Language = in.Body.Email, in.Body.Administrator, in.Body.Disabled, in.Body.Language
	if err := a.DB.UpdateUser(ctx, &u); err != nil {
		return nil, err
	}
	if u.Disabled {
		if err := a.DB.DeleteSessionsOf(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	note(ctx, u.Name, map[string]bool{"administrator": u.Administrator, "disabled": u.Disabled})
	return withETag(u.Version, userView(u)), nil
}

// keepAnAdministrator refuses what would leave the instance without one.
func (a *API) keepAnAdministrator(ctx context.Context, without string) error {
	all, err := a.everyUser(ctx)
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.Administrator && !u.Disabled && u.ID != without {
			return nil
		}
	}
	return problem(http.StatusConflict, "this is the last administrator: make somebody else one first")
}

func (a *API) resetPassword(ctx context.Context, in *resetPasswordInput) (*struct{}, error) {
	u, err := a.DB.User(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := auth.AcceptPassword(u.Name, in.Body.Password); err != nil {
		return nil, err
	}
	if u.PasswordHash, err = auth.HashPassword(in.Body.Password); err != nil {
		return nil, err
	}
	u.PasswordAt = a.Clock()
	if err := a.DB.UpdateUser(ctx, &u); err != nil {
		return nil, err
	}
	note(ctx, u.Name, nil)
	return nil, a.DB.DeleteSessionsOf(ctx, u.ID)
}

func (a *API) deleteUser(ctx context.Context, in *ByID) (*struct{}, error) {
	u, err := a.DB.User(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if u.Administrator {
		if err := a.keepAnAdministrator(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	note(ctx, u.Name, nil)
	return nil, a.DB.DeleteUser(ctx, u.ID)
}
