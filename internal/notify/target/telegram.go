package target

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// telegram is a bot of Telegram: text of 4096 characters, or the picture with 1024.
var telegram = Kind{
	Name:  "telegram",
	Title: Words{"Telegram", "Telegram"},
	Fields: []Field{
		{Name: "token", Secret: true, Required: true, Title: Words{"Bot token", "机器人 Token"}, Help: Words{"From @BotFather, e.g. 123456:ABC-DEF.", "由 @BotFather 提供，例如 123456:ABC-DEF。"}},
		{Name: "chat", Required: true, Title: Words{"Chat", "会话"}, Help: Words{"Its id, or @name of a channel.", "会话 ID，或频道的 @名称。"}},
		{Name: "api", Default: "https://api.telegram.org", Title: Words{"Server", "服务器"}, Help: Words{"Of the Bot API.", "Bot API 地址。"}},
	},
	Limits:   Limits{Bytes: telegramBytes, Messages: 20, Per: time.Minute, Second: 1, Of: []string{"api", "token", "chat"}}, // to one group
	Pictures: true,
	make:     newTelegram,
}

const telegramCaption = 1024

const telegramBytes = 4096

type telegramBot struct {
	net       Network
	url, chat string
}

func newTelegram(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["api"])
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(s["token"], "/?# ") {
		return nil, errors.New("the token is none: it looks like 123456:ABC…")
	}
	return &telegramBot{net: n, url: strings.TrimSuffix(u.String(), "/") + "/bot" + s["token"], chat: s["chat"]}, nil
}

func (b *telegramBot) Send(ctx context.Context, m Message) (Answer, error) {
	call := b.message(&m)
	if m.Picture != nil {
		photo, err := b.photo(&m)
		if err != nil {
			return Answer{}, err
		}
		call = photo
	}
	a, err := b.net.do(ctx, call)
	var e *Error
	if err != nil && (!errors.As(err, &e) || e.Answer.Status == 0) {
		return a, err
	}
	var code struct {
		OK         *bool  `json:"ok"`
		Code       int    `json:"error_code"`
		Text       string `json:"description"`
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if json.Unmarshal([]byte(a.Body), &code) != nil || code.OK == nil {
		if err != nil {
			return a, err
		}
		return a, later(a, "its answer is not Telegram's: is the server's address right? "+said(a))
	}
	switch {
	case *code.OK:
		return a, nil
	case code.Code == http.StatusTooManyRequests || code.Code >= 500:
		a.RetryAfter = max(a.RetryAfter, time.Duration(min(code.Parameters.RetryAfter, 86400))*time.Second)
		return a, later(a, fmt.Sprintf("Telegram is busy (%d): %s", code.Code, code.Text))
	}
	return a, refused(a, fmt.Sprintf("Telegram refused it (%d): %s", code.Code, code.Text))
}

// text is HTML of at most so many characters, as Telegram counts them: without its tags.
func (b *telegramBot) text(m *Message, size int) string {
	var tail strings.Builder
	for i, l := range m.links() {
		if i > 0 {
			tail.WriteString(" | ")
		}
		fmt.Fprintf(&tail, `<a href="%s">%s</a>`, html.EscapeString(l.url), html.EscapeString(l.title))
	}
	title := units(m.Title, size/4)
	body := units(m.Text, size-len(utf16.Encode([]rune(title)))-80) // the names of the links
	return "<b>" + html.EscapeString(title) + "</b>\n" + html.EscapeString(body) + "\n\n" + tail.String()
}

func (b *telegramBot) message(m *Message) request {
	form := map[string]any{"chat_id": b.chat, "parse_mode": "HTML", "text": b.text(m, telegramBytes), "link_preview_options": map[string]bool{"is_disabled": true}}
	body, _ := encode(form) // texts alone: it never fails
	return request{url: b.url + "/sendMessage", body: body, header: http.Header{"Content-Type": {"application/json"}}}
}

func (b *telegramBot) photo(m *Message) (request, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, f := range [][2]string{{"chat_id", b.chat}, {"parse_mode", "HTML"}, {"caption", b.text(m, telegramCaption)}} {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return request{}, err
		}
	}
	part, err := w.CreateFormFile("photo", "curve.png")
	if err != nil {
		return request{}, err
	}
	_, err = part.Write(m.Picture)
	if err := errors.Join(err, w.Close()); err != nil {
		return request{}, err
	}
	return request{url: b.url + "/sendPhoto", body: body.Bytes(), header: http.Header{"Content-Type": {w.FormDataContentType()}, "Content-Length": {strconv.Itoa(body.Len())}}}, nil
}
