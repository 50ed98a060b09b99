package target

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// slack is an incoming webhook of Slack, or of what speaks like it (Mattermost, Rocket.Chat).
var slack = Kind{
	Name:  "slack",
	Title: Words{"Slack", "Slack"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Webhook address", "Webhook 地址"},
			Help: Words{"https://hooks.slack.com/services/…", "https://hooks.slack.com/services/…"}},
		{Name: "channel", Title: Words{"Channel", "频道"}, Help: Words{"Where the webhook lets one choose.", "Webhook 允许时可指定。"}},
	},
	// A block of text may have 3000 characters; one message a second.
	Limits:       Limits{Bytes: slackBytes, Messages: 60, Per: time.Minute, Second: 1, Of: []string{"url"}},
	PictureLinks: true,
	make:         newSlack,
}

const slackBytes = 3000

type slackHook struct {
	net          Network
	url, channel string
}

func newSlack(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	return &slackHook{net: n, url: u.String(), channel: s["channel"]}, nil
}

func (h *slackHook) Send(ctx context.Context, m Message) (Answer, error) {
	text := mrkdwn("**" + m.heading(500) + "**\n" + m.Markdown)
	blocks := []any{map[string]any{"type": "section", "text": map[string]string{"type": "mrkdwn", "text": cut(text, slackBytes, mrkdwn(m.rest()))}}}
	picture := m.picture()
	if picture != "" {
		blocks = append(blocks, map[string]string{"type": "image", "image_url": picture, "alt_text": m.pictureAlt()})
	}
	var buttons []any
	for _, l := range m.links() {
		buttons = append(buttons, map[string]any{"type": "button", "url": l.url, "text": map[string]string{"type": "plain_text", "text": l.title}})
	}
	if len(buttons) > 0 {
		blocks = append(blocks, map[string]any{"type": "actions", "elements": buttons})
	}
	message := map[string]any{
		"text":        escapeSlack(cut(unmarked(m.Short), 1000, "…")), // what a phone shows
		"attachments": []any{map[string]any{"color": color(&m), "blocks": blocks}},
	}
	if h.channel != "" {
		message["channel"] = h.channel
	}
	body, err := encode(message)
	if err != nil {
		return Answer{}, err
	}
	a, err := h.net.json(ctx, h.url, body)
	if picture != "" && strings.Contains(a.Body, "invalid_") {
		// Slack fetches the picture before it takes a message, and refuses all of it where it cannot.
		m.PictureURL = ""
		return h.Send(ctx, m)
	}
	if err != nil {
		return a, err
	}
	var said200 struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	switch text := strings.TrimSpace(a.Body); {
	case text == "ok" || text == "":
		return a, nil
	case json.Unmarshal([]byte(text), &said200) != nil:
		return a, refused(a, "its answer is not Slack's: is the address right? "+said(a))
	case said200.OK:
		return a, nil
	case said200.Error == "ratelimited" || said200.Error == "rate_limited":
		a.RetryAfter = max(a.RetryAfter, time.Minute)
		return a, later(a, "too many messages")
	}
	return a, refused(a, "Slack refused it: "+said200.Error)
}

// color of a message, as "#rrggbb".
func color(m *Message) string {
	switch {
	case m.Recovered:
		return "#2e7d32"
	case m.Level == leak.Critical:
		return "#b71c1c"
	case m.Level == leak.Error:
		return "#e65100"
	case m.Level == info:
		return "#1565c0"
	}
	return "#f9a825"
}

var markdownLink = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]*)\)`)

func escapeSlack(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// mrkdwn is Markdown as Slack writes it.
func mrkdwn(markdown string) string {
	s := markdownLink.ReplaceAllString(escapeSlack(markdown), "<$2|$1>")
	s = strings.ReplaceAll(s, "**", "*")
	return strings.ReplaceAll("\n"+s, "\n- ", "\n• ")[1:]
}
