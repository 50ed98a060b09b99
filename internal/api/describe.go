package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

//go:generate go test -run TestDescription -update .

// Description is the OpenAPI 3.1 description of the API, indented.
func Description() ([]byte, error) {
	a := &API{}
	a.register(http.NewServeMux())
	text, err := json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
	return append(text, '\n'), err
}

const introduction = `Everything that the web app does can be done here.

**Who asks.** Programs send a key: ` + "`Authorization: Bearer ID:SECRET`, or basic with id and secret, or `?token=ID:SECRET`" + `. A key belongs to one workspace. The web app signs in with a cookie; it then names the workspace by the header ` + "`X-Workspace`" + ` (or ` + "`?workspace=`" + ` where it can send no header), and each request that changes something has the header ` + "`X-CSRF-Token`" + `.

**Lists** come in pages: give ` + "`next`" + ` of the answer as ` + "`cursor`" + ` for the page that follows.

**Changes** take ` + "`If-Match`" + ` with the ETag of what was read, and are refused with 412 where somebody was faster.

**Errors** are problem+json (RFC 9457): ` + "`detail`" + ` says what was wrong and what to do, in the language of ` + "`Accept-Language`" + `.

**Times** are RFC 3339 in UTC; a time that does not apply is absent. Sizes are bytes.`

// register makes the routes on the mux and their description.
func (a *API) register(mux *http.ServeMux) {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	a.huma = humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "memseep",
				Version:     "1",
				Description: introduction,
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key":     {Type: "http", Scheme: "bearer", Description: "ID:SECRET of a key."},
					"basic":   {Type: "http", Scheme: "basic", Description: "Id and secret of a key."},
					"session": {Type: "apiKey", In: "cookie", Name: "memseep_session", Description: "Made by signing in."},
				},
			},
		},
		Transformers:  []huma.Transformer{sayProblem},
		Formats:       huma.DefaultFormats,
		DefaultFormat: "application/json",
	})
	for _, routes := range []func(){
		a.sessionRoutes,
		a.overviewRoutes,
		a.eventRoutes,
		a.eventChangeRoutes,
		a.incidentRoutes,
		a.policyRoutes,
		a.targetRoutes,
		a.silenceRoutes,
		a.noticeRoutes,
		a.pictureRoutes,
		a.hostRoutes,
		a.curveRoutes,
		a.inspectionRoutes,
		a.trialRoutes,
		a.nextRunRoutes,
		a.runRoutes,
		a.scriptRoutes,
		a.scriptSetRoutes,
		a.scriptFileRoutes,
		a.triggerRoutes,
		a.variableRoutes,
		a.packageRoutes,
		a.packageSourceRoutes,
		a.sourceRoutes,
		a.healthRoutes,
		a.keyRoutes,
		a.memberRoutes,
		a.userRoutes,
		a.workspaceRoutes,
		a.settingsRoutes,
		a.pauseRoutes,
		a.auditRoutes,
		a.aboutRoutes,
		a.streamRoutes,
	} {
		routes()
	}
}

// In JSON our lists are never null, so that their readers need no check.
func init() { huma.DefaultArrayNullable = false }
