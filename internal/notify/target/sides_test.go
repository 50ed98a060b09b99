package target

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// otherSide is a server that checks what it is sent as the real one does.
type otherSide struct {
	settings Settings
	wrong    Settings // settings that it refuses
	net      Network
	timed    bool // it looks at the time of a message
	limit    int  // messages that it takes in a minute; 0 is any number
	roots    *x509.CertPool
	fault    atomic.Value // "", "broken" or "slow"
	stop     func()

	says, saysEnd, saysLong []string // what the text of a message has to hold

	mu    sync.Mutex
	taken []string
}

func (s *otherSide) send(t *testing.T, k Kind, m Message) (Answer, error) {
	t.Helper()
	to, err := k.Open(s.settings, s.net)
	if err != nil {
		t.Fatal(err)
	}
	a, err := to.Send(t.Context(), m)
	for _, secret := range s.secrets(k) {
		if strings.Contains(a.Body, secret) || err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("a credential is in the answer %q or the error %v", a.Body, err)
		}
	}
	if len(a.Body) > answerSize {
		t.Errorf("the answer has %d bytes", len(a.Body))
	}
	return a, err
}

func (s *otherSide) secrets(k Kind) []string {
	var out []string
	for _, f := range k.Fields {
		v := s.settings[f.Name]
		if !f.Secret || v == "" {
			continue
		}
		out = append(out, v)
		if u, err := url.Parse(v); err == nil && u.Host != "" {
			for _, values := range u.Query() {
				out = append(out, values...)
			}
		}
	}
	return out
}

func (s *otherSide) take(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, text)
}

func (s *otherSide) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.taken)
}

func (s *otherSide) wantTaken(t *testing.T, n int) {
	t.Helper()
	if got := s.count(); got != n {
		t.Errorf("it has taken %d messages, want %d", got, n)
	}
}

func (s *otherSide) wantText(t *testing.T, parts []string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, part := range parts {
		if len(s.taken) == 0 || !strings.Contains(s.taken[0], part) {
			t.Errorf("%q is not in what it has taken: %.1500q", part, s.taken)
		}
	}
}

func (s *otherSide) wantError(t *testing.T, err error, retry bool) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is %#v", err)
	}
	if e.Retry != retry || e.Reason == "" {
		t.Errorf("the error is %q with retry %v, want retry %v", e.Reason, e.Retry, retry)
	}
}

// reply is an answer of HTTP; text is what a message said, where it was taken.
type reply struct {
	status int
	body   string
	text   string
}

// web is a server by HTTPS. check looks at a request as the real one does; tooMany is its answer past
// its limit.
func web(t *testing.T, check func(r *http.Request, body []byte) reply, tooMany reply) *otherSide {
	t.Helper()
	s := &otherSide{net: network(), settings: Settings{}, says: []string{"web-1", "71.2 %", "https://memseep.example/events/1"}, saysEnd: []string{"已恢复"}, saysLong: []string{"https://memseep.example/events/1"}}
	s.fault.Store("")
	gone := make(chan struct{})
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		switch s.fault.Load() {
		case "broken":
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprintf(w, "upstream of %s is away", r.URL) // some say what they were asked
			return
		case "slow":
			select {
			case <-r.Context().Done():
			case <-gone:
			}
			return
		}
		answer := check(r, body)
		if answer.text != "" && s.limit > 0 && s.count() >= s.limit {
			answer = tooMany
			w.Header().Set("Retry-After", "30")
		}
		w.WriteHeader(answer.status)
		_, _ = io.WriteString(w, answer.body)
		if answer.text != "" {
			s.take(answer.text)
		}
	}))
	server.Config.ErrorLog = nil
	t.Cleanup(func() { close(gone); server.Close() })
	s.roots = x509.NewCertPool()
	s.roots.AddCert(server.Certificate())
	s.net.Roots = s.roots
	s.stop = func() { server.Listener.Close() } //nolint:errcheck // it is away then
	s.settings["url"] = server.URL
	return s
}

// sides are the other sides of all kinds, one line a kind.
var sides = map[string]func(t *testing.T) *otherSide{
	"dingtalk":     dingtalkSide,
	"feishu":       feishuSide,
	"wecom":        wecomSide,
	"email":        emailSide,
	"webhook":      webhookSide,
	"slack":        slackSide,
	"teams":        teamsSide,
	"telegram":     telegramSide,
	"pagerduty":    pagerdutySide,
	"alertmanager": alertmanagerSide,
	"sms":          smsSide,
}

const longToken = "0123456789abcdef0123456789abcdef"

func dingtalkSide(t *testing.T) *otherSide {
	const secret = "SECabcdefghijklmnopqrstuvwxyz"
	s := web(t, func(r *http.Request, body []byte) reply {
		q := r.URL.Query()
		at, _ := strconv.ParseInt(q.Get("timestamp"), 10, 64)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(q.Get("timestamp") + "\n" + secret))
		if q.Get("access_token") != longToken {
			return reply{200, `{"errcode":300001,"errmsg":"token is not exist"}`, ""}
		}
		if q.Get("sign") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) || now.Sub(time.UnixMilli(at)).Abs() > time.Hour {
			return reply{200, `{"errcode":310000,"errmsg":"sign not match ` + secret + `"}`, ""}
		}
		var m struct {
			Type     string `json:"msgtype"`
			Markdown struct{ Title, Text string }
			At       struct {
				Mobiles []string `json:"atMobiles"`
				All     *bool    `json:"isAtAll"`
			}
		}
		if json.Unmarshal(body, &m) != nil || m.Type != "markdown" || m.Markdown.Title == "" || m.At.All == nil || len(body) > 20_000 {
			return reply{200, `{"errcode":40035,"errmsg":"invalid param"}`, ""}
		}
		for _, mobile := range m.At.Mobiles {
			if !strings.Contains(m.Markdown.Text, "@"+mobile) {
				return reply{200, `{"errcode":40035,"errmsg":"who is mentioned is not in the text"}`, ""}
			}
		}
		return reply{200, `{"errcode":0,"errmsg":"ok"}`, m.Markdown.Text}
	}, reply{200, `{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}`, ""})
	s.settings = Settings{"url": s.settings["url"] + "/robot/send?access_token=" + longToken, "secret": secret, "at": "13800000000"}
	s.wrong, s.timed, s.limit = Settings{"secret": "SECwrong-wrong-wrong-wrong"}, true, 20
	s.saysLong = append(s.saysLong, "@13800000000")
	return s
}

func feishuSide(t *testing.T) *otherSide {
	const secret = "feishu-secret-of-the-robot"
	s := web(t, func(r *http.Request, body []byte) reply {
		var m struct {
			Timestamp, Sign string
			Type            string `json:"msg_type"`
			Card            json.RawMessage
		}
		if json.Unmarshal(body, &m) != nil || m.Type != "interactive" || len(m.Card) == 0 || len(body) > 20<<10 {
			return reply{400, `{"code":9499,"msg":"Bad Request"}`, ""}
		}
		at, _ := strconv.ParseInt(m.Timestamp, 10, 64)
		mac := hmac.New(sha256.New, []byte(m.Timestamp+"\n"+secret))
		if m.Sign != base64.StdEncoding.EncodeToString(mac.Sum(nil)) || now.Sub(time.Unix(at, 0)).Abs() > time.Hour {
			return reply{200, `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, ""}
		}
		return reply{200, `{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`, string(m.Card)}
	}, reply{200, `{"code":11232,"msg":"frequency limited psm"}`, ""})
	s.settings = Settings{"url": s.settings["url"] + "/open-apis/bot/v2/hook/" + longToken, "secret": secret}
	s.wrong, s.timed, s.limit = Settings{"secret": "another-secret-entirely"}, true, 100
	return s
}

func wecomSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		var m struct {
			Type     string `json:"msgtype"`
			Markdown struct{ Content string }
		}
		switch {
		case r.URL.Query().Get("key") != longToken:
			return reply{200, `{"errcode":93000,"errmsg":"invalid webhook url, hint: [1], from ip: 1.2.3.4"}`, ""}
		case json.Unmarshal(body, &m) != nil || m.Type != "markdown":
			return reply{200, `{"errcode":40008,"errmsg":"invalid message type"}`, ""}
		case len(m.Markdown.Content) > 4096:
			return reply{200, `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`, ""}
		}
		return reply{200, `{"errcode":0,"errmsg":"ok"}`, m.Markdown.Content}
	}, reply{200, `{"errcode":45009,"errmsg":"api freq out of limit"}`, ""})
	base := s.settings["url"] + "/cgi-bin/webhook/send?key="
	s.settings = Settings{"url": base + longToken, "at": "zhangsan"}
	s.wrong, s.limit = Settings{"url": base + "ffffffffffffffffffffffffffffffff"}, 20
	s.saysLong = append(s.saysLong, "<@zhangsan>")
	return s
}

func webhookSide(t *testing.T) *otherSide {
	const secret = "webhook-secret"
	s := web(t, func(r *http.Request, body []byte) reply {
		var at, sign string
		for part := range strings.SplitSeq(r.Header.Get("X-Memseep-Signature"), ",") {
			switch name, value, _ := strings.Cut(part, "="); name {
			case "t":
				at = value
			case "v1":
				sign = value
			}
		}
		unix, _ := strconv.ParseInt(at, 10, 64)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(at + "." + string(body)))
		if sign != hex.EncodeToString(mac.Sum(nil)) || now.Sub(time.Unix(unix, 0)).Abs() > 5*time.Minute {
			return reply{401, `the signature is wrong`, ""}
		}
		if r.Header.Get("Idempotency-Key") == "" || r.Header.Get("X-Team") != "infra" || !json.Valid(body) || len(body) > 1<<20 {
			return reply{400, `bad request`, ""}
		}
		return reply{200, `thanks`, string(body)}
	}, reply{429, `slow down`, ""})
	s.settings["secret"], s.settings["headers"] = secret, "X-Team: infra"
	s.wrong, s.timed, s.limit = Settings{"secret": "not-the-secret"}, true, 3
	return s
}

func slackSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		var m struct {
			Text        string
			Attachments []struct {
				Color  string
				Blocks []struct {
					Type string
					Text struct{ Type, Text string }
				}
			}
		}
		switch {
		case r.URL.Path != "/services/T0/B0/"+longToken:
			return reply{404, `no_service`, ""}
		case json.Unmarshal(body, &m) != nil || m.Text == "" || len(m.Attachments) != 1 || len(m.Attachments[0].Blocks) == 0:
			return reply{400, `invalid_payload`, ""}
		case len([]rune(m.Attachments[0].Blocks[0].Text.Text)) > 3000:
			return reply{400, `invalid_blocks`, ""}
		}
		return reply{200, `ok`, m.Attachments[0].Blocks[0].Text.Text}
	}, reply{429, `rate_limited`, ""})
	base := s.settings["url"] + "/services/T0/B0/"
	s.settings["url"] = base + longToken
	s.wrong, s.limit = Settings{"url": base + "ffffffffffffffffffffffff"}, 5
	s.says = []string{"*[紧急] 主机 web-1", "71.2 %", "• 保留 java 的堆转储 &amp; 重启 &lt;java&gt;"}
	s.saysLong = []string{"<https://memseep.example/events/1|"}
	return s
}

func teamsSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		var m struct {
			Type        string
			Attachments []struct {
				ContentType string
				Content     struct {
					Type, Version string
					Body          []struct{ Type, Text string }
				}
			}
		}
		switch {
		case r.URL.Query().Get("sig") != longToken:
			return reply{401, `{"error":{"code":"DirectApiAuthorizationRequired"}}`, ""}
		case len(body) > 28<<10:
			return reply{413, `too large`, ""}
		case json.Unmarshal(body, &m) != nil || m.Type != "message" || len(m.Attachments) != 1 || m.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive" || m.Attachments[0].Content.Type != "AdaptiveCard":
			return reply{400, `bad card`, ""}
		}
		return reply{202, ``, string(body)}
	}, reply{429, ``, ""})
	base := s.settings["url"] + "/workflows/1/triggers/manual/paths/invoke?sig="
	s.settings["url"] = base + longToken
	s.wrong, s.limit = Settings{"url": base + "wrong-signature"}, 4
	return s
}

func telegramSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		token, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
		if token != "123456:"+longToken {
			return reply{401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, ""}
		}
		text, most := "", 4096
		switch method {
		case "sendMessage":
			var m struct {
				Chat string `json:"chat_id"`
				Mode string `json:"parse_mode"`
				Text string
			}
			if json.Unmarshal(body, &m) != nil || m.Chat != "-100" || m.Mode != "HTML" {
				return reply{400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, ""}
			}
			text = m.Text
		case "sendPhoto":
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			if r.ParseMultipartForm(1<<20) != nil || r.FormValue("chat_id") != "-100" || len(r.MultipartForm.File["photo"]) != 1 {
				return reply{400, `{"ok":false,"error_code":400,"description":"Bad Request: there is no photo in the request"}`, ""}
			}
			text, most = r.FormValue("caption"), 1024
		}
		if shown := html.UnescapeString(telegramTag.ReplaceAllString(text, "")); len([]rune(shown)) > most || strings.Count(text, "<") != strings.Count(text, ">") {
			return reply{400, `{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}`, ""}
		}
		return reply{200, `{"ok":true,"result":{"message_id":1}}`, text}
	}, reply{429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`, ""})
	s.settings = Settings{"api": s.settings["url"], "token": "123456:" + longToken, "chat": "-100"}
	s.wrong, s.limit = Settings{"token": "123456:wrong"}, 20
	return s
}

func pagerdutySide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		if problem := pagerdutyProblem(body); r.URL.Path != "/v2/enqueue" || problem != "" {
			return reply{400, `{"status":"invalid event","message":"Event object is invalid","errors":["` + problem + `"]}`, ""}
		}
		return reply{202, `{"status":"success","message":"Event processed","dedup_key":"event-1"}`, string(body)}
	}, reply{429, ``, ""})
	s.settings = Settings{"url": s.settings["url"], "routing_key": longToken}
	s.wrong, s.limit = Settings{"routing_key": "short"}, 6
	s.says = append(s.says, `"event_action":"trigger"`, `"dedup_key":"event-1"`, `"severity":"critical"`)
	s.saysEnd = []string{`"event_action":"resolve"`, `"dedup_key":"event-1"`}
	return s
}

// pagerdutyProblem checks an event by the fields of PagerDuty's Events API v2; no others are known.
func pagerdutyProblem(body []byte) string {
	var e map[string]any
	if json.Unmarshal(body, &e) != nil || len(body) > 512<<10 {
		return "no JSON of at most 512 kB"
	}
	for name := range e {
		if !slices.Contains([]string{"routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url"}, name) {
			return "unknown " + name
		}
	}
	if key, _ := e["routing_key"].(string); len(key) != 32 {
		return "routing_key has 32 characters"
	}
	if key, _ := e["dedup_key"].(string); key == "" || len(key) > 255 {
		return "dedup_key has 1 to 255 characters"
	}
	payload, _ := e["payload"].(map[string]any)
	switch e["event_action"] {
	case "resolve", "acknowledge":
		return ""
	case "trigger":
	default:
		return "event_action"
	}
	for name := range payload {
		if !slices.Contains([]string{"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"}, name) {
			return "unknown payload." + name
		}
	}
	summary, _ := payload["summary"].(string)
	source, _ := payload["source"].(string)
	severity, _ := payload["severity"].(string)
	if len([]rune(summary)) < 1 || len([]rune(summary)) > 1024 || source == "" || !slices.Contains([]string{"critical", "error", "warning", "info"}, severity) {
		return "summary, source or severity"
	}
	if at, ok := payload["timestamp"].(string); ok {
		if _, err := time.Parse(time.RFC3339, at); err != nil {
			return "timestamp"
		}
	}
	links, _ := e["links"].([]any)
	for _, l := range links {
		if href, _ := l.(map[string]any)["href"].(string); href == "" {
			return "links"
		}
	}
	return ""
}

func alertmanagerSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		if user, password, _ := r.BasicAuth(); user != "memseep" || password != "alertmanager-password" {
			return reply{401, `Unauthorized`, ""}
		}
		var alerts []struct {
			Labels           map[string]string
			StartsAt, EndsAt time.Time
		}
		if r.URL.Path != "/api/v2/alerts" || json.Unmarshal(body, &alerts) != nil {
			return reply{400, `bad`, ""}
		}
		text := string(body)
		for _, a := range alerts {
			if len(a.Labels) == 0 || a.EndsAt.Before(a.StartsAt) {
				return reply{400, `"at least one label pair required"`, ""}
			}
			for name, value := range a.Labels {
				if value == "" || labelName(name) != name {
					return reply{400, `"bad label"`, ""}
				}
			}
			if !a.EndsAt.After(now) {
				text += " it is over"
			}
		}
		return reply{200, ``, text}
	}, reply{429, ``, ""})
	s.settings["user"], s.settings["password"], s.settings["labels"] = "memseep", "alertmanager-password", "team: infra"
	s.wrong, s.limit = Settings{"password": "wrong-password"}, 2
	s.says = []string{"MemoryLeak", `"team":"infra"`}
	s.saysEnd, s.saysLong = []string{"it is over"}, []string{"MemoryLeak"}
	return s
}

func smsSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		var m struct{ To, Text string }
		switch {
		case r.Header.Get("Authorization") != "Bearer "+longToken:
			return reply{200, `{"code":1001,"msg":"bad key ` + r.Header.Get("Authorization") + `"}`, ""}
		case json.Unmarshal(body, &m) != nil || m.To != "13800000000" || len([]rune(m.Text)) > 140:
			return reply{200, `{"code":1002,"msg":"bad message"}`, ""}
		}
		return reply{200, `{"code":0}`, m.Text}
	}, reply{429, ``, ""})
	s.settings = Settings{
		"url": s.settings["url"] + "/sms", "phones": "13800000000", "headers": "Authorization: Bearer " + longToken,
		"body": `{"to":{{json .Phone}},"text":{{json .Message}}}`, "success": `"code":0`,
	}
	s.wrong, s.limit = Settings{"headers": "Authorization: Bearer wrong"}, 3
	s.says = []string{"web-1", "https://memseep.example/events/1"}
	s.saysEnd = []string{"https://memseep.example/events/1"} // its first line says it; the suite's is that of the leak
	return s
}
