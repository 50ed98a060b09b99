package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/api"
)

// operation is one of the description that the server gives of itself.
type operation struct {
	method, path, access string
	body                 any // the least that its schema takes
}

// operations reads them from /openapi.json, so that a new route is tested by being described.
func (r *running) operations() []operation {
	r.t.Helper()
	a := r.ask("GET", "/openapi.json", "", nil)
	var d struct {
		Paths map[string]map[string]struct {
			Access      string `json:"x-access"`
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(a.body, &d); err != nil {
		r.t.Fatal(err)
	}
	var out []operation
	for path, methods := range d.Paths {
		for method, o := range methods {
			op := operation{method: strings.ToUpper(method), path: path, access: o.Access}
			for media, content := range o.RequestBody.Content {
				if op.body = content.Schema.least(d.Components.Schemas); media != "application/json" {
					op.body = "inspections: []"
				}
			}
			out = append(out, op)
		}
	}
	if len(out) < 60 {
		r.t.Fatalf("the description has %d operations", len(out))
	}
	slices.SortFunc(out, func(x, y operation) int { return strings.Compare(x.path+x.method, y.path+y.method) })
	return out
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Format     string
	Enum       []any
	Minimum    float64
	MinLength  int
	Properties map[string]schema
	Required   []string
	Items      *schema
}

// least is the smallest value that the schema takes.
func (s schema) least(all map[string]schema) any {
	if s.Ref != "" {
		return all[s.Ref[strings.LastIndex(s.Ref, "/")+1:]].least(all)
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Format == "uri":
		return "http://127.0.0.1:1"
	case s.Format == "date-time":
		return "2026-11-01T00:00:00Z"
	case s.Properties != nil:
		out := map[string]any{}
		for _, name := range s.Required {
			out[name] = s.Properties[name].least(all)
		}
		if _, ok := out["schedule"]; ok {
			out["schedule"] = "0 * * * *"
		}
		return out
	case s.Items != nil:
		return []any{s.Items.least(all)}
	case s.Type == "integer" || s.Type == "number":
		return max(s.Minimum, 1)
	case s.Type == "boolean":
		return false
	}
	return strings.Repeat("x", max(s.MinLength, 1))
}

// at is the path with a value for each of its parameters.
func (o operation) at(values func(name string) string) string {
	parts := strings.Split(o.path, "/")
	for i, p := range parts {
		switch {
		case p == "{number}":
			parts[i] = "1"
		case strings.HasPrefix(p, "{"):
			parts[i] = values(parts[i-1])
		}
	}
	return strings.Join(parts, "/")
}

func nothing(string) string { return "01K00000000000000000000000" }

// plain are the guarded addresses that the description does not have.
var plain = []operation{
	{method: "GET", path: "/prometheus/api/v1/query?query=up", access: "read"},
	{method: "POST", path: "/prometheus/api/v1/query_range", access: "read"},
	{method: "GET", path: "/prometheus/elsewhere", access: "signed-in"},
	{method: "GET", path: "/debug/pprof/", access: "administrator"},
	{method: "GET", path: "/debug/pprof/heap", access: "administrator"},
	{method: "GET", path: "/api/v1/backup", access: "administrator"},
	{method: "GET", path: "/api", access: "signed-in"},
	{method: "GET", path: "/api/v1/nothing", access: "signed-in"},
	{method: "DELETE", path: "/api/v1/events", access: "signed-in"},
	{method: "POST", path: "/api/v1/write", access: "ingest"},
	{method: "GET", path: "/api/v1/write", access: "signed-in"},
	{method: "POST", path: "/otlp/v1/metrics", access: "ingest"},
	{method: "POST", path: "/write", access: "ingest"},
	{method: "POST", path: "/api/v2/write", access: "ingest"},
	{method: "POST", path: "/v1/write/metric", access: "ingest"},
	{method: "GET", path: "/v1/datakit/pull", access: "ingest"},
	{method: "GET", path: "/v1/elsewhere", access: "signed-in"},
}

// Without a key, with a wrong one and with too small a role everything is refused, before the
// request is looked at: its body is no JSON, and its records are not there.
func TestEveryRouteIsRefusedWithoutTheRightKey(t *testing.T) {
	r := serve(t, t.TempDir())
	keys := map[string]string{"ingest": ingestKey}
	for _, scope := range []string{"read", "write"} {
		keys[scope] = send[api.NewKey](r, "POST", "/keys", adminKey, map[string]any{"name": scope, "scopes": []string{scope}}).Bearer
	}
	keys["admin"] = stranger(r, "admin")
	// The largest key that is too small for an access.
	small := map[string]string{"read": "ingest", "write": "read", "admin": "write", "administrator": "admin", "ingest": "read"}
	for _, o := range append(r.operations(), plain...) {
		if o.access == "anybody" {
			continue
		}
		path := o.at(nothing)
		t.Run(o.method+" "+o.path, func(t *testing.T) {
			for _, c := range []struct {
				name, key string
				status    []int
			}{
				{"without a key", "", []int{401}},
				{"with a key that nobody has", "nobody:secret", []int{401}},
				{"with a wrong secret", "admin:secret", []int{401}},
				{"with half a key", "admin", []int{401}},
				{"with too small a role", keys[small[o.access]], []int{403}},
			} {
				if c.name == "with too small a role" && small[o.access] == "" {
					continue
				}
				if a := r.ask(o.method, path, c.key, "no JSON {"); !slices.Contains(c.status, a.status) {
					t.Errorf("%s: %d %.200s", c.name, a.status, a.body)
				}
			}
		})
	}
}

// stranger makes a person who is no administrator, the owner of a new workspace, and a key of theirs.
func stranger(r *running, scope string) (key string) {
	r.t.Helper()
	w := send[api.Workspace](r, "POST", "/workspaces", adminKey, map[string]any{"name": "theirs " + scope})
	const password = "the password of a stranger"
	send[api.User](r, "POST", "/users", adminKey, map[string]any{"name": "stranger-" + scope, "password": password})
	session, cookie := r.signIn("admin", adminPassword)
	a := r.ask("PUT", "/api/v1/members/stranger-"+scope, "", map[string]any{"role": "owner"},
		"Cookie", cookie, "X-CSRF-Token", session.CSRF, "X-Workspace", w.ID)
	if a.status != 200 {
		r.t.Fatalf("let a stranger in: %d %s", a.status, a.body)
	}
	session, cookie = r.signIn("stranger-"+scope, password)
	a = r.ask("POST", "/api/v1/keys", "", map[string]any{"name": "k", "scopes": []string{scope}},
		"Cookie", cookie, "X-CSRF-Token", session.CSRF, "X-Workspace", w.ID)
	return wanted[api.NewKey](r, a, "make a stranger's key").Bearer
}

func (r *running) signIn(name, password string) (api.Session, string) {
	r.t.Helper()
	a := r.ask("POST", "/api/v1/session", "", map[string]string{"name": name, "password": password})
	s := wanted[api.Session](r, a, "sign in")
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return s, cookie
}

// With an owner's key of another workspace no record of this one is seen or changed.
func TestAnotherWorkspacesKeySeesNothing(t *testing.T) {
	r, e := inspected(t, t.TempDir())
	key := stranger(r, "admin")
	source := send[api.Source](r, "POST", "/sources", adminKey, map[string]any{"name": "outside", "url": "http://127.0.0.1:9"})
	run := get[api.Page[api.Run]](r, "/runs", adminKey).Items[0]
	ids := map[string]string{
		"events": e.ID, "runs": run.ID, "inspections": run.InspectionID, "sources": source.ID, "keys": "ingest",
		"hosts": "leaking", "workspaces": get[api.Session](r, "/session", adminKey).Workspace, "members": "admin",
	}
	id := func(resource string) string {
		if known, ok := ids[resource]; ok {
			return known
		}
		return nothing("")
	}
	before := fmt.Sprint(get[api.Event](r, "/events/"+e.ID, adminKey).History, get[api.Page[api.Key]](r, "/keys", adminKey), get[api.Page[api.Member]](r, "/members", adminKey))
	for _, o := range r.operations() {
		if o.access == "anybody" || strings.HasSuffix(o.path, "/stream") || strings.HasPrefix(o.path, "/api/v1/session") && o.method != "GET" {
			continue
		}
		t.Run(o.method+" "+o.path, func(t *testing.T) {
			a := r.ask(o.method, o.at(id), key, o.body)
			if strings.Contains(o.path, "{") && o.method != "PUT" && a.status != 403 && a.status != 404 {
				t.Errorf("%d %.300s", a.status, a.body)
			}
			for _, secret := range []string{e.ID, run.ID, source.ID, "leaking"} {
				if strings.Contains(string(a.body), secret) && a.status/100 == 2 {
					t.Errorf("the answer tells of %s: %.300s", secret, a.body)
				}
			}
		})
	}
	if a := r.ask("GET", "/api/v1/events", key, nil, "X-Workspace", ids["workspaces"]); a.status != 403 {
		t.Errorf("X-Workspace of another: %d %s", a.status, a.body)
	}
	after := fmt.Sprint(get[api.Event](r, "/events/"+e.ID, adminKey).History, get[api.Page[api.Key]](r, "/keys", adminKey), get[api.Page[api.Member]](r, "/members", adminKey))
	if before != after {
		t.Errorf("records changed:\n%s\n%s", before, after)
	}
}

// A body of any kind gets an answer of its own kind, and the server goes on.
func TestBodiesOfEveryKind(t *testing.T) {
	r := serve(t, t.TempDir())
	bodies := map[string]any{
		"empty": "", "null": "null", "a list": "[]", "a number": "1e999", "half": `{"name":`, "not UTF-8": "{\"name\":\"\xff\xfe\"}",
		"deep": strings.Repeat("[", 100_000), "long": `{"name":"` + strings.Repeat("x", 2<<20) + `"}`,
		"other fields": `{"neither":"this","nor":["that"]}`, "wrong types": `{"name":1,"enabled":"yes","schedule":[],"ids":{},"scopes":"all"}`,
	}
	for _, o := range r.operations() {
		if o.body == nil || o.access == "anybody" || strings.Contains(o.path, "/password") {
			continue
		}
		for name, b := range bodies {
			a := r.ask(o.method, o.at(nothing), adminKey, b)
			if a.status >= 500 && a.status != http.StatusBadGateway || a.status < 200 {
				t.Errorf("%s %s with a body that is %s: %d %.200s", o.method, o.path, name, a.status, a.body)
			}
			if a.status >= 400 && !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
				t.Errorf("%s %s with a body that is %s: %s", o.method, o.path, name, a.header.Get("Content-Type"))
			}
		}
	}
	if a := r.ask("GET", "/healthz", "", nil); a.status != 200 {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestSignInByCookie(t *testing.T) {
	r := serve(t, t.TempDir())
	session, cookie := r.signIn("admin", adminPassword)
	if session.User == nil || !session.User.Administrator || len(session.Workspaces) != 1 {
		t.Errorf("the session is %+v", session)
	}
	change := map[string]any{"name": "x", "schedule": "0 * * * *", "enabled": false}
	for _, c := range []struct {
		name   string
		header []string
		status int
	}{
		{"without the token", []string{"Cookie", cookie}, 403},
		{"with another token", []string{"Cookie", cookie, "X-CSRF-Token", "guess"}, 403},
		{"from another site", []string{"Cookie", cookie, "X-CSRF-Token", session.CSRF, "Sec-Fetch-Site", "cross-site"}, 403},
		{"as the app does", []string{"Cookie", cookie, "X-CSRF-Token", session.CSRF}, 201},
	} {
		if a := r.ask("POST", "/api/v1/inspections", "", change, c.header...); a.status != c.status {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
	wrong := map[string]string{"name": "admin", "password": "guess"}
	var last answer
	for range 30 {
		last = r.ask("POST", "/api/v1/session", "", wrong)
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Errorf("after thirty guesses: %d, Retry-After %q", last.status, last.header.Get("Retry-After"))
	}
	if a := r.ask("DELETE", "/api/v1/session", "", nil, "Cookie", cookie, "X-CSRF-Token", session.CSRF); a.status != 204 {
		t.Errorf("sign out: %d %s", a.status, a.body)
	}
	if a := r.ask("GET", "/api/v1/session", "", nil, "Cookie", cookie); a.status != 401 {
		t.Errorf("after signing out: %d", a.status)
	}
}

func TestAChangeOfAnOldVersionIsRefused(t *testing.T) {
	r := serve(t, t.TempDir())
	i := get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items[0]
	tag := r.ask("GET", "/api/v1/inspections/"+i.ID, adminKey, nil).header.Get("ETag")
	i.InspectionInput.Help = "first"
	if a := r.ask("PUT", "/api/v1/inspections/"+i.ID, adminKey, i.InspectionInput, "If-Match", tag); a.status != 200 {
		t.Fatalf("with the version that was read: %d %s", a.status, a.body)
	}
	i.InspectionInput.Help = "second"
	a := r.ask("PUT", "/api/v1/inspections/"+i.ID, adminKey, i.InspectionInput, "If-Match", tag)
	if a.status != 412 || !strings.Contains(string(a.body), "last by key:") {
		t.Errorf("with an old version: %d %s, want 412 and who changed it", a.status, a.body)
	}
}

func TestAddressesThatNeedNoKey(t *testing.T) {
	r := serve(t, t.TempDir())
	for path, has := range map[string]string{
		"/": "<html", "/events/01": "<html", "/healthz": "ok", "/readyz": "ready", "/openapi.json": "3.1.0", "/docs": "list-events",
		"/docs/style.css": "body", "/metrics": "memseep_build_info",
	} {
		a := r.ask("GET", path, "", nil)
		if a.status != 200 || !strings.Contains(string(a.body), has) {
			t.Errorf("%s: %d %.100s", path, a.status, a.body)
		}
		if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self';") {
			t.Errorf("%s: Content-Security-Policy %q", path, csp)
		}
	}
}
