package target

import (
	"context"
	"errors"
	"net/url"
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

// Parts of an address that are shorter than this are words, not credentials.
const leastSecret = 12

// strike makes a striker of secrets, the whole of each and the parts of those that are addresses, as
// they are and as they stand in an address.
func strike(secrets []string) striker {
	var pairs []string
	add := func(s string) {
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s)} {
			pairs = append(pairs, form, "•••")
		}
	}
	for _, s := range secrets {
		add(s)
	}
	for _, s := range secrets {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" {
			continue
		}
		for _, values := range u.Query() {
			for _, v := range values {
				if len(v) >= leastSecret {
					add(v)
				}
			}
		}
		for part := range strings.SplitSeq(u.Path, "/") {
			if len(part) >= leastSecret {
				add(part)
			}
		}
		if password, ok := u.User.Password(); ok && password != "" {
			add(password)
		}
	}
	return striker{strings.NewReplacer(pairs...)}
}

func (s striker) out(text string) string { return s.r.Replace(text) }

func (s striker) from(err error) error { return errors.New(s.out(err.Error())) }
