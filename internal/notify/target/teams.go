package target

import (
	"context"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// teams is a webhook of Microsoft Teams, made by a workflow: an adaptive card of at most 28 kB.
var teams = Kind{
	Name:  "teams",
	Title: Words{"Microsoft Teams", "Microsoft Teams"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Webhook address", "Webhook 地址"},
			Help: Words{"Of the workflow \"When a Teams webhook request is received\".", "工作流“收到 Teams Webhook 请求时”给出的地址。"}},
	},
	Limits:       Limits{Bytes: teamsBytes, Messages: 60, Per: time.Minute, Second: 4, Of: []string{"url"}},
	PictureLinks: true,
	make:         newTeams,
}

const teamsBytes = 28 << 10

type teamsHook struct {
	net Network
	url string
}

func newTeams(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	return &teamsHook{net: n, url: u.String()}, nil
}

func (h *teamsHook) Send(ctx context.Context, m Message) (Answer, error) {
	body, err := fit(lines(m.Markdown), teamsBytes, m.rest(), func(text string) ([]byte, error) {
		return encode(teamsMessage(&m, text))
	})
	if err != nil {
		return Answer{}, err
	}
	a, err := h.net.json(ctx, h.url, body)
	if err != nil {
		return a, err
	}
	// A workflow answers 202 and nothing. An older connector answers 200 with "1", or with the
	// failure of what stands behind it.
	if text := strings.TrimSpace(a.Body); a.Status == 200 && strings.Contains(strings.ToLower(text), "failed") {
		if strings.Contains(text, "429") {
			a.RetryAfter = max(a.RetryAfter, time.Minute)
			return a, later(a, "too many messages: "+oneLine(cut(text, 300, "…")))
		}
		return a, refused(a, "Teams refused it: "+oneLine(cut(text, 300, "…")))
	}
	return a, nil
}

func teamsMessage(m *Message, text string) map[string]any {
	tone := map[leak.Level]string{leak.Critical: "attention", leak.Error: "attention", leak.Warning: "warning", info: "accent"}[m.Level]
	if m.Recovered || tone == "" {
		tone = "good"
	}
	var actions []any
	for _, l := range m.links() {
		actions = append(actions, map[string]string{"type": "Action.OpenUrl", "title": l.title, "url": l.url})
	}
	body := []any{
		map[string]any{"type": "TextBlock", "text": m.heading(500), "weight": "Bolder", "size": "Medium", "color": tone, "wrap": true},
		map[string]any{"type": "TextBlock", "text": text, "wrap": true},
	}
	if picture := m.picture(); picture != "" { // Teams shows 1024 points at most
		body = append(body, map[string]any{
			"type": "Image", "url": picture, "altText": m.pictureAlt(), "size": "Stretch", "msTeams": map[string]bool{"allowExpand": true},
		})
	}
	card := map[string]any{
		"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
		"fallbackText": cut(m.Short, 500, "…"),
		"msteams":      map[string]string{"width": "Full"},
		"body":         body,
	}
	if len(actions) > 0 {
		card["actions"] = actions
	}
	return map[string]any{
		"type":        "message",
		"summary":     cut(m.Short, 500, "…"),
		"attachments": []any{map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}},
	}
}
