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
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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
	to    []string // recipients of the mail that comes now
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
		if f.Name == "headers" { // "Authorization: Bearer …": the last word is it
			words := strings.Fields(v)
			out = append(out, words[len(words)-1])
		}
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
		for _, image := range markdownImage.FindAllStringSubmatch(m.Markdown.Text, -1) {
			if !isPublic(image[2]) {
				return reply{200, `{"errcode":40035,"errmsg":"a picture that nobody can see"}`, ""}
			}
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
	s.says = append(s.says, picturePath)
	s.saysLong = append(s.saysLong, "@13800000000", "]("+picturePath+")")
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
		if problem := chartProblem(m.Card); problem != "" {
			return reply{200, `{"code":11246,"msg":"` + problem + `"}`, ""}
		}
		return reply{200, `{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`, string(m.Card)}
	}, reply{200, `{"code":11232,"msg":"frequency limited psm"}`, ""})
	s.says = append(s.says, `"tag":"chart"`, `{"line":"预测","at":"12:10","value":71.9}`)
	s.saysLong = append(s.saysLong, `"tag":"chart"`)
	s.settings = Settings{"url": s.settings["url"] + "/open-apis/bot/v2/hook/" + longToken, "secret": secret}
	s.wrong, s.timed, s.limit = Settings{"secret": "another-secret-entirely"}, true, 100
	return s
}

// chartProblem checks the charts of a card: each value has the fields that its axes and lines are by.
func chartProblem(card []byte) string {
	var c struct {
		Elements []struct {
			Tag  string
			Spec struct {
				Type                        string
				XField, YField, SeriesField string
				Data                        struct{ Values []map[string]any }
			} `json:"chart_spec"`
		}
	}
	if err := json.Unmarshal(card, &c); err != nil {
		return err.Error()
	}
	for _, e := range c.Elements {
		if e.Tag != "chart" {
			continue
		}
		if e.Spec.Type != "line" || len(e.Spec.Data.Values) == 0 {
			return "no such chart"
		}
		for _, v := range e.Spec.Data.Values {
			_, number := v[e.Spec.YField].(float64)
			if at, _ := v[e.Spec.XField].(string); at == "" || v[e.Spec.SeriesField] == nil || !number {
				return "a value without its place"
			}
		}
	}
	return ""
}

func wecomSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		var m struct {
			Type       string `json:"msgtype"`
			Markdown   struct{ Content string }
			MarkdownV2 struct{ Content string } `json:"markdown_v2"`
		}
		switch {
		case r.URL.Query().Get("key") != longToken:
			return reply{200, `{"errcode":93000,"errmsg":"invalid webhook url, hint: [1], from ip: 1.2.3.4"}`, ""}
		case json.Unmarshal(body, &m) != nil || m.Type != "markdown" && m.Type != "markdown_v2":
			return reply{200, `{"errcode":40008,"errmsg":"invalid message type"}`, ""}
		}
		content := m.Markdown.Content
		if m.Type == "markdown_v2" {
			content = m.MarkdownV2.Content
		}
		switch {
		case content == "":
			return reply{200, `{"errcode":44004,"errmsg":"empty content"}`, ""}
		case len(content) > 4096:
			return reply{200, `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`, ""}
		}
		// The first kind shows a picture as its source, the second a mention.
		if m.Type == "markdown" && markdownImage.MatchString(content) || m.Type == "markdown_v2" && strings.Contains(content, "<@") {
			content = "what nobody can read: " + content
		}
		return reply{200, `{"errcode":0,"errmsg":"ok"}`, content}
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
	s.says = append(s.says, `"pictureUrl":"`+picturePath+`"`)
	s.settings["secret"], s.settings["headers"] = secret, "X-Team: infra"
	s.wrong, s.timed, s.limit = Settings{"secret": "not-the-secret"}, true, 3
	return s
}
