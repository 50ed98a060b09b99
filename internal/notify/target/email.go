package target

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// email goes to a group by SMTP, as HTML and text with the picture inside. What belongs together is
// one thread, and a mail that is sent again has the same Message-ID.
var email = Kind{
	Name:  "email",
	Title: Words{"E-mail group", "邮件组"},
	Fields: []Field{
		{Name: "to", Required: true, Long: true, Title: Words{"To", "收件人"}, Help: Words{"Addresses, separated by commas or lines.", "邮箱地址，逗号或换行分隔。"}},
		{Name: "from", Required: true, Title: Words{"From", "发件人"}, Help: Words{"The sender, e.g. memseep <memseep@example.com>.", "例如 memseep <memseep@example.com>。"}},
		{Name: "host", Required: true, Title: Words{"SMTP server", "SMTP 服务器"}, Help: Words{"Its name alone, e.g. smtp.example.com.", "只填主机名，例如 smtp.example.com。"}},
		{Name: "port", Title: Words{"Port", "端口"}, Help: Words{"587 for STARTTLS, 465 for TLS.", "STARTTLS 为 587，TLS 为 465。"}},
		{Name: "tls", Choices: []string{"starttls", "tls", "none"}, Title: Words{"Encryption", "加密"},
			Help: Words{"none sends no password.", "none 不发送密码。"}},
		{Name: "user", Title: Words{"User", "用户名"}, Help: Words{"Empty: memseep does not sign in.", "留空则不登录。"}},
		{Name: "password", Secret: true, Title: Words{"Password", "密码"}, Help: Words{"Of this user; some providers want one made for apps.", "此用户的密码；部分邮箱需使用专用的授权码。"}},
	},
	Limits:   Limits{Bytes: emailBytes, Messages: 60, Per: time.Minute, Of: []string{"host", "user", "from"}},
	Pictures: true,
	make:     newEmail,
}

const emailBytes = 512 << 10

type mailbox struct {
	net        Network
	host       string
	port       int
	encryption string
	user       string
	password   string
	from       string
	to         []string
}

func newEmail(s Settings, n Network) (Target, error) {
	b := &mailbox{
		net: n, host: s["host"], encryption: s["tls"], user: s["user"], password: s["password"], from: s["from"],
		port: map[string]int{"starttls": 587, "tls": 465, "none": 25}[s["tls"]],
	}
	for part := range strings.FieldsFuncSeq(s["to"], func(r rune) bool { return strings.ContainsRune(",;，；\n", r) }) {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(b.to, part) {
			b.to = append(b.to, part)
		}
	}
	if s["port"] != "" {
		port, err := strconv.Atoi(s["port"])
		if err != nil || port < 1 || port > 65535 {
			return nil, errors.New("the port is none")
		}
		b.port = port
	}
	if b.encryption == "none" && b.password != "" {
		return nil, errors.New("a password is not sent without encryption: choose starttls or tls, or leave it out")
	}
	if _, err := b.message(&Message{ID: "check", Title: "check"}); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *mailbox) message(m *Message) (*mail.Msg, error) {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := message.From(b.from); err != nil {
		return nil, fmt.Errorf("the sender %q is no address", b.from)
	}
	to := b.to
	if len(m.To) > 0 {
		to = m.To
	}
	if err := message.To(to...); err != nil {
		return nil, fmt.Errorf("a recipient is no address: %w", err)
	}
	sender, err := message.GetSender(false)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is no address: %w", b.from, err)
	}
	domain := strings.Trim(sender[strings.LastIndexByte(sender, '@')+1:], "<> ")
	message.SetMessageIDWithValue(m.ID + "@" + domain)
	if m.Key != "" {
		message.SetGenHeader(mail.HeaderReferences, "<"+m.Key+"@"+domain+">")
	}
	message.SetDateWithValue(b.net.now())
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	message.Subject(cut(oneLine(m.Title), 200, "…"))
	message.SetBodyString(mail.TypeTextPlain, cut(m.Text, emailBytes/4, m.plainRest())+plainLinks(m))
	message.AddAlternativeString(mail.TypeTextHTML, b.html(m))
	if m.Picture != nil {
		if err := message.EmbedReader("curve.png", bytes.NewReader(m.Picture), mail.WithFileContentID("<curve.png>"), mail.WithFileContentType("image/png")); err != nil {
			return nil, fmt.Errorf("embed the picture: %w", err)
		}
	}
	return message, nil
}

func plainLinks(m *Message) string {
	var b strings.Builder
	for i, l := range m.links() {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("\n" + l.title + ": " + l.url)
	}
	return b.String()
}

// html is the message with inline styles, as mail programs need them.
func (b *mailbox) html(m *Message) string {
	var h strings.Builder
	fmt.Fprintf(&h, `<!doctype html><html lang="%s"><body style="margin:0;padding:16px;font:15px/1.5 -apple-system,Segoe UI,Roboto,PingFang SC,Microsoft YaHei,sans-serif;color:#1f2328">`, m.Language)
	fmt.Fprintf(&h, `<div style="max-width:680px;border-left:4px solid %s;padding-left:16px"><h2 style="font-size:18px;margin:0 0 8px">%s</h2>`, color(m), html.EscapeString(m.Title))
	for line := range strings.Lines(cut(m.Text, emailBytes/8, "…")) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintf(&h, `<p style="margin:4px 0">%s</p>`, html.EscapeString(line))
		}
	}
	if m.Picture != nil {
		fmt.Fprintf(&h, `<p><img src="cid:curve.png" alt="%s" width="640" style="max-width:100%%;height:auto"></p>`, m.pictureAlt())
	}
	for i, l := range m.links() {
		style := "color:#0969da;margin-right:16px"
		if i == 0 {
			style = "display:inline-block;background:#0969da;color:#fff;padding:6px 14px;border-radius:6px;text-decoration:none;margin-right:16px"
		}
		fmt.Fprintf(&h, `<a href="%s" style="%s">%s</a>`, html.EscapeString(l.url), style, html.EscapeString(l.title))
	}
	h.WriteString(`</div></body></html>`)
	return h.String()
}
