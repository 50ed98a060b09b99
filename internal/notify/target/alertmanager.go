package target

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// alertmanager is an Alertmanager, by its API v2: each event is an alert of its own, so that routing,
// grouping and silences of those who have it go on to hold.
var alertmanager = Kind{
	Name:  "alertmanager",
	Title: Words{"Alertmanager", "Alertmanager"},
	Fields: []Field{
		{Name: "url", Required: true, Title: Words{"Address", "地址"}, Help: Words{"e.g. http://alertmanager:9093", "例如 http://alertmanager:9093"}},
		{Name: "user", Title: Words{"User", "用户名"}, Help: Words{"Of basic authentication; empty where none is asked for.", "用于 Basic 认证；不需要时留空。"}},
		{Name: "password", Secret: true, Title: Words{"Password", "密码"}, Help: Words{"Of this user.", "此用户的密码。"}},
		{Name: "token", Secret: true, Title: Words{"Bearer token", "Bearer Token"}, Help: Words{"Instead of user and password.", "用于替代用户名和密码。"}},
		{Name: "labels", Long: true, Title: Words{"More labels", "附加标签"}, Help: Words{"One a line, name: value.", "每行一个，name: value。"}},
	},
	Limits:       Limits{Bytes: 1 << 20},
	Deduplicates: true,
	Each:         true,
	make:         newAlertmanager,
}

// An alert without an end would be taken for resolved after Alertmanager's resolve_timeout, 5 min by
// default, unless it is posted over and over: it is given an end far off, and a nearer one later.
const (
	alertLasts = 90 * 24 * time.Hour
	alertBatch = 500 // in one request
)

type alertmanagerAPI struct {
	net    Network
	url    string
	header http.Header
	labels map[string]string
}

func newAlertmanager(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	more, err := headers(s["labels"])
	if err != nil {
		return nil, err
	}
	t := &alertmanagerAPI{
		net: n, url: strings.TrimSuffix(u.String(), "/") + "/api/v2/alerts",
		header: http.Header{"Content-Type": {"application/json"}}, labels: map[string]string{},
	}
	for name, values := range more {
		t.labels[labelName(strings.ToLower(name))] = values[0]
	}
	switch {
	case s["token"] != "":
		t.header.Set("Authorization", "Bearer "+s["token"])
	case s["user"] != "":
		t.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(s["user"]+":"+s["password"])))
	}
	return t, nil
}

// postableAlert is Alertmanager's, of its openapi.yaml.
type postableAlert struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

func (t *alertmanagerAPI) Send(ctx context.Context, m Message) (Answer, error) {
	alerts := m.Alerts
	if len(alerts) == 0 { // a test message
		alerts = []Alert{{
			Key: m.Key, StartsAt: m.StartsAt, EndsAt: m.EndsAt, URL: m.URL,
			Labels:      map[string]string{"alertname": "MemoryLeak", "severity": severity(m.Level), "host": m.Facts.Host},
			Annotations: map[string]string{"summary": m.Title, "description": m.Text},
		}}
		if m.PictureURL != "" {
			alerts[0].Annotations["picture"] = m.PictureURL
		}
	}
	var answer Answer
	for len(alerts) > 0 {
		part := alerts[:min(len(alerts), alertBatch)]
		alerts = alerts[len(part):]
		body, err := encode(t.postable(part))
		if err != nil {
			return Answer{}, err
		}
		answer, err = t.net.do(ctx, request{url: t.url, header: t.header.Clone(), body: body})
		if err != nil {
			return answer, err
		}
	}
	return answer, nil
}

func (t *alertmanagerAPI) postable(alerts []Alert) []postableAlert {
	out := make([]postableAlert, len(alerts))
	for i, a := range alerts {
		p := postableAlert{
			Labels: map[string]string{}, Annotations: a.Annotations,
			StartsAt: a.StartsAt.UTC(), EndsAt: a.EndsAt.UTC(), GeneratorURL: a.URL,
		}
		if a.EndsAt.IsZero() {
			p.EndsAt = t.net.now().Add(alertLasts).UTC()
		}
		for _, labels := range []map[string]string{a.Labels, t.labels} {
			for name, value := range labels {
				if value != "" { // an empty label is none
					p.Labels[labelName(name)] = value
				}
			}
		}
		out[i] = p
	}
	return out
}

// labelName makes a name of Prometheus' out of any: letters, digits and _.
func labelName(s string) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, s)
	if name == "" || '0' <= name[0] && name[0] <= '9' {
		return "_" + name
	}
	return name
}
