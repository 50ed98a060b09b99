package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/script/market"
)

// Package is a package of scripts that a source offers, beside what is installed of it.
type Package struct {
	Source        string            `json:"source" doc:"Identifier of the source that offers it; builtin is the binary's own, installed stands for none."`
	SourceName    string            `json:"source_name"`
	Name          string            `json:"name" doc:"Also of its script set."`
	Version       string            `json:"version"`
	Title         string            `json:"title"`
	TitleZH       string            `json:"title_zh,omitempty"`
	Description   string            `json:"description,omitempty" doc:"Markdown."`
	DescriptionZH string            `json:"description_zh,omitempty"`
	Requires      []string          `json:"requires" doc:"Packages that have to be installed first: NAME, or NAME@VERSION for that version or a later one."`
	SHA256        string            `json:"sha256" doc:"Of its archive, or of its files where it is a folder."`
	Signed        bool              `json:"signed" doc:"By the key that the source is pinned to."`
	Problem       string            `json:"problem,omitempty" doc:"Why it cannot be installed."`
	Installed     *InstalledPackage `json:"installed,omitempty" doc:"Absent where it is not."`
	NewVersion    bool              `json:"new_version" doc:"What the source offers is newer than what is installed."`
	Older         bool              `json:"older" doc:"What the source offers is older: it is installed with force only."`
	Changed       bool              `json:"changed" doc:"The source offers the installed version with another digest."`
}

// InstalledPackage is what is installed of a package.
type InstalledPackage struct {
	Version     string    `json:"version"`
	Source      string    `json:"source"`
	SourceName  string    `json:"source_name"`
	SHA256      string    `json:"sha256"`
	Signed      bool      `json:"signed"`
	SetID       string    `json:"set_id"`
	Edited      bool      `json:"edited" doc:"Its scripts are not what was installed: installing again loses that, and asks for force."`
	Startup     bool      `json:"startup" doc:"It has a startup script that can be deployed."`
	InstalledAt time.Time `json:"installed_at"`
	InstalledBy string    `json:"installed_by"`
}

// PackageDetail is all that is known of a package.
type PackageDetail struct {
	Package
	Changelog    string               `json:"changelog" doc:"Markdown."`
	ChangelogZH  string               `json:"changelog_zh,omitempty"`
	Files        []PackageFile        `json:"files"`
	Placeholders []PackagePlaceholder `json:"placeholders" doc:"What is asked for when its startup script is deployed."`
	Startup      *PackageStartup      `json:"startup,omitempty" doc:"Absent where its scripts are there to be imported only."`
}

// PackageFile is a file of a package.
type PackageFile struct {
	Name   string `json:"name"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// PackagePlaceholder is a value that is asked for.
type PackagePlaceholder struct {
	Name     string `json:"name" doc:"Of the variable that it becomes."`
	Title    string `json:"title"`
	TitleZH  string `json:"title_zh,omitempty"`
	Secret   bool   `json:"secret"`
	Required bool   `json:"required"`
	Set      bool   `json:"set" doc:"A value is there already, and stays where none is given."`
}

// PackageStartup is a package's startup script.
type PackageStartup struct {
	Set      string          `json:"set"`
	Name     string          `json:"name"`
	Function string          `json:"function,omitempty"`
	Code     string          `json:"code"`
	Existing *PackageStarted `json:"existing,omitempty" doc:"The startup script that is there; absent where none is."`
}

// PackageStarted is a startup script that is there.
type PackageStarted struct {
	ScriptID  string `json:"script_id"`
	TriggerID string `json:"trigger_id,omitempty"`
	Same      bool   `json:"same" doc:"It is what the package has."`
	Diff      string `json:"diff,omitempty" doc:"Unified, to what the package has."`
}

// PackageDeployed is what deploying a startup script made.
type PackageDeployed struct {
	SetID     string `json:"set_id"`
	ScriptID  string `json:"script_id"`
	TriggerID string `json:"trigger_id"`
	Kept      bool   `json:"kept" doc:"A startup script was there, and stays."`
	Diff      string `json:"diff,omitempty" doc:"Unified, from what is or was there to what the package has."`
}

// PackagePath names a package of a source.
type PackagePath struct {
	Source string `path:"source" maxLength:"200" doc:"Identifier of a source, builtin or installed."`
	Name   string `path:"name" maxLength:"64" doc:"Of the package."`
}

type getPackageInput struct {
	FromRequest
	PackagePath
}

type installInput struct {
	FromRequest
	PackagePath
	Body struct {
		Force bool `json:"force,omitempty" doc:"Overwrite what was edited, and go back to an older version."`
	}
}

type deployInput struct {
	PackagePath
	Body struct {
		Values   map[string]string `json:"values,omitempty" doc:"By the name of the placeholder."`
		Existing string            `json:"existing,omitempty" enum:"keep,replace" default:"keep" doc:"What becomes of a startup script that is there."`
	}
}

type packageName struct {
	Name string `path:"name" maxLength:"64" doc:"Of the package."`
}

func (a *API) packageRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/packages", id: "list-packages", access: reads, tag: "Packages",
		summary:     "Packages of all sources, as they were looked at last",
		description: "What is installed and no source offers any more is there too.",
	}, a.listPackages)
	handle(a, route{
		method: http.MethodPost, path: "/packages/check", id: "check-packages", access: edits, tag: "Packages",
		summary:     "Look at all sources anew",
		description: "What went wrong at a source is in its record; it keeps the packages that it had.",
	}, a.checkPackages)
	handle(a, route{
		method: http.MethodGet, path: "/packages/{source}/{name}", id: "get-package", access: reads, tag: "Packages",
		summary: "One package, read from its source", errors: []int{http.StatusNotFound},
	}, a.getPackage)
	handle(a, route{
		method: http.MethodPost, path: "/packages/{source}/{name}/install", id: "install-package", access: owns, tag: "Packages",
		summary: "Install a package, install it again, or upgrade it", audit: "package.install",
		description: "All of it is there afterwards, or nothing of it. 409 says what stands in the way; value of its error is edited, downgrade, requires or name. The first two can be forced.",
		errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, a.installPackage)
	handle(a, route{
		method: http.MethodDelete, path: "/packages/{name}", id: "delete-package", access: owns, tag: "Packages",
		summary:     "Delete an installed package",
		description: "Its script set goes with its triggers. A startup script that was deployed stays.",
		status:      http.StatusNoContent, audit: "package.delete", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deletePackage)
	handle(a, route{
		method: http.MethodPost, path: "/packages/{source}/{name}/deploy", id: "deploy-package", access: owns, tag: "Packages",
		summary:     "Deploy the startup script of an installed package",
		description: "Writes the values as variables of the startup script's set, the script, and a trigger of it.",
		audit:       "package.deploy", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deployPackage)
}

func (l language) packageView(listed market.Listed) Package {
	p := Package{
		Source: listed.SourceID, SourceName: listed.SourceName, Name: listed.Offer.Name, Version: listed.Offer.Version, Title: listed.Offer.Title, TitleZH: listed.Offer.TitleZH,
		Description: listed.Offer.Description, DescriptionZH: listed.Offer.DescriptionZH, Requires: append([]string{}, listed.Offer.Requires...),
		SHA256: listed.Offer.Digest, Signed: listed.Offer.Signed, Problem: l.say(listed.Problem), NewVersion: listed.NewVersion, Older: listed.Older, Changed: listed.Changed,
	}
	if listed.Installed != nil {
		in := installedView(*listed.Installed)
		p.Installed = &in
	}
	return p
}

func installedView(in market.Installed) InstalledPackage {
	return InstalledPackage{
		Version: in.Version, Source: in.SourceID, SourceName: in.SourceName, SHA256: in.Digest, Signed: in.Signed, SetID: in.SetID,
		Edited: in.Edited, Startup: in.Startup != nil, InstalledAt: in.At, InstalledBy: in.By,
	}
}

func (l language) packageDetail(d market.Detail) PackageDetail {
	v := PackageDetail{
		Package: l.packageView(d.Listed), Changelog: d.Changelog, ChangelogZH: d.ChangelogZH,
		Files: []PackageFile{}, Placeholders: []PackagePlaceholder{},
	}
	for _, f := range d.Contents {
		v.Files = append(v.Files, PackageFile{f.Name, f.Bytes, f.SHA256})
	}
	for _, p := range d.Placeholders {
		v.Placeholders = append(v.Placeholders, PackagePlaceholder{p.Name, p.Title, p.TitleZH, p.Secret, p.Required, d.Set[p.Name]})
	}
	if s := d.Startup; s != nil {
		v.Startup = &PackageStartup{Set: s.Set, Name: s.Name, Function: s.Function, Code: d.StartupCode}
		if e := d.Existing; e != nil {
			v.Startup.Existing = &PackageStarted{e.ScriptID, e.TriggerID, e.Diff == "", e.Diff}
		}
	}
	return v
}

// packageProblem tells what the market refused, and what a source did.
func packageProblem(err error) error {
	var (
		refused *market.Refused
		source  *market.SourceError
		field   *market.FieldError
		refusal *library.Refusal
	)
	switch {
	case errors.As(err, &refused):
		p := problem(http.StatusConflict, refused.Message)
		p.Errors = []*huma.ErrorDetail{{Location: "body.force", Message: refused.Message, Value: refused.Code}}
		return p
	case errors.As(err, &field):
		return invalid("body."+field.Field, field.Message)
	case errors.As(err, &source):
		return problem(http.StatusUnprocessableEntity, err.Error())
	case errors.As(err, &refusal):
		return problem(http.StatusUnprocessableEntity, err.Error())
	}
	return err
}

func (a *API) listPackages(ctx context.Context, _ *noInput) (*pageOutput[Package], error) {
	list, err := a.Market.List(ctx, workspaceOf(ctx))
	return pageOf(list, "", languageOf(ctx).packageView), err
}

func (a *API) checkPackages(ctx context.Context, in *struct{ FromRequest }) (*pageOutput[Package], error) {
	in.waitForSource()
	if err := a.Market.Check(ctx, workspaceOf(ctx)); err != nil {
		return nil, err
	}
	return a.listPackages(ctx, nil)
}

// lookDeadline is the longest that sources are waited for.
const lookDeadline = 2 * time.Minute

func (in *FromRequest) waitForSource() {
	_ = in.SetWriteDeadline(time.Now().Add(lookDeadline)) // without one the server's stays
}

func (a *API) getPackage(ctx context.Context, in *getPackageInput) (*bodyOutput[PackageDetail], error) {
	in.waitForSource()
	d, err := a.Market.Detail(ctx, workspaceOf(ctx), in.Source, in.Name)
	if err != nil {
		return nil, packageProblem(err)
	}
	return body(languageOf(ctx).packageDetail(d)), nil
}

func (a *API) installPackage(ctx context.Context, in *installInput) (*bodyOutput[InstalledPackage], error) {
	in.waitForSource()
	note(ctx, in.Name, map[string]any{"source": in.Source, "force": in.Body.Force})
	done, err := a.Market.Install(ctx, workspaceOf(ctx), in.Source, in.Name, in.Body.Force, actor(ctx))
	if err != nil {
		return nil, packageProblem(err)
	}
	note(ctx, in.Name, map[string]any{"source": in.Source, "force": in.Body.Force, "version": done.Version, "sha256": done.Digest})
	return body(installedView(done)), nil
}

func (a *API) deletePackage(ctx context.Context, in *packageName) (*struct{}, error) {
	note(ctx, in.Name, nil)
	if err := a.Market.Remove(ctx, workspaceOf(ctx), in.Name); err != nil {
		return nil, packageProblem(err)
	}
	return nil, nil
}

func (a *API) deployPackage(ctx context.Context, in *deployInput) (*bodyOutput[PackageDeployed], error) {
	replace := in.Body.Existing == "replace"
	note(ctx, in.Name, map[string]any{"replace": replace}) // no values: there are secrets among them
	d, err := a.Market.Deploy(ctx, workspaceOf(ctx), in.Name, in.Body.Values, replace, actor(ctx))
	if err != nil {
		return nil, packageProblem(err)
	}
	return body(PackageDeployed{d.SetID, d.ScriptID, d.TriggerID, d.Kept, d.Diff}), nil
}
