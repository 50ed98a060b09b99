package target

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

func slackSide(t *testing.T) *otherSide {
	s := web(t, func(r *http.Request, body []byte) reply {
		var m struct {
			Text        string
			Attachments []struct {
				Color  string
				Blocks []struct {
					Type string
					Text struct{ Type, Text string }
					URL  string `json:"image_url"`
					Alt  string `json:"alt_text"`
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
		shown := m.Attachments[0].Blocks[0].Text.Text
		for _, b := range m.Attachments[0].Blocks {
			if b.Type != "image" {
				continue
			}
			if b.Alt == "" || len([]rune(b.Alt)) > 2000 || len(b.URL) > 3000 || b.URL != picturePath { // it fetches it now
				return reply{400, `invalid_attachments`, ""}
			}
			shown += b.URL
		}
		return reply{200, `ok`, shown}
	}, reply{429, `rate_limited`, ""})
	base := s.settings["url"] + "/services/T0/B0/"
	s.settings["url"] = base + longToken
	s.wrong, s.limit = Settings{"url": base + "ffffffffffffffffffffffff"}, 5
	s.says = []string{picturePath, "*[紧急] 主机 web-1", "71.2 %", "• 保留 java 的堆转储 &amp; 重启 &lt;java&gt;"}
	s.saysLong = []string{"<https://memseep.example/events/1|", picturePath}
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
					Body          []struct{ Type, Text, URL, AltText string }
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
		for _, part := range m.Attachments[0].Content.Body {
			if (part.Type == "TextBlock") != (part.Text != "") || part.Type == "Image" && (!strings.HasPrefix(part.URL, "https://") || part.AltText == "") {
				return reply{400, `bad card`, ""}
			}
		}
		return reply{202, ``, string(body)}
	}, reply{429, ``, ""})
	base := s.settings["url"] + "/workflows/1/triggers/manual/paths/invoke?sig="
	s.settings["url"] = base + longToken
	s.wrong, s.limit = Settings{"url": base + "wrong-signature"}, 4
	s.says = append(s.says, `"url":"`+picturePath+`"`)
	s.saysLong = append(s.saysLong, `"url":"`+picturePath+`"`)
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
		if shown := html.UnescapeString(telegramTag.ReplaceAllString(text, "")); len(utf16.Encode([]rune(shown))) > most || strings.Count(text, "<") != strings.Count(text, ">") {
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
	s.says = append(s.says, `"src":"`+picturePath+`"`, `"event_action":"trigger"`, `"dedup_key":"event-1"`, `"severity":"critical"`)
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
	images, _ := e["images"].([]any)
	for _, i := range images {
		if src, _ := i.(map[string]any)["src"].(string); !strings.HasPrefix(src, "https://") {
			return "images"
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
