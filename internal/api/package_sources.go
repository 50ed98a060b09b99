package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/script/market"
	"github.com/memseep/memseep/internal/state"
)

// PackageSource is where packages come from.
type PackageSource struct {
	ID        string    `json:"id" doc:"builtin is the binary's own, which is always there."`
	Name      string    `json:"name"`
	Kind      string    `json:"kind" enum:"builtin,folder,git,http"`
	Address   string    `json:"address,omitempty"`
	PublicKey string    `json:"public_key,omitempty" doc:"Of minisign: what it signed is taken alone."`
	Packages  int       `json:"packages" doc:"How many it had when it was looked at last."`
	CheckedAt time.Time `json:"checked_at,omitzero"`
	Error     string    `json:"error,omitempty" doc:"Of the last look; absent where it went well."`
	CreatedBy string    `json:"created_by,omitempty"`
	CreatedAt time.Time `json:"created_at,omitzero"`
}

func (l language) packageSource(s state.PackageSource) PackageSource {
	v := PackageSource{
		ID: s.ID, Name: s.Name, Kind: s.Kind, Address: s.Address, PublicKey: s.PublicKey,
		CheckedAt: s.CheckedAt, Error: l.say(s.Error), CreatedBy: s.CreatedBy, CreatedAt: s.CreatedAt,
	}
	if offers, err := market.Offers(s); err == nil {
		v.Packages = len(offers)
	}
	return v
}

// PackageSourceInput is a source of packages as it is written.
type PackageSourceInput struct {
	Name      string `json:"name" minLength:"1" maxLength:"200"`
	Kind      string `json:"kind" enum:"folder,git,http"`
	Address   string `json:"address" minLength:"1" maxLength:"2000" doc:"http: of an index.json or the folder that has it. git: of a repository, with #branch or #tag. folder: a path on the server's machine, within the folders that its configuration names." example:"https://packages.example.com/index.json"`
	PublicKey string `json:"public_key,omitempty" maxLength:"200" doc:"Of minisign, the line that begins with RW. Empty: no signature is asked for."`
}

type addPackageSourceInput struct {
	FromRequest
	Body PackageSourceInput
}

type packageSourceChange struct {
	FromRequest
	ByID
	Guard
	Body PackageSourceInput
}

func (a *API) packageSourceRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/package-sources", id: "list-package-sources", access: reads, tag: "Packages",
		summary: "Where packages come from", description: "The binary's own is the first.",
	}, a.listPackageSources)
	handle(a, route{
		method: http.MethodPost, path: "/package-sources", id: "add-package-source", access: owns, tag: "Packages",
		summary: "Add a source of packages", description: "It is looked at at once: its error says what went wrong there.",
		status: http.StatusCreated, audit: "package-source.add", errors: []int{http.StatusConflict},
	}, a.addPackageSource)
	handle(a, route{
		method: http.MethodGet, path: "/package-sources/{id}", id: "get-package-source", access: reads, tag: "Packages",
		summary: "One source of packages", errors: []int{http.StatusNotFound},
	}, a.getPackageSource)
	handle(a, route{
		method: http.MethodPut, path: "/package-sources/{id}", id: "update-package-source", access: owns, tag: "Packages",
		summary: "Change a source of packages", audit: "package-source.update",
		errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, a.updatePackageSource)
	handle(a, route{
		method: http.MethodDelete, path: "/package-sources/{id}", id: "delete-package-source", access: owns, tag: "Packages",
		summary: "Delete a source of packages", description: "What was installed from it stays.",
		status: http.StatusNoContent, audit: "package-source.delete", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deletePackageSource)
}

// errOwnSource says that the binary's own source is not the workspace's.
func errOwnSource() error {
	return problem(http.StatusConflict, "the binary's own source is always there: it cannot be changed or deleted")
}

func (a *API) fillPackageSource(s *state.PackageSource, in PackageSourceInput) error {
	s.Name, s.Kind = strings.TrimSpace(in.Name), in.Kind
	s.Address, s.PublicKey = strings.TrimSpace(in.Address), strings.TrimSpace(in.PublicKey)
	err := a.Market.CheckSource(*s)
	var field *market.FieldError
	if errors.As(err, &field) {
		return invalid("body."+field.Field, field.Message)
	}
	return err
}

func (a *API) listPackageSources(ctx context.Context, _ *noInput) (*pageOutput[PackageSource], error) {
	list, err := a.Market.Sources(ctx, workspaceOf(ctx))
	return pageOf(list, "", languageOf(ctx).packageSource), err
}

func (a *API) getPackageSource(ctx context.Context, in *ByID) (*versioned[PackageSource], error) {
	s, err := a.Market.Source(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return withETag(s.Version, languageOf(ctx).packageSource(s)), nil
}

func (a *API) addPackageSource(ctx context.Context, in *addPackageSourceInput) (*versioned[PackageSource], error) {
	s := state.PackageSource{WorkspaceID: workspaceOf(ctx), CreatedBy: actor(ctx), CreatedAt: a.Clock()}
	if err := a.fillPackageSource(&s, in.Body); err != nil {
		return nil, err
	}
	if err := a.DB.AddPackageSource(ctx, &s); err != nil {
		return nil, err
	}
	notePackageSource(ctx, s)
	return a.lookAt(ctx, in.FromRequest, s)
}

func (a *API) updatePackageSource(ctx context.Context, in *packageSourceChange) (*versioned[PackageSource], error) {
	if in.ID == market.Builtin {
		return nil, errOwnSource()
	}
	s, err := a.DB.PackageSource(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(s.Version); err != nil {
		return nil, err
	}
	if err := a.fillPackageSource(&s, in.Body); err != nil {
		return nil, err
	}
	if err := a.DB.UpdatePackageSource(ctx, &s); err != nil {
		return nil, err
	}
	notePackageSource(ctx, s)
	s.Packages = nil // they were another source's
	return a.lookAt(ctx, in.FromRequest, s)
}

// lookAt reads a source that was just written, so that its packages are listed.
func (a *API) lookAt(ctx context.Context, in FromRequest, s state.PackageSource) (*versioned[PackageSource], error) {
	in.waitForSource()
	if err := a.Market.Look(ctx, &s); err != nil {
		return nil, err
	}
	return withETag(s.Version, languageOf(ctx).packageSource(s)), nil
}

func notePackageSource(ctx context.Context, s state.PackageSource) {
	note(ctx, s.ID, map[string]string{"name": s.Name, "kind": s.Kind, "address": s.Address, "public_key": s.PublicKey})
}

func (a *API) deletePackageSource(ctx context.Context, in *ByID) (*struct{}, error) {
	if in.ID == market.Builtin {
		return nil, errOwnSource()
	}
	return nil, a.DB.DeletePackageSource(ctx, workspaceOf(ctx), in.ID)
}
