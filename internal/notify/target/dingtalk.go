package target

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// dingtalk is a DingTalk group robot: Markdown, signed by timestamp and secret in the query.
var dingtalk = Kind{
	Name:  "dingtalk",
	Title: Words{"DingTalk robot", "钉钉机器人"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Webhook address", "Webhook 地址"},
			Help: Words{"As the robot's page shows it, with access_token.", "机器人页面给出的地址，含 access_token。"}},
		{Name: "secret", Secret: true, Title: Words{"Signing secret", "加签密钥"},
			Help: Words{"SEC…, where the robot has \"sign\" among its security settings.", "安全设置选择“加签”时的 SEC… 密钥。"}},
		{Name: "at", Title: Words{"Mention", "提醒谁看"},
			Help: Words{"Mobile numbers, separated by commas; or all.", "手机号，逗号分隔；或 all 表示所有人。"}},
	},
	// A body may have 20,000 bytes; past 20 messages in a minute all are refused for ten minutes.
	Limits: Limits{Bytes: dingtalkBytes, Messages: 20, Per: time.Minute, Of: []string{"url"}},

	PictureLinks: true,
	make:         newDingtalk,
}

const dingtalkBytes = 18_000

type dingtalkRobot struct {
	net     Network
	url     *url.URL
	secret  string
	mobiles []string
	all     bool
}

func newDingtalk(s Settings, n Network) (Target, error) {
	u, err := webAddress(s["url"])
	if err != nil {
		return nil, err
	}
	if u.Query().Get("access_token") == "" {
		return nil, fmt.Errorf("the address has no access_token: copy all of it from the robot's page")
	}
	r := &dingtalkRobot{net: n, url: u, secret: s["secret"]}
	for _, who := range list(s["at"]) {
		if who == "all" {
			r.all = true
		} else {
			r.mobiles = append(r.mobiles, who)
		}
	}
	return r, nil
}

func (r *dingtalkRobot) Send(ctx context.Context, m Message) (Answer, error) {
	mention := ""
	for _, mobile := range r.mobiles { // only who stands in the text is told
		mention += " @" + mobile
	}
	if mention != "" {
		mention = "\n\n" + strings.TrimSpace(mention)
	}
	// The picture, the links and who is mentioned stay, the text gives way.
	tail := m.image() + links(&m) + mention
	text := "#### " + m.heading(1000) + "\n\n" + lines(m.Markdown)
	body, err := fit(text, dingtalkBytes, m.rest(), func(text string) ([]byte, error) {
		return encode(map[string]any{
			"msgtype":  "markdown",
			"markdown": map[string]string{"title": cut(m.Short, 200, "…"), "text": text + tail},
			"at":       map[string]any{"atMobiles": append([]string{}, r.mobiles...), "isAtAll": r.all},
		})
	})
	if err != nil {
		return Answer{}, err
	}
	a, err := r.net.json(ctx, r.signed(), body)
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
	case code == 130101 || code == 410100: // too fast
		a.RetryAfter = 10 * time.Minute
		return a, later(a, fmt.Sprintf("too many messages in a minute (%d): %s", code, why))
	case code == -1: // busy
		return a, later(a, "DingTalk is busy: "+why)
	}
	return a, refused(a, fmt.Sprintf("DingTalk refused it (%d): %s", code, why))
}

// signed is the address with base64(HMAC-SHA256(secret, timestamp "\n" secret)), valid for an hour.
func (r *dingtalkRobot) signed() string {
	if r.secret == "" {
		return r.url.String()
	}
	timestamp := strconv.FormatInt(r.net.now().UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write([]byte(timestamp + "\n" + r.secret))
	u, q := *r.url, r.url.Query()
	q.Set("timestamp", timestamp)
	q.Set("sign", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	u.RawQuery = q.Encode()
	return u.String()
}

// lines makes each line a paragraph: DingTalk joins lines that one line end separates.
func lines(markdown string) string {
	return strings.ReplaceAll(strings.ReplaceAll(markdown, "\n\n", "\n"), "\n", "\n\n")
}
