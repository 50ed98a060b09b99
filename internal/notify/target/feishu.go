package target

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/memseep/memseep/leak"
)

// feishu is a Feishu or Lark group robot: a card, signed by timestamp and secret in the body.
var feishu = Kind{
	Name:  "feishu",
	Title: Words{"Feishu / Lark robot", "飞书 / Lark 机器人"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Webhook address", "Webhook 地址"},
			Help: Words{"https://open.feishu.cn/open-apis/bot/v2/hook/…, or of open.larksuite.com.", "https://open.feishu.cn/open-apis/bot/v2/hook/…，Lark 为 open.larksuite.com。"}},
		{Name: "secret", Secret: true, Title: Words{"Signing secret", "签名密钥"},
			Help: Words{"Where the robot verifies signatures.", "机器人开启“签名校验”时填写。"}},
	},
	// 100 messages a minute, 5 a second, 20 KB a body.
	Limits: Limits{Bytes: feishuBytes, Messages: 100, Per: time.Minute, Second: 5, Of: []string{"url"}},
	Charts: true, // a robot cannot upload pictures
	make:   newFeishu,
}

const feishuBytes = 20_000

type feishuRobot struct {
	net         Network
	url, secret string
}

func newFeishu(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	return &feishuRobot{net: n, url: u.String(), secret: s["secret"]}, nil
}

func (r *feishuRobot) Send(ctx context.Context, m Message) (Answer, error) {
	body, err := fit(m.Markdown, feishuBytes, m.rest(), func(text string) ([]byte, error) {
		message := map[string]any{"msg_type": "interactive", "card": feishuCard(&m, text)}
		r.sign(message)
		return encode(message)
	})
	if err != nil {
		return Answer{}, err
	}
	a, err := r.net.json(ctx, r.url, body)
	var code struct {
		Code *int   `json:"code"`
		Text string `json:"msg"`
	}
	if err != nil && a.Status != 400 { // some errors come with their code in a 400
		return a, err
	}
	if err := coded(a, &code); err != nil {
		return a, err
	}
	switch {
	case code.Code == nil:
		return a, later(a, "its answer has no code: is the address right? "+said(a))
	case *code.Code == 0 && err == nil:
		return a, nil
	case *code.Code == 11232 || *code.Code == 99991400: // too fast
		a.RetryAfter = max(a.RetryAfter, time.Minute)
		return a, later(a, fmt.Sprintf("too many messages (%d): %s", *code.Code, code.Text))
	}
	hint := map[int]string{
		19021: ": the signing secret is wrong, or the clock of this machine is off by more than an hour",
		19022: ": the robot takes messages from listed addresses alone",
		19024: ": the robot wants a keyword in each message; put it into the target's template",
	}[*code.Code]
	if m.Chart != nil && hint == "" { // it may be the chart that it does not understand
		m.Chart = nil
		return r.Send(ctx, m)
	}
	return a, refused(a, fmt.Sprintf("Feishu refused it (%d): %s%s", *code.Code, code.Text, hint))
}

// sign adds base64(HMAC-SHA256(key = timestamp "\n" secret, of nothing)).
func (r *feishuRobot) sign(message map[string]any) {
	if r.secret == "" {
		return
	}
	timestamp := strconv.FormatInt(r.net.now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(timestamp+"\n"+r.secret))
	message["timestamp"] = timestamp
	message["sign"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func feishuCard(m *Message, text string) map[string]any {
	color := map[leak.Level]string{leak.Critical: "red", leak.Error: "orange", leak.Warning: "yellow", info: "blue"}[m.Level]
	if m.Recovered || color == "" {
		color = "green"
	}
	elements := []any{map[string]any{"tag": "markdown", "content": text}}
	if m.Chart != nil && !m.Recovered {
		elements = append(elements, feishuChart(m.Chart))
	}
	var buttons []any
	for i, l := range m.links() {
		kind := "default"
		if i == 0 {
			kind = "primary"
		}
		buttons = append(buttons, map[string]any{
			"tag": "button", "type": kind, "url": l.url,
			"text": map[string]string{"tag": "plain_text", "content": l.title},
		})
	}
	if len(buttons) > 0 {
		elements = append(elements, map[string]any{"tag": "action", "actions": buttons})
	}
	return map[string]any{
		"config":   map[string]any{"wide_screen_mode": true},
		"header":   map[string]any{"template": color, "title": map[string]string{"tag": "plain_text", "content": cut(m.Title, 500, "…")}},
		"elements": elements,
	}
}

// feishuChart is a chart of VChart, which clients show from 7.1 on, in the colors of the picture.
func feishuChart(c Chart) map[string]any {
	return map[string]any{"tag": "chart", "aspect_ratio": "16:9", "chart_spec": map[string]any{
		"type": "line", "data": map[string]any{"values": c}, "xField": "at", "yField": "value", "seriesField": "line",
		"color": []string{"#0969da", "#cf222e"}, "point": map[string]bool{"visible": false},
		"legends": map[string]any{"visible": true, "orient": "top", "position": "start"},
		"axes":    []any{map[string]any{"orient": "bottom"}, map[string]any{"orient": "left", "zero": false}},
	}}
}
