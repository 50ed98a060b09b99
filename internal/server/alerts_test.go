package server_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/memseep/memseep/internal/api"
)

// listener is a webhook's other side: it keeps what it is told.
type listener struct {
	url  string
	mu   sync.Mutex // guards told
	told []map[string]any
}

func listen(t *testing.T) *listener {
	t.Helper()
	l := &listener{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		var m map[string]any
		if err := json.Unmarshal(text, &m); err != nil {
			http.Error(w, "no JSON", http.StatusBadRequest)
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.told = append(l.told, m)
		_, _ = io.WriteString(w, "thanks")
	}))
	t.Cleanup(s.Close)
	l.url = s.URL + "/hook-of-the-test"
	return l
}

func (l *listener) all() []map[string]any {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]map[string]any(nil), l.told...)
}

// tells gives the default policy of a server one webhook target and no delay.
func (r *running) tells(url string) api.Target {
	r.t.Helper()
	to := send[api.Target](r, "POST", "/targets", adminKey, map[string]any{
		"name": "hook", "kind": "webhook", "enabled": true, "settings": map[string]string{"url": url, "secret": "the signing secret"},
	})
	p := get[api.Page[api.Policy]](r, "/policies", adminKey).Items[0]
	p.PolicyInput.WindowSeconds = 0
	p.PolicyInput.Rules[0].Targets = []string{to.ID}
	send[api.Policy](r, "PUT", "/policies/"+p.ID, adminKey, p.PolicyInput)
	return to
}

// runNow runs the first inspection to its end.
func (r *running) runNow() {
	r.t.Helper()
	i := get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items[0]
	run := send[api.Run](r, "POST", "/inspections/"+i.ID+"/run", adminKey, nil)
	within(r.t, "the run ends", func() bool {
		run = get[api.RunWithLog](r, "/runs/"+run.ID, adminKey).Run
		return run.Status != "pending" && run.Status != "running"
	})
	if run.Status != "success" {
		r.t.Fatalf("the run ended as %+v", run)
	}
}

// A leak is told once, with all that a person needs; somebody takes care of it by the link in the
// message; and those who were told are told that it is over.
func TestALeakIsToldOnceAndThatItIsOver(t *testing.T) {
	hook := listen(t)
	r := serve(t, t.TempDir())
	r.writeFleet(ingestKey)
	to := r.tells(hook.url)
	r.runNow()
	within(t, "the webhook is told", func() bool { return len(hook.all()) > 0 })
	r.runNow()
	e := get[api.Page[api.EventSummary]](r, "/events", adminKey).Items[0]
	m := hook.all()[0]
	if !strings.Contains(m["title"].(string), "leaking") || !strings.HasSuffix(m["url"].(string), "/events/"+e.ID) {
		t.Errorf("the message is %v", m)
	}
	notices := get[api.Event](r, "/events/"+e.ID, adminKey).Notices
	if len(notices) != 1 || notices[0].Status != "sent" || notices[0].TargetID != to.ID || notices[0].Answer != "thanks" || notices[0].Reason != "opened" {
		t.Fatalf("notices: %+v", notices)
	}
	one := r.ask("GET", "/api/v1/notices/"+notices[0].ID, adminKey, nil)
	if content := wanted[api.NoticeWithContent](r, one, "the notice"); content.Message.Text == "" || len(content.About) != 1 || strings.Contains(string(one.body), "/acknowledge/") {
		t.Errorf("the notice with its content: %s", one.body)
	}
	r.acknowledge(m["ackUrl"].(string), e.ID)

	send[api.Event](r, "POST", "/events/"+e.ID+"/recover", adminKey, map[string]string{"note": "restarted java"})
	within(t, "the webhook is told that it is over", func() bool { return len(hook.all()) > 1 })
	if all := hook.all(); len(all) != 2 || all[1]["recovered"] != true || all[1]["eventId"] != e.ID {
		t.Errorf("told %d times, the last time that %v is over", len(all), all[len(all)-1]["eventId"])
	}
}

// acknowledge opens a signed link, which changes nothing, and sends its form.
func (r *running) acknowledge(link, eventID string) {
	r.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		r.t.Fatal(err)
	}
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	page := r.ask("GET", u.Path, "", nil, "Accept-Language", "zh-CN")
	if page.status != 200 || !strings.Contains(string(page.body), "认领") || strings.Contains(string(page.body), "<script") {
		r.t.Errorf("the page of the link: %d %s", page.status, page.body)
	}
	if a := r.ask("POST", u.Path, "", "note=mine", form...); a.status != 422 || !strings.Contains(string(a.body), "your name") {
		r.t.Errorf("without a name: %d %s", a.status, a.body)
	}
	if e := get[api.Event](r, "/events/"+eventID, adminKey); e.AcknowledgedBy != "" {
		r.t.Errorf("opening the link acknowledged it: %+v", e.EventSummary)
	}
	if a := r.ask("POST", u.Path, "", "by=Mei&note=mine", form...); a.status != 200 {
		r.t.Errorf("the form: %d %s", a.status, a.body)
	}
	if e := get[api.Event](r, "/events/"+eventID, adminKey); e.AcknowledgedBy != "Mei" || e.Note != "mine" {
		r.t.Errorf("after the form: %+v", e.EventSummary)
	}
	if a := r.ask("POST", u.Path[:len(u.Path)-3]+"xyz", "", "by=Mei", form...); a.status != 410 {
		r.t.Errorf("a link that was changed: %d", a.status)
	}
}

// A silence keeps quiet about what it matches; the event is made and marked nevertheless.
func TestASilencedLeakIsMarkedAndNotTold(t *testing.T) {
	hook := listen(t)
	r := serve(t, t.TempDir())
	r.writeFleet(ingestKey)
	r.tells(hook.url)
	s := send[api.Silence](r, "POST", "/silences", adminKey, map[string]any{
		"name": "patching", "policies": []string{}, "match": map[string]any{"objects": []string{"leak*"}},
		"period": map[string]any{}, "notice_before_seconds": 0, "notice_targets": []string{},
	})
	if s.State != "active" {
		t.Errorf("the silence is %+v", s)
	}
	r.runNow()
	e := get[api.Page[api.EventSummary]](r, "/events", adminKey).Items[0]
	if !e.Silenced {
		t.Errorf("the event is not marked: %+v", e)
	}
	if s = get[api.Silence](r, "/silences/"+s.ID, adminKey); s.Events != 1 {
		t.Errorf("silenced: %d", s.Events)
	}
	x := get[api.Explanation](r, "/events/"+e.ID+"/explain", adminKey)
	if last := x.Steps[len(x.Steps)-1]; x.Tells || last.Stage != "silence" || x.Silence == nil || x.Silence.Name != "patching" {
		t.Errorf("explained: %+v", x)
	}
	if n := len(get[api.Page[api.Notice]](r, "/notices", adminKey).Items); n != 0 || len(hook.all()) != 0 {
		t.Errorf("%d notices, told %v", n, hook.all())
	}
	if s = send[api.Silence](r, "POST", "/silences/"+s.ID+"/end", adminKey, nil); s.State != "expired" {
		t.Errorf("ended: %+v", s)
	}
	marked := func(when string, want bool) {
		t.Helper()
		if e := get[api.Event](r, "/events/"+e.ID, adminKey); e.Silenced != want {
			t.Errorf("%s the event is marked as silenced: %v", when, e.Silenced)
		}
	}
	marked("after its end", false) // no run has looked since
	s = send[api.Silence](r, "POST", "/events/"+e.ID+"/silence", adminKey, map[string]any{"by": "object", "for_seconds": 3600})
	marked("silenced by its page", true)
	s.SilenceInput.Match.Objects = []string{"other"}
	send[api.Silence](r, "PUT", "/silences/"+s.ID, adminKey, s.SilenceInput)
	marked("with another object in the silence", false)
	s.SilenceInput.Match.Objects = nil
	send[api.Silence](r, "PUT", "/silences/"+s.ID, adminKey, s.SilenceInput)
	marked("with any object in the silence", true)
	if a := r.ask("DELETE", "/api/v1/silences/"+s.ID, adminKey, nil); a.status != 204 {
		t.Errorf("deleted: %d %s", a.status, a.body)
	}
	marked("without the silence", false)
	first := get[api.Page[api.Policy]](r, "/policies", adminKey).Items[0]
	other := send[api.Policy](r, "POST", "/policies", adminKey, map[string]any{
		"name": "shop", "is_default": false, "rules": []any{}, "again_seconds": 0, "window_seconds": 0, "group_by": []string{},
	})
	send[api.Silence](r, "POST", "/silences", adminKey, map[string]any{
		"name": "shop", "policies": []string{other.ID}, "match": map[string]any{}, "period": map[string]any{}, "notice_before_seconds": 0, "notice_targets": []string{},
	})
	marked("with a silence of another policy", false)
	send[api.Policy](r, "POST", "/policies/"+other.ID+"/default", adminKey, nil)
	marked("with this policy as the default", true)
	i := get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items[0]
	i.PolicyID = first.ID
	send[api.Inspection](r, "PUT", "/inspections/"+i.ID, adminKey, i.InspectionInput)
	marked("with an inspection that names the policy before", false)
	i.PolicyID = ""
	send[api.Inspection](r, "PUT", "/inspections/"+i.ID, adminKey, i.InspectionInput)
	marked("with an inspection that names none", true)
}

// What would be told of an event is shown with templates that are being written, and its picture to
// those who may read it alone.
func TestAMessageIsPreviewedWithItsPicture(t *testing.T) {
	r := serve(t, t.TempDir())
	r.writeFleet(ingestKey)
	r.runNow()
	e := get[api.Page[api.EventSummary]](r, "/events", adminKey).Items[0]
	preview := func(templates map[string]string, id string) answer {
		return r.ask("POST", "/api/v1/targets/preview", adminKey, map[string]any{"event_id": id, "language": "zh", "templates": templates})
	}
	plain := preview(nil, e.ID)
	p := wanted[api.Preview](r, plain, "a preview")
	if p.Language != "zh" || !strings.Contains(p.Title, "泄漏") || !strings.Contains(p.Text, "java") || !p.Picture || strings.Contains(string(plain.body), "/acknowledge/") {
		t.Errorf("our own message: %s", plain.body)
	}
	p = wanted[api.Preview](r, preview(map[string]string{"title": "{{.Host}} ({{.LevelName}})"}, e.ID), "a preview with a template")
	if !strings.HasPrefix(p.Title, e.Object.Host+" (") || !strings.Contains(p.Text, "java") {
		t.Errorf("with a title of one's own: %+v", p)
	}
	for name, wrong := range map[string]string{"no template": "{{.Host", "no such field": "{{.Nonsense}}"} {
		if a := preview(map[string]string{"title": wrong}, e.ID); a.status != 422 || !strings.Contains(string(a.body), "templates") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := preview(nil, "nothing"); a.status != 404 {
		t.Errorf("of an event that is not there: %d %s", a.status, a.body)
	}
	if len(get[api.Page[api.Notice]](r, "/notices", adminKey).Items) != 0 {
		t.Error("a preview was sent")
	}
	path := "/api/v1/events/" + e.ID + "/picture.png"
	a := r.ask("GET", path, adminKey, nil)
	if drawn, err := png.Decode(bytes.NewReader(a.body)); a.status != 200 || a.header.Get("Content-Type") != "image/png" || err != nil || drawn.Bounds().Dx() < 600 {
		t.Errorf("the picture: %d %v, %v", a.status, a.header, err)
	}
	if a := r.ask("GET", path, "", nil); a.status != 401 {
		t.Errorf("the picture without a key: %d", a.status)
	}
	if a := r.ask("GET", "/api/v1/events/nothing/picture.png", adminKey, nil); a.status != 404 {
		t.Errorf("the picture of nothing: %d", a.status)
	}
}

// A target's secrets are never answered, and go to no other address unasked.
func TestTargetsKeepTheirSecrets(t *testing.T) {
	hook := listen(t)
	r := serve(t, t.TempDir())
	to := r.tells(hook.url)
	answers := r.ask("GET", "/api/v1/targets", adminKey, nil).body
	audit := r.ask("GET", "/api/v1/audit", adminKey, nil).body
	for _, text := range [][]byte{answers, audit} {
		if strings.Contains(string(text), "hook-of-the-test") || strings.Contains(string(text), "the signing secret") {
			t.Errorf("a secret is told: %s", text)
		}
	}
	if len(to.SecretsSet) != 2 || to.State != "ok" || len(get[api.Target](r, "/targets/"+to.ID, adminKey).Policies) != 1 {
		t.Errorf("the target is %+v", to)
	}
	if tried := send[api.TargetAnswer](r, "POST", "/targets/"+to.ID+"/test", adminKey, nil); !tried.OK || tried.Body != "thanks" || len(hook.all()) != 1 {
		t.Errorf("the test was answered %+v", tried)
	}
	away := map[string]any{"name": "away", "kind": "alertmanager", "enabled": true, "settings": map[string]string{"url": "http://127.0.0.1:1", "password": "secret", "user": "u"}}
	if tried := send[api.TargetAnswer](r, "POST", "/targets/test", adminKey, away); tried.OK || tried.Problem == "" || !tried.Retry {
		t.Errorf("nobody listens, yet: %+v", tried)
	}
	kept := send[api.Target](r, "POST", "/targets", adminKey, away)
	away["settings"] = map[string]string{"url": "http://127.0.0.1:2", "user": "u"}
	if a := r.ask("PUT", "/api/v1/targets/"+kept.ID, adminKey, away); a.status != 422 || !strings.Contains(string(a.body), "password") {
		t.Errorf("the password went elsewhere: %d %s", a.status, a.body)
	}
	elsewhere := listen(t)
	moved := map[string]any{"id": to.ID, "name": "moved", "kind": "webhook", "enabled": true, "settings": map[string]string{"url": elsewhere.url}}
	for _, way := range [][2]string{{"POST", "/api/v1/targets/test"}, {"PUT", "/api/v1/targets/" + to.ID}} {
		method, path := way[0], way[1]
		if a := r.ask(method, path, adminKey, moved); a.status != 422 || !strings.Contains(string(a.body), "secret") || len(elsewhere.all()) != 0 {
			t.Errorf("%s: what signs went to another address, which is a secret too: %d %s", path, a.status, a.body)
		}
		delete(moved, "id")
	}
	if a := r.ask("DELETE", "/api/v1/targets/"+to.ID, adminKey, nil); a.status != 409 {
		t.Errorf("a target that a policy tells was deleted: %d %s", a.status, a.body)
	}
	if off := send[api.Target](r, "POST", "/targets/"+to.ID+"/disable", adminKey, nil); off.Enabled || off.State != "disabled" {
		t.Errorf("disabled: %+v", off)
	}
}

// Of two who change the same thing the second is told so, and nothing of the first is lost.
func TestTwoEditorsDoNotOverwriteEachOther(t *testing.T) {
	r := serve(t, t.TempDir())
	for what, body := range map[string]map[string]any{
		"policies": {"rules": []any{}, "group_by": []string{"object"}, "window_seconds": 30, "again_seconds": 0, "is_default": false},
		"targets":  {"kind": "webhook", "enabled": true, "settings": map[string]string{"url": "http://127.0.0.1:1"}},
		"silences": {"policies": []string{}, "match": map[string]any{"objects": []string{"web-*"}}, "period": map[string]any{}, "notice_before_seconds": 0, "notice_targets": []string{}},
	} {
		t.Run(what, func(t *testing.T) {
			named := func(name string) map[string]any {
				body["name"] = name
				return body
			}
			one := "/" + what + "/" + send[api.Named](r, "POST", "/"+what, adminKey, named("as it was")).ID
			read := r.ask("GET", "/api/v1"+one, adminKey, nil).header.Get("ETag")
			if read == "" {
				t.Fatal("there is no version to change")
			}
			first := r.ask("PUT", "/api/v1"+one, adminKey, named("the first"), "If-Match", read)
			if next := first.header.Get("ETag"); first.status != 200 || next == "" || next == read {
				t.Fatalf("the first change: %d, version %s after %s: %s", first.status, next, read, first.body)
			}
			second := r.ask("PUT", "/api/v1"+one, adminKey, named("the second"), "If-Match", read)
			if second.status != 412 || !strings.Contains(string(second.body), "read it again") {
				t.Errorf("the second change: %d %s", second.status, second.body)
			}
			if kept := get[api.Named](r, one, adminKey).Name; kept != "the first" {
				t.Errorf("%q is kept", kept)
			}
			if again := r.ask("PUT", "/api/v1"+one, adminKey, named("the second"), "If-Match", first.header.Get("ETag")); again.status != 200 {
				t.Errorf("the change to what was read again: %d %s", again.status, again.body)
			}
			if whatever := r.ask("PUT", "/api/v1"+one, adminKey, named("whatever is there")); whatever.status != 200 {
				t.Errorf("a change that names no version: %d %s", whatever.status, whatever.body)
			}
		})
	}
}
