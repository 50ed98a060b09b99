package target

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// discreet is a target whose answers and errors hold no credentials.
type discreet struct {
	Target
	strike striker
}

// Send sends, and strikes credentials out of what comes back.
func (d discreet) Send(ctx context.Context, m Message) (Answer, error) {
	a, err := d.Target.Send(ctx, m)
	a.Body = short(d.strike.out(a.Body))
	if err == nil {
		return a, nil
	}
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Answer: a, Retry: true, Reason: err.Error()}
	}
	struck := *e
	struck.Reason, struck.Answer.Body = d.strike.out(e.Reason), short(d.strike.out(e.Answer.Body))
	return struck.Answer, &struck
}

// answerSize is how much of an answer is kept.
const answerSize = 2 << 10

func short(s string) string { return cut(s, answerSize, "…") }

// striker replaces credentials.
type striker struct{ r *strings.Replacer }

// Parts of a secret that are shorter than this are words, not credentials; the value of a header is one sooner.
const (
	leastSecret = 12
	leastValue  = 6
)

// strike makes a striker of secrets: the whole of each, and the parts of it that are credentials by themselves, since
// who refuses a request tends to say what was wrong with it. All as they are, and as they stand in addresses and JSON.
func strike(secrets []string) striker {
	var pairs []string
	add := func(s string) {
		inJSON, _ := json.Marshal(s) // a text: it never fails
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s), strings.Trim(string(inJSON), `"`)} {
			pairs = append(pairs, form, "•••")
		}
	}
	for _, s := range secrets {
		add(s)
	}
	for _, s := range secrets {
		for _, part := range append(ofAddress(s), ofLines(s)...) {
			add(part)
		}
	}
	return striker{strings.NewReplacer(pairs...)}
}

// ofAddress are the credentials in an address.
func ofAddress(s string) (parts []string) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return nil
	}
	for _, values := range u.Query() {
		parts = append(parts, values...)
	}
	parts = append(append(parts, strings.Split(u.Path, "/")...), u.User.Username())
	parts = slices.DeleteFunc(parts, func(part string) bool { return len(part) < leastSecret })
	if password, ok := u.User.Password(); ok && password != "" {
		parts = append(parts, password)
	}
	return parts
}

var word = regexp.MustCompile(`[\w.~+/=-]+`)

// ofLines are the credentials in headers and templates: the values of headers, and what is too long for a word.
func ofLines(s string) (parts []string) {
	several := strings.ContainsAny(s, " \n{")
	for line := range strings.Lines(s) {
		if name, value, ok := strings.Cut(line, ":"); ok && !strings.ContainsFunc(strings.TrimSpace(name), notInName) {
			if line = strings.TrimSpace(value); len(line) >= leastValue {
				parts = append(parts, line)
			}
		}
		if !several {
			continue
		}
		for _, part := range word.FindAllString(line, -1) {
			if len(part) >= leastSecret {
				parts = append(parts, part)
			}
		}
	}
	return parts
}

func (s striker) out(text string) string { return s.r.Replace(text) }

func (s striker) from(err error) error { return errors.New(s.out(err.Error())) }
