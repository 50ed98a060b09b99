package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/state"
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
	}, a.listSources)
	handle(a, route{
		method: http.MethodPost, path: "/sources", id: "add-source", access: edits, tag: "Sources",
		summary: "Add a source", status: http.StatusCreated, audit: "source.add", errors: []int{http.StatusConflict},
		description: "Addresses of the cloud's metadata services and link-local ones are refused.",
	}, a.addSource)
	handle(a, route{
		method: http.MethodPost, path: "/sources/check", id: "check-source", access: edits, tag: "Sources",
		summary:     "Try a source before it is kept",
		description: "Always 200: whether it worked is in the answer.",
	}, a.checkSource)
	handle(a, route{
		method: http.MethodGet, path: "/sources/{id}", id: "get-source", access: reads, tag: "Sources",
		summary: "One source", errors: []int{http.StatusNotFound},
	}, a.getSource)
	handle(a, route{
		method: http.MethodPut, path: "/sources/{id}", id: "update-source", access: edits, tag: "Sources",
		summary: "Change a source", audit: "source.update", errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, a.updateSource)
	handle(a, route{
		method: http.MethodPost, path: "/sources/{id}/check", id: "check-kept-source", access: edits, tag: "Sources",
		summary: "Try a source with the credentials that are kept", errors: []int{http.StatusNotFound},
	}, a.checkKeptSource)
	handle(a, route{
		method: http.MethodDelete, path: "/sources/{id}", id: "delete-source", access: edits, tag: "Sources",
		summary: "Delete a source that no inspection reads from", status: http.StatusNoContent, audit: "source.delete",
		errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deleteSource)
}

// none tells that there are none.
func (c *SourceCredentials) none() bool {
	return c == nil || c.User == "" && c.Password == "" && c.Bearer == "" && len(c.Headers) == 0
}

func (c *SourceCredentials) kind() string {
	switch {
	case c.none():
		return "none"
	case c.Bearer != "":
		return "bearer"
	case c.User != "" || c.Password != "":
		return "basic"
	}
	return "headers"
}

func (a *API) sourceView(s state.Source) Source {
	v := Source{
		ID: s.ID, Name: s.Name, URL: s.URL, Headers: s.Headers, CAFile: s.CAFile, Insecure: s.Insecure,
		Credentials: "none", CreatedAt: s.CreatedAt,
	}
	if c, err := Unseal(a.Sealer, s); err == nil {
		v.Credentials = c.kind()
	}
	return v
}

// Opener opens what was sealed.
type Opener interface {
	Open(sealed []byte) ([]byte, error)
}

// Unseal opens the credentials of a source; nil where it has none.
func Unseal(o Opener, s state.Source) (*SourceCredentials, error) {
	if len(s.Sealed) == 0 {
		return nil, nil
	}
	text, err := o.Open(s.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open the credentials of source %s: the secret key is another one than when they were kept: enter them again: %w", s.Name, err)
	}
	var c SourceCredentials
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("read the credentials of source %s: %w", s.Name, err)
	}
	return &c, nil
}

// fill writes what was given into the record, and seals its credentials.
func (a *API) fill(s *state.Source, in SourceInput) error {
	if err := a.Reachable.CheckURL(in.URL); err != nil {
		return invalid("body.url", err.Error())
	}
	s.Name, s.URL = strings.TrimSpace(in.Name), in.URL
	s.Headers, s.CAFile, s.Insecure = in.Headers, in.CAFile, in.Insecure
	if in.Credentials == nil {
		return nil
	}
	if s.Sealed = nil; in.Credentials.none() {
		return nil
	}
	text, err := json.Marshal(in.Credentials)
	if err != nil {
		return fmt.Errorf("seal credentials: %w", err)
	}
	if s.Sealed, err = a.Sealer.Seal(text); err != nil {
		return fmt.Errorf("seal credentials: %w", err)
	}
	return nil
}

func (a *API) listSources(ctx context.Context, _ *noInput) (*pageOutput[Source], error) {
	all, err := state.Every(func(p state.Page) ([]state.Source, string, error) { return a.DB.Sources(ctx, workspaceOf(ctx), p) })
	return pageOf(all, "", a.sourceView), err
}

func (a *API) addSource(ctx context.Context, in *addSourceInput) (*versioned[Source], error) {
	s := state.Source{WorkspaceID: workspaceOf(ctx)}
	if err := a.fill(&s, in.Body); err != nil {
		return nil, err
	}
	if err := a.DB.AddSource(ctx, &s); err != nil {
		return nil, err
	}
	note(ctx, s.ID, map[string]string{"name": s.Name, "url": s.URL})
	return withETag(s.Version, a.sourceView(s)), nil
}

func (a *API) getSource(ctx context.Context, in *ByID) (*versioned[Source], error) {
	s, err := a.DB.Source(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return withETag(s.Version, a.sourceView(s)), nil
}

func (a *API) updateSource(ctx context.Context, in *sourceChange) (*versioned[Source], error) {
	s, err := a.DB.Source(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(s.Version); err != nil {
		return nil, err
	}
	if in.Body.URL != s.URL && in.Body.Credentials == nil && len(s.Sealed) > 0 {
		return nil, invalid("body.credentials", "the address changes: enter the credentials again, so that they go nowhere else unasked")
	}
	if err := a.fill(&s, in.Body); err != nil {
		return nil, err
	}
	if err := a.DB.UpdateSource(ctx, &s); err != nil {
		return nil, err
	}
	note(ctx, s.ID, map[string]string{"name": s.Name, "url": s.URL})
	return withETag(s.Version, a.sourceView(s)), nil
}

func (a *API) deleteSource(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.DB.DeleteSource(ctx, workspaceOf(ctx), in.ID)
}

func (a *API) checkSource(ctx context.Context, in *addSourceInput) (*bodyOutput[SourceCheck], error) {
	s := state.Source{WorkspaceID: workspaceOf(ctx)}
	if err := a.fill(&s, in.Body); err != nil {
		return nil, err
	}
	return body(a.try(ctx, s)), nil
}

func (a *API) checkKeptSource(ctx context.Context, in *ByID) (*bodyOutput[SourceCheck], error) {
	s, err := a.DB.Source(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return body(a.try(ctx, s)), nil
}

// checkTimeout bounds a try: a person waits for it.
const checkTimeout = 30 * time.Second

// try asks a source for its newest sample and its hosts.
func (a *API) try(ctx context.Context, s state.Source) SourceCheck {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	check := SourceCheck{Collectors: []string{}}
	src, err := a.Outside(s)
	if err == nil {
		check.Newest, err = src.Newest(ctx)
	}
	if err != nil {
		check.Problem = languageOf(ctx).say(err.Error())
		return check
	}
	hosts, err := src.Hosts(ctx, check.Newest)
	if err != nil {
		check.Problem = languageOf(ctx).say(err.Error())
		return check
	}
	seen := map[string]bool{}
	for _, h := range hosts {
		for _, c := range h.Collectors {
			seen[c] = true
		}
	}
	check.OK, check.Hosts = true, len(hosts)
	check.Collectors = append(check.Collectors, slices.Sorted(maps.Keys(seen))...)
	return check
}
