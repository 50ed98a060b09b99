package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/script/library"
)

// A script is written, checked, published and gone back to; nobody's change is lost.
func TestScriptIsPublishedInVersions(t *testing.T) {
	r, _ := clocked(t)
	set := send[api.ScriptSet](r, "POST", "/scripts/sets", adminKey, object{"name": "checks", "title": "Checks"})
	made := r.ask("POST", "/api/v1/scripts", adminKey, object{"set_id": set.ID, "name": "high", "draft": "def f(:\n    pass\n"})
	first := wanted[api.Script](r, made, "add a script")
	path := "/scripts/" + first.ID

	check := send[api.ScriptCheck](r, "POST", "/scripts/check", adminKey, object{"code": "x = 1\nprint(y)\n"})
	if check.OK || check.Problem == nil || check.Problem.Line != 2 || check.Problem.Column != 7 || check.Problem.Message != "y is not defined" {
		t.Errorf("check: %+v", check.Problem)
	}
	r.refusedWith(422, "body.draft:3:1", "POST", path+"/publish", adminKey, object{})

	saved := r.ask("PUT", "/api/v1"+path, adminKey, object{"draft": "def f(limit, *more):\n    'Says.'\n    return limit\n"}, "If-Match", made.header.Get("ETag"))
	wanted[api.Script](r, saved, "save")
	r.refusedWith(412, "read it again", "PUT", path, adminKey, object{"draft": "x = 1\n"}, "If-Match", made.header.Get("ETag"))
	r.refusedWith(412, "read it again", "POST", path+"/publish", adminKey, object{}, "If-Match", made.header.Get("ETag"))

	one := send[api.Script](r, "POST", path+"/publish", adminKey, object{"note": "begins"})
	if one.Number != 1 || one.Changed || len(one.Functions) != 1 || one.Functions[0].Doc != "Says." || strings.Join(one.Functions[0].Parameters, " ") != "limit *more" {
		t.Errorf("published: %+v", one.ScriptSummary)
	}
	r.refusedWith(409, "nothing to publish", "POST", path+"/publish", adminKey, object{})
	send[api.Script](r, "PUT", path, adminKey, object{"draft": "def g():\n    return 2\n"})
	two := send[api.Script](r, "POST", path+"/publish", adminKey, object{"note": "another"})
	if two.Number != 2 || two.Functions[0].Name != "g" {
		t.Errorf("second: %+v", two.ScriptSummary)
	}
	versions := get[api.Page[api.ScriptVersion]](r, path+"/versions", adminKey).Items
	if len(versions) != 2 || versions[0].Note != "another" || versions[1].Code != "" {
		t.Errorf("versions: %+v", versions)
	}
	if v := get[api.ScriptVersion](r, path+"/versions/1", adminKey); !strings.Contains(v.Code, "def f(limit") {
		t.Errorf("version 1: %q", v.Code)
	}
	if back := send[api.Script](r, "POST", path+"/revert", adminKey, object{"number": 1}); !strings.Contains(back.Draft, "def f(limit") || !back.Changed || back.Number != 2 {
		t.Errorf("gone back to version 1: %+v", back)
	}
	if back := send[api.Script](r, "POST", path+"/revert", adminKey, object{}); back.Draft != two.Code || back.Changed {
		t.Errorf("gone back to what is published: %+v", back)
	}
	r.refusedWith(404, "check the identifier", "POST", path+"/revert", adminKey, object{"number": 9})

	var done []string
	for _, a := range get[api.Page[api.Audit]](r, "/audit?limit=100", adminKey).Items {
		done = append(done, a.Action)
	}
	for _, action := range []string{"script_set.add", "script.add", "script.update", "script.publish", "script.revert"} {
		if !strings.Contains(strings.Join(done, " "), action) {
			t.Errorf("the audit log has no %s: %v", action, done)
		}
	}
}

// A draft runs at once, shows what it does, and changes nothing of events and inspections.
func TestDraftRuns(t *testing.T) {
	r, _ := clocked(t)
	r.writeFleet(ingestKey)
	r.account(adminKey, adminKey)
	send[api.Variable](r, "POST", "/variables", adminKey, object{"name": "password", "kind": "secret", "value": "swordfish"})
	set := send[api.ScriptSet](r, "POST", "/scripts/sets", adminKey, object{"name": "startup"})
	s := send[api.Script](r, "POST", "/scripts", adminKey, object{"set_id": set.ID, "name": "shop", "draft": shop})
	try := func(body object) ([]string, api.ScriptResult) {
		t.Helper()
		a := r.ask("POST", "/api/v1/scripts/"+s.ID+"/run", adminKey, body)
		if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "application/x-ndjson") {
			t.Fatalf("run: %d %s", a.status, a.body)
		}
		var prints []string
		for line := range strings.Lines(string(a.body)) {
			var l api.ScriptLine
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				t.Fatal(err)
			}
			if l.Print != nil {
				prints = append(prints, l.Print.Text)
			}
			if l.Problem != "" {
				t.Fatal(l.Problem)
			}
			if l.Result != nil {
				return prints, *l.Result
			}
		}
		t.Fatalf("no result in %s", a.body)
		return nil, api.ScriptResult{}
	}
	prints, result := try(object{"function": "run", "args": object{"configs": "leaking"}})
	if len(prints) != 2 || prints[0] != "configs leaking password ***" || result.Failure != nil {
		t.Errorf("prints %q, %+v", prints, result.Failure)
	}
	if f := result.Findings; f.Hosts != 1 || f.LeakHosts != 1 || len(result.Registered) != 1 || result.Registered[0].Title != "Leaks of the shop" {
		t.Errorf("found %+v, registered %+v", f, result.Registered)
	}
	for n := range 2 { // what it keeps lasts
		_, result = try(object{"function": "high", "args": []any{30}})
		if string(result.Value) != fmt.Sprintf(`{"runs":%d}`, n+1) || result.EventCount != 2 || result.Events[0].Level != "error" || result.PeakBytes == 0 {
			t.Errorf("high: %s %+v", result.Value, result)
		}
	}
	_, result = try(object{"function": "broken", "args": []any{"x"}})
	if f := result.Failure; f == nil || f.Line != 23 || !strings.HasPrefix(f.Message, "KeyError") || !strings.Contains(f.Traceback, "return {}[host]") {
		t.Errorf("failure: %+v", f)
	}
	_, result = try(object{"function": "f", "code": "def f():\n    return f()\n"})
	if result.Failure == nil || result.Failure.Limit != "depth" {
		t.Errorf("a draft without end: %+v", result.Failure)
	}
	if n := len(get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items); n != 1 {
		t.Errorf("%d inspections, want the first start's alone", n)
	}
	if events := get[api.Page[api.EventSummary]](r, "/events", adminKey).Items; len(events) != 0 {
		t.Errorf("a draft made events: %+v", events)
	}
}

// What is wrong with a body is said with its field.
func TestScriptBodies(t *testing.T) {
	r, _ := clocked(t)
	s := r.published(adminKey, "checks", "high", shop)
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
		words              string
	}{
		{"a set's name", "POST", "/scripts/sets", object{"name": "web-checks"}, 422, "letters without accents"},
		{"a set's name with __", "POST", "/scripts/sets", object{"name": "a__b"}, 422, "has no __"},
		{"a set twice", "POST", "/scripts/sets", object{"name": "checks"}, 409, "another name"},
		{"a script of no set", "POST", "/scripts", object{"set_id": "x", "name": "a", "draft": ""}, 422, "no such set"},
		{"a script twice", "POST", "/scripts", object{"set_id": s.SetID, "name": "high", "draft": ""}, 409, "another name"},
		{"no function", "POST", "/triggers", object{"script_id": s.ID, "function": "nothing", "schedule": "0 * * * *", "enabled": true}, 422, "it has run, high, broken"},
		{"no script", "POST", "/triggers", object{"script_id": "x", "function": "run", "schedule": "0 * * * *", "enabled": true}, 422, "no such script"},
		{"no schedule", "POST", "/triggers", object{"script_id": s.ID, "function": "high", "enabled": true}, 422, "five fields"},
		{"no time zone", "POST", "/triggers", object{"script_id": s.ID, "function": "high", "schedule": "0 * * * *", "time_zone": "Mars", "enabled": true}, 422, "IANA"},
		{"unknown argument", "POST", "/triggers", object{"script_id": s.ID, "function": "high", "args": object{"hosts": 1}, "schedule": "0 * * * *", "enabled": true}, 422, "no parameter hosts; it has limit"},
		{"too many arguments", "POST", "/triggers", object{"script_id": s.ID, "function": "high", "args": []int{1, 2}, "schedule": "0 * * * *", "enabled": true}, 422, "at most 1"},
		{"arguments that are none", "POST", "/triggers", object{"script_id": s.ID, "function": "high", "args": "x", "schedule": "0 * * * *", "enabled": true}, 422, "object of named ones"},
		{"an integer that is none", "POST", "/variables", object{"name": "n", "kind": "integer", "value": 1.5}, 422, "whole number"},
		{"a short secret", "POST", "/variables", object{"name": "n", "kind": "secret", "value": "abc"}, 422, "at least 4"},
		{"a key that is no secret", "POST", "/variables", object{"name": "account_api_key", "kind": "string", "value": "abcdef"}, 422, "is a secret"},
		{"a variable's name", "POST", "/variables", object{"name": "a b", "kind": "string", "value": "x"}, 422, "letters"},
		{"a draft without such a function", "POST", "/scripts/" + s.ID + "/run", object{"function": "run", "args": "x"}, 422, "object of named ones"},
		{"a file of another form", "POST", "/scripts/import", object{"memseep": 2}, 422, "memseep"},
		{"nonsense", "POST", "/scripts/import", `[1`, 400, ""},
	} {
		t.Run(c.name, func(t *testing.T) { r.refusedWith(c.status, c.words, c.method, c.path, adminKey, c.body) })
	}
}

// What one workspace exports another takes, after it was checked.
func TestScriptsMoveBetweenWorkspaces(t *testing.T) {
	r, _ := clocked(t)
	helper := r.published(adminKey, "tools", "texts", "def upper(x):\n    return x.upper()\n")
	s := r.published(adminKey, "checks", "high", "import tools__texts\n\ndef f(x='a'):\n    return tools__texts.upper(x)\n")
	send[api.Script](r, "PUT", "/scripts/"+s.ID, adminKey, object{"title": "High", "draft": "# later\n" + s.Code})
	r.triggered(adminKey, s, "f", object{"x": "b"})
	send[api.Variable](r, "POST", "/variables", adminKey, object{"name": "limit", "kind": "float", "value": 0.5})
	send[api.Variable](r, "POST", "/variables", adminKey, object{"name": "token", "kind": "secret", "value": "swordfish", "set_id": s.SetID})
	file := r.ask("POST", "/api/v1/scripts/export", adminKey, object{"triggers": true, "variables": true})
	if file.status != 200 || strings.Contains(string(file.body), "swordfish") {
		t.Fatalf("export: %d %s", file.status, file.body)
	}
	if one := send[library.Archive](r, "POST", "/scripts/export", adminKey, object{"sets": []string{helper.SetID}, "triggers": true}); len(one.Sets) != 1 || len(one.Triggers) != 0 {
		t.Errorf("export of one set: %+v", one)
	}

	other := r.otherWorkspace()
	var archive library.Archive
	if err := json.Unmarshal(file.body, &archive); err != nil {
		t.Fatal(err)
	}
	broken := archive
	broken.Sets = append([]library.ArchiveSet{{Name: "bad", Scripts: []library.ArchiveScript{{Name: "bad", Code: "def f(:\n"}}}}, archive.Sets...)
	if out := send[api.ScriptImport](r, "POST", "/scripts/import", other, broken); out.OK || !strings.Contains(out.Items[0].Problem, "bad__bad:2:1") {
		t.Errorf("import of a wrong script: %+v", out)
	}
	check := send[api.ScriptImport](r, "POST", "/scripts/import?check=true", other, archive)
	if !check.OK || len(check.Items) != 7 || check.Items[0].Action != "added" {
		t.Errorf("check: %+v", check)
	}
	if n := len(get[api.Page[api.ScriptSet]](r, "/scripts/sets", other).Items); n != 0 {
		t.Errorf("a check, and an import with a problem, have left %d sets", n)
	}
	if out := send[api.ScriptImport](r, "POST", "/scripts/import", other, archive); !out.OK {
		t.Errorf("import: %+v", out)
	}
	again := send[api.ScriptImport](r, "POST", "/scripts/import", other, archive)
	for _, i := range again.Items {
		if i.Action != "unchanged" {
			t.Errorf("imported again: %+v", i)
		}
	}
	triggers := get[api.Page[api.Trigger]](r, "/triggers", other).Items
	if len(triggers) != 1 {
		t.Fatalf("triggers: %+v", triggers)
	}
	if run := r.fire(other, triggers[0].ID); run.Status != "success" || string(run.Result) != `"B"` {
		t.Errorf("run in the other workspace: %+v %s", run.Run, run.Result)
	}
	got := get[api.Page[api.ScriptSummary]](r, "/scripts", other).Items
	if len(got) != 2 || !got[1].Changed || got[1].Title != "High" {
		t.Errorf("scripts: %+v", got)
	}
	for _, v := range get[api.Page[api.Variable]](r, "/variables", other).Items {
		if v.Kind == "secret" && v.Set {
			t.Errorf("a secret came over: %+v", v)
		}
	}
}

// otherWorkspace makes one, and a key of it.
func (r *running) otherWorkspace() string {
	r.t.Helper()
	w := send[api.Workspace](r, "POST", "/workspaces", adminKey, object{"name": "other"})
	session, cookie := r.signIn("admin", adminPassword)
	a := r.ask("POST", "/api/v1/keys", "", object{"name": "other", "scopes": []string{"admin"}}, "Cookie", cookie, "X-CSRF-Token", session.CSRF, "X-Workspace", w.ID)
	return wanted[api.NewKey](r, a, "make a key").Bearer
}
