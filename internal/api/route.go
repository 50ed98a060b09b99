package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// access is who may call a route; each may do what the ones before it may.
type access string

const (
	anybody    access = "anybody"       // no credentials are asked for
	signedIn   access = "signed-in"     // any key or person
	reads      access = "read"          // a viewer, or a key with the scope read
	edits      access = "write"         // an editor, or a key with the scope write
	owns       access = "admin"         // an owner, or a key with the scope admin
	administer access = "administrator" // an administrator of the instance, or their key with the scope admin
)

// accessExtension is the OpenAPI extension that says who may call an operation.
const accessExtension = "x-access"

// route is an operation apart from the types of its request and answer.
type route struct {
	method, path, id string
	access           access
	tag              string
	summary          string
	description      string
	status           int                     // of success; 0 is 200, or 204 without a body
	audit            string                  // the action of its audit entry; empty where it changes nothing
	bodyLimit        int64                   // bytes; 0 is defaultBodyLimit
	errors           []int                   // besides those that every route may answer
	streams          map[string]reflect.Type // media types of an answer that is written as it comes, with a line's type or nil for text
}

// prefix is where the API lies.
const prefix = "/api/v1"

// defaultBodyLimit is what a request's body may be long.
const defaultBodyLimit = 1 << 20

// handle adds the route to the API.
func handle[I, O any](a *API, r route, h func(context.Context, *I) (*O, error)) {
	if r.bodyLimit == 0 {
		r.bodyLimit = defaultBodyLimit
	}
	op := huma.Operation{
		OperationID:   r.id,
		Method:        r.method,
		Path:          prefix + r.path,
		Tags:          []string{r.tag},
		Summary:       r.summary,
		Description:   r.description,
		DefaultStatus: r.status,
		MaxBodyBytes:  r.bodyLimit,
		Errors:        r.errors,
		Extensions:    map[string]any{accessExtension: string(r.access)},
		Middlewares:   huma.Middlewares{a.admit(r), a.record(r)},
	}
	if r.access != anybody {
		op.Security = []map[string][]string{{"key": {}}, {"basic": {}}, {"session": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	if r.streams != nil {
		op.Responses = a.streamed(r.streams)
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		if err := checkTimes(in); err != nil {
			return nil, err
		}
		out, err := h(ctx, in)
		if err != nil {
			return nil, a.changedBy(ctx, r, a.problemOf(ctx, err))
		}
		return out, nil
	})
}

// streamed describes an answer that is written line by line.
func (a *API) streamed(types map[string]reflect.Type) map[string]*huma.Response {
	content := map[string]*huma.MediaType{}
	for media, line := range types {
		schema := &huma.Schema{Type: huma.TypeString}
		if line != nil {
			schema = a.huma.OpenAPI().Components.Schemas.Schema(line, true, line.Name())
		}
		content[media] = &huma.MediaType{Schema: schema}
	}
	return map[string]*huma.Response{"200": {Description: "OK", Content: content}}
}
