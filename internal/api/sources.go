package api

import (
	"net/http"
	"time"
)

// Source is an address outside that inspections read from.
type Source struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	URL         string            `json:"url" doc:"Without credentials."`
	Headers     map[string]string `json:"headers,omitempty" doc:"Sent with each request; not secret."`
	CAFile      string            `json:"ca_file,omitempty" doc:"PEM file on the server to trust for https."`
	Insecure    bool              `json:"insecure" doc:"Accepts any certificate."`
	Credentials string            `json:"credentials" enum:"none,basic,bearer,headers" doc:"What kind is kept, sealed; it is never answered."`
	CreatedAt   time.Time         `json:"created_at"`
}

// SourceInput is a source as it is written.
type SourceInput struct {
	Name        string             `json:"name" minLength:"1" maxLength:"200" example:"prometheus"`
	URL         string             `json:"url" format:"uri" maxLength:"2000" example:"http://prometheus:9090" doc:"http(s)://host:port[/prefix] of a Prometheus-compatible API."`
	Headers     map[string]string  `json:"headers,omitempty"`
	CAFile      string             `json:"ca_file,omitempty" maxLength:"1000"`
	Insecure    bool               `json:"insecure,omitempty"`
	Credentials *SourceCredentials `json:"credentials,omitempty" doc:"Absent in a change: those that are kept stay. Give {} to remove them."`
}

// SourceCredentials are what a source is asked with. They are sealed and never answered.
type SourceCredentials struct {
	User     string            `json:"user,omitempty" maxLength:"500"`
	Password string            `json:"password,omitempty" maxLength:"5000"`
	Bearer   string            `json:"bearer,omitempty" maxLength:"10000"`
	Headers  map[string]string `json:"headers,omitempty" doc:"Secret headers, such as an API key."`
}

type addSourceInput struct{ Body SourceInput }

type sourceChange struct {
	ByID
	Guard
	Body SourceInput
}

// SourceCheck is what a source answered to a try.
type SourceCheck struct {
	OK         bool      `json:"ok"`
	Hosts      int       `json:"hosts" doc:"Whose memory it knows."`
	Newest     time.Time `json:"newest,omitzero" doc:"Time of its newest sample."`
	Collectors []string  `json:"collectors" doc:"Whose metric names it speaks."`
	Problem    string    `json:"problem,omitempty" doc:"What went wrong and what to do."`
}

func (a *API) sourceRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/sources", id: "list-sources", access: reads, tag: "Sources",
		summary: "Addresses outside that inspections may read from",
	}, unbuilt[noInput, pageOutput[Source]])
	handle(a, route{
		method: http.MethodPost, path: "/sources", id: "add-source", access: edits, tag: "Sources",
		summary: "Add a source", status: http.StatusCreated, audit: "source.add", errors: []int{http.StatusConflict},
		description: "Addresses of the cloud's metadata services and link-local ones are refused.",
	}, unbuilt[addSourceInput, versioned[Source]])
	handle(a, route{
		method: http.MethodPost, path: "/sources/check", id: "check-source", access: edits, tag: "Sources",
		summary:     "Try a source before it is kept",
		description: "Always 200: whether it worked is in the answer.",
	}, unbuilt[addSourceInput, bodyOutput[SourceCheck]])
	handle(a, route{
		method: http.MethodGet, path: "/sources/{id}", id: "get-source", access: reads, tag: "Sources",
		summary: "One source", errors: []int{http.StatusNotFound},
	}, unbuilt[ByID, versioned[Source]])
	handle(a, route{
		method: http.MethodPut, path: "/sources/{id}", id: "update-source", access: edits, tag: "Sources",
		summary: "Change a source", audit: "source.update", errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, unbuilt[sourceChange, versioned[Source]])
	handle(a, route{
		method: http.MethodPost, path: "/sources/{id}/check", id: "check-kept-source", access: edits, tag: "Sources",
		summary: "Try a source with the credentials that are kept", errors: []int{http.StatusNotFound},
	}, unbuilt[ByID, bodyOutput[SourceCheck]])
	handle(a, route{
		method: http.MethodDelete, path: "/sources/{id}", id: "delete-source", access: edits, tag: "Sources",
		summary: "Delete a source that no inspection reads from", status: http.StatusNoContent, audit: "source.delete",
		errors: []int{http.StatusNotFound, http.StatusConflict},
	}, unbuilt[ByID, struct{}])
}
