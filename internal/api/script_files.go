package api

import (
	"context"
	"net/http"

	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

type exportScriptsInput struct {
	Body struct {
		Sets      []string `json:"sets,omitempty" maxItems:"1000" doc:"Identifiers; absent is all."`
		Triggers  bool     `json:"triggers,omitempty" doc:"Their triggers too."`
		Variables bool     `json:"variables,omitempty" doc:"Their variables and the workspace's too; secrets without their values."`
	}
}

type exportScriptsOutput struct {
	Disposition string `header:"Content-Disposition"`
	Body        library.Archive
}

type importScriptsInput struct {
	Check bool `query:"check" doc:"Say what would change, and change nothing."`
	Body  library.Archive
}

// ScriptImport is what importing changed, or would change.
type ScriptImport struct {
	OK    bool               `json:"ok" doc:"Nothing is wrong with the file: without that nothing is imported."`
	Items []ScriptImportItem `json:"items"`
}

// ScriptImportItem is a part of the file.
type ScriptImportItem struct {
	Kind    string `json:"kind" enum:"set,script,trigger,variable"`
	Name    string `json:"name"`
	Action  string `json:"action,omitempty" enum:"added,updated,unchanged" doc:"Absent where there is a problem."`
	Problem string `json:"problem,omitempty" doc:"Why it cannot be taken."`
}

func (a *API) scriptFileRoutes() {
	handle(a, route{
		method: http.MethodPost, path: "/scripts/export", id: "export-scripts", access: reads, tag: "Scripts",
		summary: "Sets of scripts, triggers and variables as one file",
	}, a.exportScripts)
	handle(a, route{
		method: http.MethodPost, path: "/scripts/import", id: "import-scripts", access: edits, tag: "Scripts", bodyLimit: 16 << 20,
		summary: "Take sets of scripts, triggers and variables from a file", audit: "script.import",
		description: "What has the same name is updated, what the file does not name stays. All or nothing: with a problem in one nothing is taken. Ask with check=true first.",
	}, a.importScripts)
}

func (a *API) exportScripts(ctx context.Context, in *exportScriptsInput) (*exportScriptsOutput, error) {
	f, err := a.Scripts.Export(ctx, workspaceOf(ctx), library.Chosen{SetIDs: in.Body.Sets, Triggers: in.Body.Triggers, Variables: in.Body.Variables})
	if err != nil {
		return nil, refused(err)
	}
	return &exportScriptsOutput{Disposition: `attachment; filename="scripts.json"`, Body: f}, nil
}

func (a *API) importScripts(ctx context.Context, in *importScriptsInput) (*bodyOutput[ScriptImport], error) {
	items, err := a.Scripts.Import(ctx, workspaceOf(ctx), in.Body, library.Importing{
		Check: in.Check, By: personOf(ctx), Secrets: who(ctx).May(state.ScopeAdmin) == nil,
	})
	if err != nil {
		return nil, refused(err)
	}
	out := ScriptImport{OK: true, Items: []ScriptImportItem{}}
	for _, i := range items {
		out.OK = out.OK && i.Problem == ""
		i.Problem = languageOf(ctx).say(i.Problem)
		out.Items = append(out.Items, ScriptImportItem(i))
	}
	note(ctx, "", map[string]any{"check": in.Check, "ok": out.OK, "items": len(out.Items)})
	if !in.Check && out.OK {
		a.scriptsChanged(ctx, "")
		a.Hub.Publish(workspaceOf(ctx), triggersChanged)
	}
	return body(out), nil
}
