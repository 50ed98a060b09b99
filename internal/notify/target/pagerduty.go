package target

import (
	"context"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// pagerduty is a service of PagerDuty, by its Events API v2: one incident a key, resolved by the same.
var pagerduty = Kind{
	Name:  "pagerduty",
	Title: Words{"PagerDuty", "PagerDuty"},
	Fields: []Field{
		{Name: "routing_key", Secret: true, Required: true, Title: Words{"Integration key", "集成密钥"}, Help: Words{"Of an Events API v2 integration.", "Events API v2 集成的密钥。"}},
		{Name: "url", Default: "https://events.pagerduty.com", Title: Words{"Server", "服务器"}, Help: Words{"https://events.eu.pagerduty.com for the EU.", "欧洲区为 https://events.eu.pagerduty.com。"}},
	},
	Limits:       Limits{Bytes: pagerdutyBytes, Messages: 120, Per: time.Minute, Of: []string{"url", "routing_key"}},
	Deduplicates: true,
	PictureLinks: true,
	Resolves:     true,
	make:         newPagerduty,
}

const pagerdutyBytes = 512 << 10

type pagerdutyService struct {
	net      Network
	url, key string
}

func newPagerduty(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	return &pagerdutyService{net: n, url: strings.TrimSuffix(strings.TrimSuffix(u.String(), "/"), "/v2/enqueue") + "/v2/enqueue", key: s["routing_key"]}, nil
}

// pagerdutyEvent is the body of /v2/enqueue.
type pagerdutyEvent struct {
	RoutingKey string            `json:"routing_key"`
	Action     string            `json:"event_action"` // trigger or resolve
	DedupKey   string            `json:"dedup_key"`    // at most 255 characters
	Client     string            `json:"client,omitempty"`
	ClientURL  string            `json:"client_url,omitempty"`
	Payload    *pagerdutyPayload `json:"payload,omitempty"` // of a trigger
	Images     []pagerdutyImage  `json:"images,omitempty"`
	Links      []pagerdutyLink   `json:"links,omitempty"`
}

type pagerdutyPayload struct {
	Summary   string         `json:"summary"`  // at most 1024 characters
	Source    string         `json:"source"`   // what is affected
	Severity  string         `json:"severity"` // critical, error, warning or info
	Timestamp string         `json:"timestamp,omitempty"`
	Component string         `json:"component,omitempty"`
	Group     string         `json:"group,omitempty"`
	Class     string         `json:"class,omitempty"`
	Details   map[string]any `json:"custom_details,omitempty"`
}

type pagerdutyImage struct {
	Src  string `json:"src"` // by https
	Href string `json:"href,omitempty"`
	Alt  string `json:"alt,omitempty"`
}

type pagerdutyLink struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

func (s *pagerdutyService) Send(ctx context.Context, m Message) (Answer, error) {
	m.Facts = m.Facts.bounded()
	e := pagerdutyEvent{RoutingKey: s.key, Action: "trigger", DedupKey: cut(m.Key, 255, ""), Client: "memseep", ClientURL: m.URL}
	if m.Recovered {
		e.Action = "resolve"
	} else {
		for _, l := range m.links() {
			e.Links = append(e.Links, pagerdutyLink{l.url, l.title})
		}
		if picture := m.picture(); picture != "" {
			e.Images = []pagerdutyImage{{picture, m.URL, m.pictureAlt()}}
		}
		e.Payload = &pagerdutyPayload{
			Summary: runes(m.Title, 1024), Source: source(&m), Severity: severity(m.Level),
			Component: m.Facts.Culprit, Group: m.Facts.Inspection, Class: m.Facts.Cause,
		}
		if !m.StartsAt.IsZero() {
			e.Payload.Timestamp = m.StartsAt.UTC().Format(time.RFC3339)
		}
	}
	body, err := fit(m.Text, pagerdutyBytes, m.plainRest(), func(text string) ([]byte, error) {
		if e.Payload != nil {
			e.Payload.Details = map[string]any{"text": text, "labels": m.Facts.Labels, "count": max(m.Facts.Count, 1), "objects": m.Facts.Objects}
		}
		return encode(e)
	})
	if err != nil {
		return Answer{}, err
	}
	return s.net.json(ctx, s.url, body)
}

func source(m *Message) string {
	if m.Facts.Host != "" {
		return m.Facts.Host
	}
	return "memseep"
}

func severity(l leak.Level) string {
	switch l {
	case leak.Critical, leak.Error, leak.Warning:
		return string(l)
	}
	return "info"
}
