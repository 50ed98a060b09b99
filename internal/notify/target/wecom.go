package target

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// wecom is a WeCom (企业微信) group robot: Markdown of at most 4096 bytes, known by its key. Its second
// kind of Markdown shows pictures, and cannot mention anybody.
var wecom = Kind{
	Name:  "wecom",
	Title: Words{"WeCom group robot", "企业微信群机器人"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Webhook address", "Webhook 地址"},
			Help: Words{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"}},
		{Name: "at", Title: Words{"Mention", "提醒谁看"}, Help: Words{"User ids, separated by commas.", "成员 userid，逗号分隔。"}},
	},
	Limits:       Limits{Bytes: wecomBytes, Messages: 20, Per: time.Minute, Of: []string{"url"}},
	PictureLinks: true,
	make:         newWecom,
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
	shows, text, tail := "markdown", m.Markdown, links(&m)
	image := m.image()
	switch {
	case r.at != "": // who is told goes before what is shown
		tail += "\n" + r.at
	case image != "":
		shows, text, tail = "markdown_v2", lines(m.Markdown), image+tail
	}
	// The picture, the links and who is mentioned stay, the text gives way.
	head := "**" + m.heading(1000) + "**\n"
	if shows == "markdown_v2" {
		head += "\n"
	}
	content := head + cut(text, max(wecomBytes-len(head)-len(tail), 0), "\n…") + tail
	content = cut(content, wecomBytes, "…")
	body, err := encode(map[string]any{"msgtype": shows, shows: map[string]string{"content": content}})
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
	case code == 40008 && shows == "markdown_v2": // a server of one's own that does not know it
		m.PictureURL = ""
		return r.Send(ctx, m)
	case code == -1: // busy
		return a, later(a, "WeCom is busy: "+why)
	}
	return a, refused(a, fmt.Sprintf("WeCom refused it (%d): %s", code, why))
}
