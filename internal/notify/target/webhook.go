package target

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"
)

// webhook posts to any address. The header Idempotency-Key is the same whenever a notice is sent
// again. Where there is a secret the header X-Memseep-Signature is "t=UNIX,v1=HEX", HEX being
// HMAC-SHA256(secret, UNIX "." body): a receiver takes what is a few minutes old at most.
var webhook = Kind{
	Name:  "webhook",
	Title: Words{"Webhook", "Webhook"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Address", "地址"},
			Help: Words{"Where messages are sent, e.g. https://hooks.example.com/memseep.", "消息发往的地址，例如 https://hooks.example.com/memseep。"}},
		{Name: "method", Choices: []string{"POST", "PUT"}, Title: Words{"Method", "方法"}, Help: Words{"As the receiver wants it; most take POST.", "按接收方的要求选择，多数为 POST。"}},
		{Name: "secret", Secret: true, Title: Words{"Signing secret", "签名密钥"},
			Help: Words{"Signs each message with HMAC-SHA256 in X-Memseep-Signature.", "用 HMAC-SHA256 签名，放在 X-Memseep-Signature 头中。"}},
		{Name: "headers", Secret: true, Long: true, Title: Words{"Headers", "请求头"}, Help: Words{"One a line, Name: value.", "每行一个，Name: value。"}},
		{Name: "body", Long: true, Title: Words{"Body", "正文模板"},
			Help: Words{"A template; empty sends all fields as JSON.", "模板；留空则以 JSON 发送全部字段。"}},
		{Name: "content_type", Default: "application/json; charset=utf-8", Title: Words{"Content type", "内容类型"},
			Help: Words{"Of a body of your own, where it is not JSON; a header of this name comes first.", "自定义正文不是 JSON 时填写；请求头中的同名项优先。"}},
	},
	Limits:       Limits{Bytes: webhookBytes},
	Deduplicates: true,
	make:         newWebhook,
}

const webhookBytes = 256 << 10

type webhookTarget struct {
	net         Network
	url, method string
	secret      string
	header      http.Header
	body        *Template
}

func newWebhook(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	t := &webhookTarget{net: n, url: u.String(), method: s["method"], secret: s["secret"]}
	if t.header, err = headers(s["headers"]); err != nil {
		return nil, err
	}
	if t.header.Get("Content-Type") == "" {
		t.header.Set("Content-Type", s["content_type"])
	}
	if s["body"] != "" {
		if t.body, err = ParseTemplate(s["body"]); err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
	}
	return t, nil
}

func (t *webhookTarget) Send(ctx context.Context, m Message) (Answer, error) {
	header := t.header.Clone()
	body, err := t.render(&m)
	if err != nil && m.Facts.Reason == "test" { // who writes the template looks at the answer
		return Answer{}, refused(Answer{}, "its template fails: "+err.Error())
	}
	if err != nil { // it is told nevertheless
		header.Set("Content-Type", "application/json; charset=utf-8")
		note := "\n\n" + fmt.Sprintf(Words{"(the target's template fails: %v)", "（通知模板出错：%v）"}.In(m.Language), err)
		m.Text, m.Markdown = m.Text+note, m.Markdown+note
		if body, err = fields(&m); err != nil {
			return Answer{}, err
		}
	}
	header.Set("Idempotency-Key", m.ID)
	if t.secret != "" {
		at := strconv.FormatInt(t.net.now().Unix(), 10)
		mac := hmac.New(sha256.New, []byte(t.secret))
		mac.Write([]byte(at + "." + string(body)))
		header.Set("X-Memseep-Signature", "t="+at+",v1="+hex.EncodeToString(mac.Sum(nil)))
	}
	return t.net.do(ctx, request{method: t.method, url: t.url, header: header, body: body})
}

func (t *webhookTarget) render(m *Message) ([]byte, error) {
	if t.body != nil {
		text, err := t.body.Execute(m.View())
		return []byte(text), err
	}
	return fields(m)
}

// fields are all of a message, as JSON.
func fields(m *Message) ([]byte, error) {
	v := m.View()
	v.Facts = v.bounded()
	v.Summary, v.ToDo = cut(v.Summary, webhookBytes/8, m.plainRest()), cut(v.ToDo, webhookBytes/8, m.plainRest())
	v.Text, v.Markdown = cut(v.Text, webhookBytes/4, m.plainRest()), cut(v.Markdown, webhookBytes/4, m.rest())
	return encode(v)
}

// notInName is what a header's name cannot have (RFC 9110, 5.6.2).
func notInName(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
}

// headers reads lines of "Name: value".
func headers(s string) (http.Header, error) {
	h := http.Header{}
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !ok || name == "" || strings.ContainsFunc(name, notInName):
			return nil, errors.New("headers: write each line as Name: value")
		case strings.ContainsFunc(value, unicode.IsControl):
			return nil, fmt.Errorf("headers: the value of %s has a control character", name)
		}
		h.Add(name, value)
	}
	return h, nil
}
