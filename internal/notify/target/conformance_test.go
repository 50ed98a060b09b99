package target

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
)

// now is the time of all tests.
var now = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

func network() Network {
	return Network{AllowLoopback: true, Timeout: 5 * time.Second, Clock: clock}
}

// message is an ordinary one.
func message(id string) Message {
	return Message{
		ID: id, Key: "event-1", Language: "zh", Level: leak.Critical,
		Short: "[紧急] 主机 web-1 内存泄漏，约 2 小时后耗尽", Title: "[紧急] 主机 web-1 内存泄漏，每小时 4.1 %：进程 java",
		Markdown: "持续增长：当前用量 71.2 %。\n\n**建议处理**\n- 保留 java 的堆转储 & 重启 <java>", Text: "持续增长：当前用量 71.2 %。\n保留 java 的堆转储 & 重启 <java>",
		URL: "https://memseep.example/events/1", AckURL: "https://memseep.example/acknowledge/t", SilenceURL: "https://memseep.example/silences/new?event=1",
		PictureURL: picturePath,
		Chart:      Chart{{"用量 (%)", "11:50", 69.1}, {"用量 (%)", "12:00", 71.2}, {"预测", "12:00", 71.2}, {"预测", "12:10", 71.9}},
		StartsAt:   now.Add(-time.Hour),
		Facts:      Facts{Host: "web-1", Culprit: "java", Inspection: "Memory leaks", Cause: "steady", Count: 1, Labels: map[string]string{"zone": "a"}},
		Alerts: []Alert{{
			Key: "event-1", Labels: map[string]string{"alertname": "MemoryLeak", "severity": "critical", "host": "web-1", "namespace": ""},
			Annotations: map[string]string{"summary": "web-1 leaks"}, StartsAt: now.Add(-time.Hour),
		}},
	}
}

func recovered(id string) Message {
	m := message(id)
	m.PictureURL = ""
	m.Recovered, m.EndsAt, m.Title = true, now, "[已恢复] 主机 web-1 内存泄漏"
	m.Alerts[0].EndsAt = now
	return m
}

// endless is a message far above every limit.
func endless(id string) Message {
	m := message(id)
	m.Title += strings.Repeat("很长", 2000)
	m.Short += strings.Repeat("很长", 2000)
	m.Markdown = strings.Repeat("主机 web-1 \"java\" <泄漏> & **更多**\n", 20_000)
	m.Text = strings.Repeat("主机 web-1 \"java\" <泄漏> & 更多 🔥🔥🔥\n", 20_000)
	long := strings.Repeat("很长🔥", 5000)
	m.Title, m.Short = m.Title+long, m.Short+long
	m.Facts.Host, m.Facts.Culprit, m.Facts.Inspection, m.Facts.Cause = long, long, long, "steady"
	m.Facts.Objects, m.Facts.Labels = slices.Repeat([]string{long}, 20), map[string]string{}
	for i := range 300 {
		m.Facts.Labels[fmt.Sprint("label ", i)] = long
	}
	return m
}

// Every kind is told the same by the same suite: a new one has a line in sides_test.go, or is no kind.
func TestEveryKindIsInTheSuite(t *testing.T) {
	for _, k := range Kinds {
		if sides[k.Name] == nil {
			t.Errorf("%s has no other side in the suite", k.Name)
		}
	}
}

func TestConformance(t *testing.T) {
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			conform(t, k, sides[k.Name])
		})
	}
}

func conform(t *testing.T, k Kind, side func(t *testing.T) *otherSide) {
	t.Run("a good message is taken, with what matters", func(t *testing.T) {
		s := side(t)
		answer, err := s.send(t, k, message("n1"))
		if err != nil {
			t.Fatal(err)
		}
		if answer.Status/100 != 2 {
			t.Errorf("the answer is %+v", answer)
		}
		s.wantTaken(t, 1)
		s.wantText(t, s.says)
	})
	t.Run("the end is told", func(t *testing.T) {
		s := side(t)
		if _, err := s.send(t, k, recovered("n2")); err != nil {
			t.Fatal(err)
		}
		s.wantTaken(t, 1)
		s.wantText(t, s.saysEnd)
	})
	t.Run("a message that is too long is cut, and leads to the rest", func(t *testing.T) {
		s := side(t)
		if _, err := s.send(t, k, endless("n3")); err != nil {
			t.Fatal(err)
		}
		s.wantTaken(t, 1)
		s.wantText(t, s.saysLong)
	})
	t.Run("wrong credentials are refused for good", func(t *testing.T) {
		s := side(t)
		for name, value := range s.wrong {
			s.settings[name] = value
		}
		_, err := s.send(t, k, message("n4"))
		s.wantError(t, err, false)
		s.wantTaken(t, 0)
	})
	t.Run("a clock that is off is refused", func(t *testing.T) {
		s := side(t)
		if !s.timed {
			t.Skip("nothing in it has a time")
		}
		s.net.Clock = func() time.Time { return now.Add(-2 * time.Hour) }
		_, err := s.send(t, k, message("n5"))
		s.wantError(t, err, false)
		s.wantTaken(t, 0)
	})
	t.Run("too many are asked to wait", func(t *testing.T) {
		s := side(t)
		if s.limit == 0 {
			t.Skip("it has no limit")
		}
		for range s.limit {
			if _, err := s.send(t, k, message("n6")); err != nil {
				t.Fatal(err)
			}
		}
		answer, err := s.send(t, k, message("n6"))
		s.wantError(t, err, true)
		if answer.RetryAfter <= 0 && k.Name != "email" {
			t.Errorf("it does not say how long to wait: %+v", answer)
		}
	})
	t.Run("one that is broken is tried again, and then takes the same", func(t *testing.T) {
		s := side(t)
		s.fault.Store("broken")
		_, err := s.send(t, k, message("n7"))
		s.wantError(t, err, true)
		s.fault.Store("")
		if _, err := s.send(t, k, message("n7")); err != nil {
			t.Fatal(err)
		}
		s.wantTaken(t, 1)
	})
	t.Run("one that is slow is not waited for", func(t *testing.T) {
		s := side(t)
		s.fault.Store("slow")
		s.net.Timeout = 300 * time.Millisecond
		_, err := s.send(t, k, message("n8"))
		s.wantError(t, err, true)
	})
	t.Run("one that is away is tried again", func(t *testing.T) {
		s := side(t)
		s.stop()
		_, err := s.send(t, k, message("n9"))
		s.wantError(t, err, true)
	})
	t.Run("one whose certificate nobody signed is not trusted", func(t *testing.T) {
		s := side(t)
		if s.roots == nil {
			t.Skip("it is asked without TLS here")
		}
		s.net.Roots = x509.NewCertPool()
		_, err := s.send(t, k, message("n10"))
		s.wantError(t, err, true)
		if !strings.Contains(err.Error(), "certificate") {
			t.Errorf("the error does not name the certificate: %v", err)
		}
		s.wantTaken(t, 0)
	})
	t.Run("this machine is not reached unless that is allowed", func(t *testing.T) {
		s := side(t)
		s.net.AllowLoopback = false
		_, err := s.send(t, k, message("n11"))
		s.wantError(t, err, false)
		s.wantTaken(t, 0)
	})
	t.Run("who stops sending is told so", func(t *testing.T) {
		s := side(t)
		s.fault.Store("slow")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		to, err := k.Open(s.settings, s.net)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Send(ctx, message("n12")); err == nil {
			t.Error("a message was sent after its end")
		}
	})
	t.Run("each field says what belongs into it, in both languages", func(t *testing.T) {
		for _, f := range k.Fields {
			if f.Title.EN == "" || f.Title.ZH == "" || f.Help.EN == "" || f.Help.ZH == "" {
				t.Errorf("%s: title %q, help %q", f.Name, f.Title, f.Help)
			}
		}
	})
	t.Run("what is required is asked for", func(t *testing.T) {
		s := side(t)
		for _, f := range k.Fields {
			if !f.Required {
				continue
			}
			without := Settings{}
			for name, value := range s.settings {
				if name != f.Name {
					without[name] = value
				}
			}
			if _, err := k.Open(without, s.net); err == nil || !strings.Contains(err.Error(), f.Name) {
				t.Errorf("without %s: %v", f.Name, err)
			}
		}
		s.settings["nonsense"] = "1"
		if _, err := k.Open(s.settings, s.net); err == nil {
			t.Error("a setting that is not there was taken")
		}
	})
}

// The error inside of a 200 is one, whichever way it is said.
func TestAnErrorInsideOfA200(t *testing.T) {
	for _, tt := range []struct {
		name, kind, answer string
		retry              bool
	}{
		{"DingTalk, no such token", "dingtalk", `{"errcode":300001,"errmsg":"token is not exist"}`, false},
		{"DingTalk, keyword", "dingtalk", `{"errcode":310000,"errmsg":"keywords not in content"}`, false},
		{"DingTalk, too fast", "dingtalk", `{"errcode":130101,"errmsg":"send too fast"}`, true},
		{"DingTalk, busy", "dingtalk", `{"errcode":-1,"errmsg":"system busy"}`, true},
		{"DingTalk, a page of a proxy", "dingtalk", `<html>log in</html>`, true},
		{"DingTalk, another JSON", "dingtalk", `{}`, true},
		{"Feishu, signature", "feishu", `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, false},
		{"Feishu, address", "feishu", `{"code":19022,"msg":"Ip Not Allowed"}`, false},
		{"Feishu, keyword", "feishu", `{"code":19024,"msg":"Key Words Not Found"}`, false},
		{"Feishu, bad body", "feishu", `{"code":9499,"msg":"Bad Request"}`, false},
		{"Feishu, too fast", "feishu", `{"code":11232,"msg":"frequency limited"}`, true},
		{"WeCom, no such key", "wecom", `{"errcode":93000,"errmsg":"invalid webhook url"}`, false},
		{"WeCom, too fast", "wecom", `{"errcode":45009,"errmsg":"api freq out of limit"}`, true},
		{"WeCom, too long", "wecom", `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`, false},
		{"Slack, said in JSON", "slack", `{"ok":false,"error":"channel_not_found"}`, false},
		{"Slack, too fast", "slack", `{"ok":false,"error":"ratelimited"}`, true},
		{"Slack, a page", "slack", `<html>`, false},
		{"Teams, an older connector", "teams", `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 403`, false},
		{"Teams, too fast", "teams", `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429`, true},
		{"Telegram", "telegram", `{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked"}`, false},
		{"SMS, no good word", "sms", `{"code":1002}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(tt.answer))
			}))
			defer server.Close()
			k, err := Find(tt.kind)
			if err != nil {
				t.Fatal(err)
			}
			to, err := k.Open(map[string]Settings{
				"dingtalk": {"url": server.URL + "/robot/send?access_token=t"}, "feishu": {"url": server.URL}, "wecom": {"url": server.URL + "?key=k"},
				"slack": {"url": server.URL}, "teams": {"url": server.URL}, "telegram": {"api": server.URL, "token": "1:a", "chat": "1"},
				"sms": {"url": server.URL, "phones": "1", "success": `"code":0`},
			}[tt.kind], network())
			if err != nil {
				t.Fatal(err)
			}
			_, err = to.Send(t.Context(), message("n"))
			var e *Error
			if !errors.As(err, &e) || e.Retry != tt.retry {
				t.Errorf("the error is %#v, want one with retry %v", err, tt.retry)
			}
		})
	}
}
