package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/api"
)

// What is refused is said in the language that is asked for, and nothing else of the answer changes.
func TestProblemsAreSaidInTheLanguageAskedFor(t *testing.T) {
	r := serve(t, t.TempDir())
	policy := func(name string, rules ...object) object {
		return object{"name": name, "is_default": false, "again_seconds": 0, "window_seconds": 0, "group_by": []string{}, "rules": append([]object{}, rules...)}
	}
	send[api.Policy](r, "POST", "/policies", adminKey, policy("Ops"))
	for _, c := range []struct {
		name, method, path, key string
		body                    any
		en, zh                  string // in detail
		at                      string // the location of the first error
		enField, zhField        string // and its message
	}{
		{name: "a field is too short", method: "POST", path: "/policies", key: adminKey, body: policy(""),
			en: "validation failed", zh: "填写的内容有误", at: "body.name", enField: "expected length >= 1", zhField: "至少 1 个字符"},
		{name: "a target that is not there", method: "POST", path: "/policies", key: adminKey,
			body: policy("Night", object{"name": "All", "levels": []string{}, "times": []object{}, "escalations": []object{}, "targets": []string{"none"},
				"match": object{"inspections": []string{}, "objects": []string{}, "attributes": []object{}}}),
			en: `there is no target "none" in the workspace`, zh: `工作空间中没有通知对象 "none"`, at: "body.rules",
			enField: "there is no target", zhField: "工作空间中没有通知对象"},
		{name: "a name that is taken", method: "POST", path: "/policies", key: adminKey, body: policy("Ops"),
			en: "add policy Ops: exists already: take another name", zh: "添加告警策略 Ops：已存在，请换一个名称"},
		{name: "a schedule", method: "POST", path: "/inspections", key: adminKey, body: object{"name": "x", "schedule": "61 * * * *", "enabled": true},
			en: "end of range (61) above maximum (59)", zh: "范围的终点 61 大于最大值 59", at: "body.schedule", enField: "above maximum", zhField: "大于最大值"},
		{name: "a target's address", method: "POST", path: "/targets", key: adminKey,
			body: object{"name": "x", "kind": "webhook", "enabled": true, "settings": object{"url": "hooks.example.com"}},
			en:   "the address has to begin with https:// or http://", zh: "地址须以 https:// 或 http:// 开头", at: "body.settings", enField: "the address", zhField: "地址须"},
		{name: "a password", method: "POST", path: "/users", key: adminKey, body: object{"name": "carla-carlson", "password": "carla-carlson"},
			en: "this password cannot be taken", zh: "不能使用此密码"},
		{name: "what is not there", method: "GET", path: "/policies/none", key: adminKey, en: "read policy none: not found", zh: "读取告警策略 none：不存在"},
		{name: "a path that leads nowhere", method: "GET", path: "/nowhere", key: adminKey, en: "there is no GET /api/v1/nowhere", zh: "没有 GET /api/v1/nowhere"},
		{name: "nobody", method: "GET", path: "/policies", key: "", en: "credentials are missing", zh: "缺少凭据"},
		{name: "a key that may not", method: "GET", path: "/policies", key: ingestKey, en: `has no scope "read"`, zh: `没有权限 "read"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, l := range []struct{ header, detail, field string }{
				{"zh-CN,zh;q=0.9,en;q=0.8", c.zh, c.zhField}, {"en", c.en, c.enField}, {"", c.en, c.enField},
			} {
				a := r.ask(c.method, "/api/v1"+c.path, c.key, c.body, "Accept-Language", l.header)
				var p struct {
					Status        int
					Title, Detail string
					Errors        []struct{ Location, Message string }
				}
				if err := json.Unmarshal(a.body, &p); err != nil || a.status < 400 || p.Status != a.status || a.header.Get("Content-Type") != "application/problem+json" {
					t.Fatalf("%q: %d %s %s (%v)", l.header, a.status, a.header.Get("Content-Type"), a.body, err)
				}
				if !strings.Contains(p.Detail, l.detail) {
					t.Errorf("%q: the detail is %q, want %q", l.header, p.Detail, l.detail)
				}
				if c.at == "" {
					continue
				}
				if len(p.Errors) == 0 || p.Errors[0].Location != c.at || !strings.Contains(p.Errors[0].Message, l.field) {
					t.Errorf("%q: the errors are %+v, want %q at %s", l.header, p.Errors, l.field, c.at)
				}
			}
		})
	}
}

// What the server keeps in English is read in the language of the reader.
func TestWhatIsKeptIsReadInTheLanguageAskedFor(t *testing.T) {
	r := serve(t, t.TempDir())
	i := send[api.Inspection](r, "POST", "/inspections", adminKey, object{"name": "outside", "schedule": "0 4 * * *", "enabled": true, "hosts": "absent"})
	r.writeFleet(ingestKey)
	run := send[api.Run](r, "POST", "/inspections/"+i.ID+"/run", adminKey, nil)
	within(t, "the run ends", func() bool { return !get[api.RunWithLog](r, "/runs/"+run.ID, adminKey).EndedAt.IsZero() })
	for header, want := range map[string]string{"zh": "没有名为 absent 的主机", "en": "no host is named absent", "": "no host is named absent"} {
		if a := r.ask("GET", "/api/v1/runs/"+run.ID, adminKey, nil, "Accept-Language", header); !strings.Contains(string(a.body), want) {
			t.Errorf("%q: %s, want %q", header, a.body, want)
		}
	}
	test := object{"name": "x", "kind": "webhook", "enabled": true, "settings": object{"url": "http://169.254.169.254/latest"}}
	for header, want := range map[string]string{"zh": "不允许访问地址 169.254.169.254：它是链路本地地址或云厂商的元数据服务", "": "must not be reached from here"} {
		if a := r.ask("POST", "/api/v1/targets/test", adminKey, test, "Accept-Language", header); !strings.Contains(string(a.body), want) {
			t.Errorf("%q: %d %s, want %q", header, a.status, a.body, want)
		}
	}
}
