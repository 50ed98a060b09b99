package target

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// wecom is a WeCom (企业微信) group robot: Markdown of at most 4096 bytes, known by its key.
var wecom = Kind{
	Name:  "wecom",
	Title: Words{"WeCom group robot", "企业微信群机器人"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Webhook address", "Webhook 地址"},
			Help: Words{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"}},
		{Name: "at", Title: Words{"Mention", "提醒谁看"}, Help: Words{"User ids, separated by commas.", "成员 userid，逗号分隔。"}},
	},
	Limits: Limits{Bytes: wecomBytes, Messages: 20, Per: time.Minute},
	make:   newWecom,
}

const wecomBytes = 4096

type wecomRobot struct {
	net Network
	url string
	at  string
}

func newWecom(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	if u.Query().Get("key") == "" {
		return nil, errors.New("the address has no key: copy all of it from the robot's page")
	}
	r := &wecomRobot{net: n, url: u.String()}
	for _, id := range list(s["at"]) {
		r.at += "<@" + id + ">"
	}
	return r, nil
}

func (r *wecomRobot) Send(ctx context.Context, m Message) (Answer, error) {
	tail := links(&m)
	if r.at != "" {
		tail += "\n" + r.at
	}
	// Who is mentioned and the links stay, the text gives way.
	head := "**" + cut(m.Title, 1000, "…") + "**\n"
	content := head + cut(m.Markdown, max(wecomBytes-len(head)-len(tail), 0), "\n…") + tail
	content = cut(content, wecomBytes, "…")
	body, err := encode(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": content}})
	if err != nil {
		return Answer{}, err
	}
	a, err := r.net.json(ctx, r.url, body)
	if err != nil {
		return a, err
	}
	code, why, err := errcode(a)
	if err != nil {
		return a, err
	}
	switch {
	case code == 0:
		return a, nil
	case code == 45009, code == 45033: // too many in a minute, too many at once
		a.RetryAfter = max(a.RetryAfter, time.Minute)
		return a, later(a, fmt.Sprintf("too many messages (%d): %s", code, why))
	case code == -1: // busy
		return a, later(a, "WeCom is busy: "+why)
	}
	return a, refused(a, fmt.Sprintf("WeCom refused it (%d): %s", code, why))
}
