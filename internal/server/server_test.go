package server_test

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/server"
)

// inspected is a server that has run its first inspection over a fleet in which one host leaks.
func inspected(t *testing.T, dir string) (*running, api.EventSummary) {
	t.Helper()
	r := serve(t, dir)
	r.writeFleet(ingestKey)
	r.inspect()
	events := get[api.Page[api.EventSummary]](r, "/events", adminKey).Items
	if len(events) != 1 {
		t.Fatalf("%d events, want one of the leaking host: %+v", len(events), events)
	}
	return r, events[0]
}

// inspect runs the first inspection and waits for its end.
func (r *running) inspect() {
	r.t.Helper()
	inspections := get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items
	if len(inspections) != 1 || !inspections[0].Enabled || inspections[0].Schedule != "0 * * * *" || inspections[0].TimeoutSeconds != 900 {
		r.t.Fatalf("the first inspection is %+v", inspections)
	}
	run := send[api.Run](r, "POST", "/inspections/"+inspections[0].ID+"/run", adminKey, nil)
	within(r.t, "the run ends", func() bool {
		run = get[api.RunWithLog](r, "/runs/"+run.ID, adminKey).Run
		return run.Status != "pending" && run.Status != "running"
	})
	if run.Status != "success" || run.Hosts != 2 {
		r.t.Fatalf("the run ended as %+v", run)
	}
}

// A leak of an hour on a host of which eight are known is shown, with why nobody is told yet.
func TestALeakThatIsNotCertainOpensNoEvent(t *testing.T) {
	r := serve(t, t.TempDir())
	r.writeFleetLeaking(ingestKey, 75*time.Minute)
	r.inspect()
	h := get[api.Host](r, "/hosts/leaking", adminKey)
	if h.Verdict == nil || !h.Verdict.Leak || h.OpenEvents != 0 || h.Verdict.Wait == nil || h.Verdict.Wait.Code != "little_known" || h.Verdict.Wait.Text == "" {
		t.Errorf("the host is %+v with the verdict %+v", h, h.Verdict)
	}
}

// From an empty directory to an event with its culprit, by the API alone, and over a restart.
func TestFromNothingToAnEventThatStays(t *testing.T) {
	dir := t.TempDir()
	r, e := inspected(t, dir)
	if e.Object.Host != "leaking" || e.Culprit == nil || e.Culprit.Name != "java" || e.Status != "open" {
		t.Errorf("the event is %+v", e)
	}
	one := get[api.Event](r, "/events/"+e.ID, adminKey)
	if len(one.Suspects) == 0 || one.Suspects[0].Name != "java" || len(one.Verdict.Reasons) == 0 || one.Overview == "" ||
		len(one.History) != 1 || len(one.Snapshot.Curve.Values) == 0 {
		t.Errorf("the event has too little: %+v", one)
	}
	curves := get[api.Curves](r, "/events/"+e.ID+"/series", adminKey)
	if len(curves.Window.Values) < 300 || len(curves.Workloads) != 2 || curves.Workloads[0].Object.Name != "java" {
		t.Errorf("the curve has %d values and the workloads %+v", len(curves.Window.Values), curves.Workloads)
	}
	overview := get[api.Overview](r, "/overview", adminKey)
	if overview.Events.Open != 1 || overview.Hosts.Total != 2 || !overview.HasData || overview.LeakBytes < 500<<20 {
		t.Errorf("the overview is %+v", overview)
	}
	q := url.Values{"query": {`last_over_time(memseep_leak{host="leaking",kind="host"}[2h])`}, "time": {"2026-11-01T12:00:00Z"}}
	if a := r.ask("GET", "/prometheus/api/v1/query?"+q.Encode(), adminKey, nil); !strings.Contains(string(a.body), `"1"`) {
		t.Errorf("the verdict is no metric: %d %s", a.status, a.body)
	}
	if a := r.ask("GET", "/prometheus/api/v1/label/__name__/values", adminKey, nil); !strings.Contains(string(a.body), "floor") {
		t.Errorf("no floors were kept: %s", a.body)
	}
	r.stop()

	again := serve(t, dir)
	if kept := get[api.Event](again, "/events/"+e.ID, adminKey); kept.Title != e.Title {
		t.Errorf("after a restart the event is %+v", kept)
	}
	done := send[api.Recovered](again, "POST", "/events/recover", adminKey, map[string]any{"ids": []string{e.ID}, "note": "restarted java"})
	if len(done.Recovered) != 1 {
		t.Errorf("recovered: %+v", done)
	}
	kept := get[api.Event](again, "/events/"+e.ID, adminKey)
	if kept.Status != "recovered" || kept.Recovery != "manual" || len(kept.History) != 2 {
		t.Errorf("the recovered event is %+v", kept)
	}
}

func TestPagesOfAHost(t *testing.T) {
	r, e := inspected(t, t.TempDir())
	h := get[api.Host](r, "/hosts/leaking", adminKey)
	if h.State == "ok" || h.OpenEvents != 1 || len(h.Spark) != 36 || h.TotalBytes != 16<<30 {
		t.Errorf("the host is %+v", h)
	}
	w := get[api.HostWorkloads](r, "/hosts/leaking/workloads", adminKey)
	if len(w.Items) != 2 || w.Items[0].Object.Name != "java" || w.Items[0].SuspectOrder != 1 {
		t.Errorf("workloads: %+v", w.Items)
	}
	if c := get[api.Curves](r, "/hosts/leaking/series?points=100", adminKey); len(c.Window.Values) > 102 || len(c.Events) != 1 {
		t.Errorf("%d values and the events %+v", len(c.Window.Values), c.Events)
	}
	if health := get[api.HostHealth](r, "/hosts/leaking/health", adminKey); len(health.Collectors) != 2 {
		t.Errorf("health: %+v", health)
	}
	if zh := r.ask("GET", "/api/v1/events/"+e.ID, adminKey, nil, "Accept-Language", "zh-CN"); !strings.Contains(string(zh.body), "内存泄漏") {
		t.Errorf("not in Chinese: %.300s", zh.body)
	}
	csv := r.ask("GET", "/api/v1/events/export?format=csv", adminKey, nil)
	if lines := strings.Split(strings.TrimSpace(string(csv.body)), "\n"); len(lines) != 2 || !strings.Contains(lines[1], "java") {
		t.Errorf("CSV: %s", csv.body)
	}
	if df := r.ask("GET", "/api/v1/events/export?format=json&form=df", adminKey, nil); !strings.Contains(string(df.body), "df_event_id") {
		t.Errorf("df form: %.300s", df.body)
	}
}

func TestTrialsChangeNothing(t *testing.T) {
	r, _ := inspected(t, t.TempDir())
	draft := map[string]any{"name": "trial", "schedule": "*/5 * * * *", "enabled": true, "hosts": "leak*\nabsent"}
	found := send[api.DryRun](r, "POST", "/inspections/dry-run", adminKey, map[string]any{"inspection": draft})
	if found.Hosts != 2 || found.NoData != 1 || found.Leaks == 0 || len(found.Unmatched) != 1 {
		t.Errorf("dry run: %+v", found)
	}
	match := send[api.Matching](r, "POST", "/inspections/matching-hosts", adminKey, map[string]any{"hosts": "leak*\nabsent"})
	if match.Count != 1 || match.Total != 2 || len(match.Unmatched) != 1 {
		t.Errorf("matching: %+v", match)
	}
	a := r.ask("POST", "/api/v1/inspections/backtest", adminKey, map[string]any{"inspection": draft, "every_seconds": 3600})
	lines := bytes.Split(bytes.TrimSpace(a.body), []byte("\n"))
	if last := string(lines[len(lines)-1]); a.status != 200 || !strings.Contains(last, `"outcome"`) || !strings.Contains(last, "leaking") {
		t.Errorf("backtest: %d %s", a.status, a.body)
	}
	if n := len(get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items); n != 1 {
		t.Errorf("%d inspections after trials", n)
	}
}

func TestWhenAScheduleComesNext(t *testing.T) {
	r := serve(t, t.TempDir())
	next := get[api.NextRuns](r, "/schedules/next?count=2&time_zone=Asia/Kolkata&schedule="+url.QueryEscape("0 9 * * *"), adminKey)
	day := time.Date(2026, 11, 2, 3, 30, 0, 0, time.UTC)
	if want := []time.Time{day, day.AddDate(0, 0, 1)}; !slices.EqualFunc(next.Times, want, time.Time.Equal) || next.Problem != "" {
		t.Errorf("%+v, want %v", next, want)
	}
	wrong := get[api.NextRuns](r, "/schedules/next?schedule="+url.QueryEscape("61 * * * *"), adminKey)
	if len(wrong.Times) != 0 || !strings.Contains(wrong.Problem, "61") {
		t.Errorf("a wrong one: %+v", wrong)
	}
}

// What the app changed wins over the file, and the file over what it said before.
func TestInspectionsOfTheFile(t *testing.T) {
	dir := t.TempDir()
	file := func(schedule, hosts string) func(*server.Options) {
		list, err := config.ParseInspections([]byte("inspections:\n  - name: from file\n    schedule: '" + schedule + "'\n    hosts: [" + hosts + "]\n"))
		if err != nil {
			t.Fatal(err)
		}
		return func(o *server.Options) { o.Config.Inspections = list }
	}
	find := func(r *running) api.Inspection {
		for _, i := range get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items {
			if i.Origin == "file" {
				return i
			}
		}
		t.Fatal("the inspection of the file is not there")
		return api.Inspection{}
	}
	r := serve(t, dir, file("0 * * * *", "web-*"))
	i := find(r)
	i.InspectionInput.Schedule = "30 * * * *"
	changed := send[api.Inspection](r, "PUT", "/inspections/"+i.ID, adminKey, i.InspectionInput)
	if len(changed.Overridden) != 1 || changed.Overridden[0] != "schedule" {
		t.Errorf("overridden: %v", changed.Overridden)
	}
	r.stop()
	r = serve(t, dir, file("0 0 * * *", "db-*"))
	if i := find(r); i.Schedule != "30 * * * *" || i.Hosts != "db-*" {
		t.Errorf("after the file changed: schedule %q, hosts %q", i.Schedule, i.Hosts)
	}
	r.stop()
	r = serve(t, dir)
	if n := len(get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items); n != 1 {
		t.Errorf("%d inspections after the file left its own out", n)
	}
}

func TestABackupIsRestored(t *testing.T) {
	r, e := inspected(t, t.TempDir())
	a := r.ask("GET", "/api/v1/backup", adminKey, nil)
	if a.status != 200 {
		t.Fatalf("backup: %d %s", a.status, a.body)
	}
	r.stop()
	from, to := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	if err := server.Unpack(bytes.NewReader(a.body), from); err != nil {
		t.Fatal(err)
	}
	var o server.Options
	o.Config = config.Default
	o.Config.Server.Data = to
	if err := server.Restore(t.Context(), o, from); err != nil {
		t.Fatal(err)
	}
	restored := serve(t, to)
	if kept := get[api.Event](restored, "/events/"+e.ID, adminKey); kept.Title != e.Title {
		t.Errorf("the restored event is %+v", kept)
	}
	if c := get[api.Curves](restored, "/hosts/leaking/series", adminKey); len(c.Window.Values) < 300 {
		t.Errorf("the restored curve has %d values", len(c.Window.Values))
	}
}

// The agent inside tells of this machine at once.
func TestThisMachineIsWatched(t *testing.T) {
	r := serve(t, t.TempDir(), func(o *server.Options) { o.Config.Server.Agent, o.Clock = true, time.Now })
	within(t, "samples of this machine arrive", func() bool {
		h := get[api.Health](r, "/health", adminKey)
		return len(h.Senders) == 1 && h.Senders[0].Samples > 100 && !h.NewestSample.IsZero()
	})
}

// A configuration is read again while the server runs; one with an error changes nothing.
func TestReload(t *testing.T) {
	again := make(chan struct{})
	next := config.Default
	var wrong error
	r := serve(t, t.TempDir(), func(o *server.Options) {
		o.Again = again
		o.Reload = func() (config.Config, error) { return next, wrong }
	})
	list, err := config.ParseInspections([]byte("inspections: [{name: new, schedule: '5 * * * *'}]"))
	if err != nil {
		t.Fatal(err)
	}
	next.Inspections = list
	count := func() int { return len(get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items) }
	again <- struct{}{}
	within(t, "the inspection of the file is there", func() bool { return count() == 2 })
	next.Inspections, wrong = nil, errors.New("line 3: no")
	again <- struct{}{}
	again <- struct{}{} // taken when the one before has been worked on
	if n := count(); n != 2 {
		t.Errorf("after a wrong configuration there are %d inspections", n)
	}
}

// Changes come by themselves, and a stream ends with the server.
func TestChangesAreStreamed(t *testing.T) {
	r := serve(t, t.TempDir())
	request, err := http.NewRequestWithContext(t.Context(), "GET", r.url+"/api/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+adminKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewScanner(response.Body)
	if !lines.Scan() || lines.Text() != "retry: 2000" {
		t.Fatalf("the stream begins with %q", lines.Text())
	}
	i := get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items[0]
	send[api.Inspection](r, "POST", "/inspections/"+i.ID+"/disable", adminKey, nil)
	for lines.Scan() && lines.Text() != "event: inspection" {
	}
	if !lines.Scan() || !strings.Contains(lines.Text(), i.ID) {
		t.Errorf("the message is %q", lines.Text())
	}
	r.stop()
	for lines.Scan() {
	}
}
