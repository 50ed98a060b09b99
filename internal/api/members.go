package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/state"
)

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

func (a *API) memberRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/members", id: "list-members", access: reads, tag: "Members",
		summary: "The people of the workspace with their roles",
	}, a.listMembers)
	handle(a, route{
		method: http.MethodPut, path: "/members/{user}", id: "set-member", access: owns, tag: "Members",
		summary: "Let a person in, or change their role", audit: "member.set", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.setMember)
	handle(a, route{
		method: http.MethodDelete, path: "/members/{user}", id: "remove-member", access: owns, tag: "Members",
		summary: "Take a person out of the workspace", status: http.StatusNoContent, audit: "member.remove", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.removeMember)
}

func (a *API) listMembers(ctx context.Context, _ *noInput) (*pageOutput[Member], error) {
	rows, err := a.DB.Members(ctx, workspaceOf(ctx))
	if err != nil {
		return nil, err
	}
	out := make([]Member, len(rows))
	for i, m := range rows {
		u, err := a.DB.User(ctx, m.UserID)
		if err != nil {
			return nil, err
		}
		out[i] = memberView(m, u)
	}
	return page(out, ""), nil
}

func memberView(m state.Member, u state.User) Member {
	return Member{UserID: m.UserID, Name: u.Name, Email: u.Email, Role: string(m.Role), CreatedAt: m.CreatedAt}
}

// person reads an account by its identifier or name.
func (a *API) person(ctx context.Context, user string) (state.User, error) {
	u, err := a.DB.User(ctx, user)
	if errors.Is(err, state.ErrNotFound) {
		u, err = a.DB.UserByName(ctx, strings.ToLower(user))
	}
	if errors.Is(err, state.ErrNotFound) {
		return u, problemf(http.StatusNotFound, "nobody has an account named %q: ask an administrator of the instance to make one", user)
	}
	return u, err
}

func (a *API) setMember(ctx context.Context, in *memberInput) (*bodyOutput[Member], error) {
	u, err := a.person(ctx, in.User)
	if err != nil {
		return nil, err
	}
	role := state.Role(in.Body.Role)
	if role != state.Owner {
		if err := a.keepAnOwner(ctx, u.ID); err != nil {
			return nil, err
		}
	}
	m := state.Member{WorkspaceID: workspaceOf(ctx), UserID: u.ID, Role: role, CreatedAt: a.Clock()}
	if err := a.DB.SetMember(ctx, m); err != nil {
		return nil, err
	}
	note(ctx, u.Name, map[string]string{"role": in.Body.Role})
	return body(memberView(m, u)), nil
}

// keepAnOwner refuses what would leave the workspace without an owner.
func (a *API) keepAnOwner(ctx context.Context, without string) error {
	rows, err := a.DB.Members(ctx, workspaceOf(ctx))
	if err != nil {
		return err
	}
	was, others := false, false
	for _, m := range rows {
		if m.Role == state.Owner {
			was = was || m.UserID == without
			others = others || m.UserID != without
		}
	}
	if was && !others {
		return problem(http.StatusConflict, "this is the last owner of the workspace: make somebody else one first")
	}
	return nil
}

func (a *API) removeMember(ctx context.Context, in *memberPath) (*struct{}, error) {
	u, err := a.person(ctx, in.User)
	if err != nil {
		return nil, err
	}
	if err := a.keepAnOwner(ctx, u.ID); err != nil {
		return nil, err
	}
	note(ctx, u.Name, nil)
	return nil, a.DB.RemoveMember(ctx, workspaceOf(ctx), u.ID)
}
