package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/api"
)

// A decorated function becomes an inspection when its trigger runs it, and is configured there.
func TestScriptRegistersAnInspection(t *testing.T) {
	r, at := clocked(t)
	r.writeFleet(ingestKey)
	scripts := r.scriptKey("scripts", "write")
	r.account(adminKey, scripts)
	send[api.Variable](r, "POST", "/variables", adminKey, object{"name": "password", "kind": "secret", "value": "swordfish"})
	s := r.published(adminKey, "startup", "shop", shop)
	tr := r.triggered(adminKey, s, "run", object{"configs": "quiet"})
	if tr.Schedule != "5 * * * *" || !tr.Fixed || tr.TimeoutSeconds != 300 || !tr.FixedTimeout || tr.Script != "startup__shop" || tr.Title != "Leaks of the shop" {
		t.Errorf("trigger: %+v", tr)
	}

	run := r.fire(adminKey, tr.ID)
	if run.Status != "success" || run.Hosts != 1 || run.Leaks != 0 || !strings.Contains(printed(run), "configs quiet password ***\n") {
		t.Fatalf("run: %+v\n%s", run.Run, printed(run))
	}
	i := get[api.Inspection](r, "/inspections/"+run.InspectionID, adminKey)
	if i.Origin != "script" || i.OriginKey != "startup__shop.run" || i.Name != "Leaks of the shop" || i.Help != "Inspects the shop." ||
		i.TriggerID != tr.ID || i.Schedule != "5 * * * *" || i.TimeoutSeconds != 300 || !i.NextRunAt.IsZero() || len(i.Tags) != 1 {
		t.Errorf("registered: %+v", i)
	}
	if tr = get[api.Trigger](r, "/triggers/"+tr.ID, adminKey); tr.InspectionID != i.ID || tr.LastRun == nil || tr.LastRun.Status != "success" {
		t.Errorf("trigger after its run: %+v", tr)
	}

	// What the page says wins over the trigger's arguments.
	change := i.InspectionInput
	change.Hosts, change.Name = "leaking", "The shop"
	send[api.Inspection](r, "PUT", "/inspections/"+i.ID, adminKey, change)
	later := now.Add(time.Minute)
	at.Store(&later)
	run = r.fire(adminKey, tr.ID)
	if run.Hosts != 1 || run.Leaks == 0 || run.OpenedEvents == 0 || !strings.Contains(printed(run), "configs leaking") {
		t.Errorf("with the page's hosts: %+v\n%s", run.Run, printed(run))
	}
	if i = get[api.Inspection](r, "/inspections/"+i.ID, adminKey); i.Name != "The shop" || i.Help != "Inspects the shop." || i.OpenEvents == 0 {
		t.Errorf("the name from the page does not last: %+v", i)
	}

	change.Schedule = "9 * * * *"
	r.refusedWith(422, "change trigger "+tr.ID, "PUT", "/inspections/"+i.ID, adminKey, change)

	// Disabled there it returns early; deleted there it is made anew.
	send[api.Inspection](r, "POST", "/inspections/"+i.ID+"/disable", adminKey, nil)
	if run = r.fire(adminKey, tr.ID); run.Status != "success" || run.Hosts != 0 || !strings.Contains(printed(run), "is disabled: nothing is inspected") {
		t.Errorf("disabled: %+v\n%s", run.Run, printed(run))
	}
	if a := r.ask("GET", "/api/v1/runs/"+run.ID, adminKey, nil, "Accept-Language", "zh-CN"); !strings.Contains(string(a.body), "巡检 Leaks of the shop 已停用，未检查") {
		t.Errorf("in Chinese: %s", a.body)
	}
	if a := r.ask("DELETE", "/api/v1/inspections/"+i.ID, adminKey, nil); a.status != 204 {
		t.Fatalf("delete: %d %s", a.status, a.body)
	}
	if run = r.fire(adminKey, tr.ID); run.Status != "success" || run.InspectionID == "" || run.InspectionID == i.ID {
		t.Errorf("made anew: %+v, was %s", run.Run, i.ID)
	}

	// Its trigger follows the script.
	send[api.Script](r, "PUT", "/scripts/"+s.ID, adminKey, object{"draft": strings.Replace(shop, "5 * * * *", "7 * * * *", 1)})
	send[api.Script](r, "POST", "/scripts/"+s.ID+"/publish", adminKey, object{})
	if tr = get[api.Trigger](r, "/triggers/"+tr.ID, adminKey); tr.Schedule != "7 * * * *" {
		t.Errorf("schedule after publishing: %s", tr.Schedule)
	}
	if i = get[api.Inspection](r, "/inspections/"+run.InspectionID, adminKey); i.Schedule != "7 * * * *" {
		t.Errorf("schedule of the inspection after publishing: %s", i.Schedule)
	}
	send[api.Script](r, "PUT", "/scripts/"+s.ID, adminKey, object{"draft": "def other():\n    pass\n"})
	send[api.Script](r, "POST", "/scripts/"+s.ID+"/publish", adminKey, object{})
	if run = r.fire(adminKey, tr.ID); run.Status != "failure" || !strings.Contains(run.Error, "has no function run any more") {
		t.Errorf("without its function: %+v", run.Run)
	}
	if tr = get[api.Trigger](r, "/triggers/"+tr.ID, adminKey); tr.Problem == "" {
		t.Errorf("the trigger does not say that its function is gone")
	}
	if a := r.ask("DELETE", "/api/v1/triggers/"+tr.ID, adminKey, nil); a.status != 204 {
		t.Fatalf("delete: %d %s", a.status, a.body)
	}
	if i = get[api.Inspection](r, "/inspections/"+i.ID, adminKey); i.TriggerID != "" {
		t.Errorf("the inspection names a trigger that is deleted: %s", i.TriggerID)
	}
}

// A run without a key that may register fails, and says what to do.
func TestAccountIsChecked(t *testing.T) {
	r, _ := clocked(t)
	s := r.published(adminKey, "startup", "shop", shop)
	tr := r.triggered(adminKey, s, "run", nil)
	if run := r.fire(adminKey, tr.ID); run.Status != "failure" || !strings.Contains(run.Error, "account has no api_key_id") {
		t.Errorf("without account: %+v", run.Run)
	}
	reader := r.scriptKey("reader", "read")
	id, secret, _ := strings.Cut(reader, ":")
	keyID := send[api.Variable](r, "POST", "/variables", adminKey, object{"name": "account_api_key_id", "kind": "string", "value": id})
	key := send[api.Variable](r, "POST", "/variables", adminKey, object{"name": "account_api_key", "kind": "secret", "value": "not-the-secret"})
	if len(key.Value) > 0 || !key.Set {
		t.Errorf("a secret is answered: %+v", key)
	}
	run := r.fire(adminKey, tr.ID)
	if run.Status != "failure" || !strings.Contains(run.Error, "wrong, expired or revoked") || !strings.Contains(run.Error, "enter it as the variables account_api_key_id") {
		t.Errorf("with a wrong key: %+v", run.Run)
	}
	send[api.Variable](r, "PUT", "/variables/"+key.ID, adminKey, object{"name": key.Name, "kind": "secret", "value": secret})
	if run = r.fire(adminKey, tr.ID); run.Status != "failure" || !strings.Contains(run.Error, "has no scope write") || strings.Contains(run.Traceback, secret) {
		t.Errorf("with a key that may read: %+v %s", run.Run, run.Traceback)
	}
	// A change without a value keeps the secret; editors may not change it.
	send[api.Variable](r, "PUT", "/variables/"+key.ID, adminKey, object{"name": key.Name, "kind": "secret", "note": "of the shop"})
	if key = get[api.Variable](r, "/variables/"+key.ID, adminKey); !key.Set || key.Note != "of the shop" {
		t.Errorf("variable: %+v", key)
	}
	editor, viewer := r.scriptKey("editor", "write"), reader
	r.refusedWith(403, "scope", "PUT", "/variables/"+key.ID, editor, object{"name": key.Name, "kind": "string", "value": "x"})
	r.refusedWith(403, "scope", "DELETE", "/variables/"+key.ID, editor, nil)
	send[api.Variable](r, "PUT", "/variables/"+keyID.ID, editor, object{"name": keyID.Name, "kind": "string", "value": id})
	r.refusedWith(403, "scope", "POST", "/scripts/"+s.ID+"/run", viewer, object{"function": "high"})
	if got := get[api.Script](r, "/scripts/"+s.ID, viewer); got.Code != shop {
		t.Errorf("a viewer does not see the code")
	}
}

// A function that is not decorated becomes an inspection when it first reports; ok recovers.
func TestCheckReports(t *testing.T) {
	r, at := clocked(t)
	r.writeFleet(ingestKey)
	r.account(adminKey, adminKey)
	s := r.published(adminKey, "checks", "high", shop)
	tr := r.triggered(adminKey, s, "high", object{"limit": 30})
	run := r.fire(adminKey, tr.ID)
	if run.Status != "success" || run.OpenedEvents != 2 || string(run.Result) != `{"runs":1}` || run.PeakBytes == 0 {
		t.Fatalf("run: %+v %s\n%s", run.Run, run.Result, printed(run))
	}
	events := get[api.Page[api.EventSummary]](r, "/events?status=open", adminKey).Items
	if len(events) != 2 || events[0].Level != "error" {
		t.Fatalf("events: %+v", events)
	}
	later := now.Add(10 * time.Minute)
	at.Store(&later)
	send[api.Trigger](r, "PUT", "/triggers/"+tr.ID, adminKey, object{"script_id": s.ID, "function": "high", "args": object{"limit": 99.5}, "schedule": "0 3 * * *", "enabled": false})
	if run = r.fire(adminKey, tr.ID); run.RecoveredEvents != 2 {
		t.Errorf("recovered: %+v\n%s", run.Run, printed(run))
	}
	if events = get[api.Page[api.EventSummary]](r, "/events?status=open", adminKey).Items; len(events) != 0 {
		t.Errorf("still open: %+v", events)
	}
	broken := r.triggered(adminKey, s, "broken", []any{"x"})
	run = r.fire(adminKey, broken.ID)
	if run.Status != "failure" || !strings.HasPrefix(run.Error, "KeyError") || !strings.Contains(run.Traceback, "checks__high\", line 23, in broken") || !strings.Contains(printed(run), "before\n") {
		t.Errorf("broken: %+v\n%s\n%s", run.Run, run.Traceback, printed(run))
	}
	if run.InspectionID != "" {
		t.Errorf("what reports nothing is no inspection: %s", run.InspectionID)
	}
	// By its inspection's page it runs too.
	by := send[api.Run](r, "POST", "/inspections/"+get[api.Trigger](r, "/triggers/"+tr.ID, adminKey).InspectionID+"/run", adminKey, nil)
	if by.TriggerID != tr.ID {
		t.Errorf("run of the inspection: %+v", by)
	}
}
