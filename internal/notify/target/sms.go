package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// sms asks a provider of text messages by HTTP, whichever it is: address and body are templates.
var sms = Kind{
	Name:  "sms",
	Title: Words{"SMS by HTTP", "短信（HTTP）"},
	Fields: []Field{
		{Name: "url", Secret: true, Required: true, Title: Words{"Address", "地址"},
			Help: Words{"A template: {{urlquery .Phone}} is the number, {{urlquery .Message}} the text.", "模板：{{urlquery .Phone}} 为号码，{{urlquery .Message}} 为内容。"}},
		{Name: "phones", Required: true, Title: Words{"Numbers", "号码"}, Help: Words{"Separated by commas.", "逗号分隔。"}},
		{Name: "method", Choices: []string{"POST", "GET"}, Title: Words{"Method", "方法"}, Help: Words{"As the provider wants it; with GET all stands in the address.", "按服务商的要求选择；GET 时全部内容写在地址中。"}},
		{Name: "headers", Secret: true, Long: true, Title: Words{"Headers", "请求头"}, Help: Words{"One a line, Name: value.", "每行一个，Name: value。"}},
		{Name: "body", Secret: true, Long: true, Title: Words{"Body", "正文模板"},
			Help: Words{"A template, e.g. {\"to\":{{json .Phone}},\"text\":{{json .Message}}}", "模板，例如 {\"to\":{{json .Phone}},\"text\":{{json .Message}}}"}},
		{Name: "success", Title: Words{"Good answer", "成功标志"}, Help: Words{"A text that a good answer holds, e.g. \"code\":0", "成功应答中包含的文本，例如 \"code\":0"}},
		{Name: "characters", Default: "140", Choices: []string{"140", "70", "280", "500"}, Title: Words{"Length", "长度"}, Help: Words{"Characters of a message at most; a longer one is cut.", "每条短信最多的字符数，超出部分会截断。"}},
	},
	Limits:     Limits{Bytes: 500 * 4, Messages: 10, Per: time.Minute, Of: []string{"url", "headers", "body"}},
	Recipients: phonesOf,
	make:       newSMS,
}

type smsTarget struct {
	net       Network
	url, body *Template
	method    string
	phones    []string
	header    http.Header
	success   string
	length    int
}

// phonesOf are the numbers, each once.
func phonesOf(s Settings) []string {
	var phones []string
	for _, part := range strings.FieldsFunc(s["phones"], func(r rune) bool { return strings.ContainsRune(",;，；\r\n", r) }) {
		numbers := strings.Fields(part)
		if written := strings.Join(numbers, " "); digits(written) <= longestNumber {
			numbers = []string{written}
		}
		for _, phone := range numbers {
			if phone != "" && !slices.Contains(phones, phone) {
				phones = append(phones, phone)
			}
		}
	}
	return phones
}

// longestNumber is how many digits a number has at most (E.164): what has more, with blanks in it, are several.
const longestNumber = 15

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func newSMS(s Settings, n Network) (Target, error) {
	t := &smsTarget{net: n, method: s["method"], phones: phonesOf(s), success: s["success"]}
	var err error
	if t.url, err = ParseTemplate(s["url"]); err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	if t.body, err = ParseTemplate(s["body"]); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	if t.header, err = headers(s["headers"]); err != nil {
		return nil, err
	}
	if len(t.phones) == 0 {
		return nil, errors.New("there is no number")
	}
	_, err = fmt.Sscan(s["characters"], &t.length)
	return t, err
}

// Send asks once for each number: a notice is to one, a test message to all. Where one is refused the others are
// told, and the error names it.
func (t *smsTarget) Send(ctx context.Context, m Message) (Answer, error) {
	v := m.View()
	v.Message = t.text(&m)
	var a Answer
	var problems []string
	to := t.phones
	if len(m.To) > 0 {
		to = m.To
	}
	for _, v.Phone = range to {
		answer, err := t.one(ctx, v)
		var e *Error
		switch {
		case errors.As(err, &e) && !e.Retry:
			problems = append(problems, v.Phone+": "+e.Reason)
		case err != nil:
			return answer, err
		}
		a = answer
	}
	if len(problems) == 0 {
		return a, nil
	}
	return a, refused(a, strings.Join(problems, "; "))
}

// leastLine is how many characters of its first line an SMS has at least: what leaks goes before where to look.
const leastLine = 20

// text is the first line with a link, the line cut so that the link stays whole; no link where there is no room.
func (t *smsTarget) text(m *Message) string {
	link := ""
	if m.URL != "" && len(m.URL)+1+leastLine <= t.length {
		link = " " + m.URL
	}
	return units(m.Short, t.length-len(link)) + link
}

func (t *smsTarget) one(ctx context.Context, v View) (Answer, error) {
	address, body, err := t.filled(v)
	note := ""
	if err != nil { // somebody has to be told nevertheless
		note = fmt.Sprintf(Words{"(filled in again, with nothing for what this event has not: %v)", "（该事件缺少模板所需内容，已留空后重新填写：%v）"}.In(v.Language), err) + "\n"
		v.Facts = v.bounded().withBlanks()
		address, body, err = t.filled(v)
	}
	if err != nil {
		return Answer{}, refused(Answer{}, err.Error())
	}
	u, err := webAddress(strings.TrimSpace(address))
	if err != nil {
		return Answer{}, refused(Answer{}, err.Error())
	}
	header := t.header.Clone()
	if header.Get("Content-Type") == "" && body != "" {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		if isJSON(body) {
			header.Set("Content-Type", "application/json; charset=utf-8")
		}
	}
	a, err := t.net.do(ctx, request{method: t.method, url: u.String(), header: header, body: []byte(body)})
	if err == nil && t.success != "" && !strings.Contains(a.Body, t.success) {
		return a, refused(a, "its answer does not hold "+t.success+": "+said(a))
	}
	a.Body = note + a.Body
	return a, err
}

func (t *smsTarget) filled(v View) (address, body string, err error) {
	if address, err = t.url.Execute(v); err != nil {
		return "", "", fmt.Errorf("the template of its address fails: %w", err)
	}
	if body, err = t.body.Execute(v); err != nil {
		return "", "", fmt.Errorf("the template of its body fails: %w", err)
	}
	return address, body, nil
}
