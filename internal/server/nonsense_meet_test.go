package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// request is one piece of nonsense.
type request struct {
	method, target string
	header         http.Header
	body           []byte
	stranger       bool // the path names a record of another workspace
	right          bool // the method is one that the path has
}

// meet has each caller send nonsense to each operation, and looks at each answer.
func (w *world) meet(t *testing.T, who []caller) {
	for n, c := range who {
		f := &fool{Rand: rand.New(rand.NewPCG(*nonsenseSeed, uint64(n))), schemas: w.schemas, ids: w.ids(c)}
		for range *nonsenseRounds {
			for _, o := range w.operations {
				for range requestsOf(o, c) {
					r := w.nonsense(f, o, c)
					a, ended := w.send(t, r, c)
					if !ended {
						continue
					}
					w.check(t, o, c, r, a)
					if a.status == http.StatusUnauthorized && c.renewed != nil {
						c = c.renewed(w)
					}
				}
			}
		}
	}
}

// requestsOf is how much nonsense an operation is met with: little where all is refused, and where an
// answer takes long.
func requestsOf(o described, c caller) int {
	switch {
	case c.refused != 0:
		return 1
	case o.streams, strings.HasSuffix(o.path, "/dry-run"), strings.HasSuffix(o.path, "/test"), strings.HasSuffix(o.path, "/check"), strings.HasSuffix(o.path, "/run"):
		return 1
	}
	return 2
}

// ids are what stands for records; whoever can lock themselves out does not get what that takes.
func (w *world) ids(c caller) (all []string) {
	for _, of := range []map[string][]string{w.hidden, w.own} {
		for _, resource := range slices.Sorted(keysIn(of)) {
			if c.renewed == nil || !slices.Contains([]string{"keys", "users", "workspaces", "members"}, resource) {
				all = append(all, of[resource]...)
			}
		}
	}
	return all
}

func keysIn(m map[string][]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (w *world) nonsense(f *fool, o described, c caller) request {
	r := request{method: o.method, header: http.Header{}, right: true}
	parts := strings.Split(o.path, "/")
	for i, p := range parts {
		if !strings.HasPrefix(p, "{") {
			continue
		}
		resource := parts[i-1]
		if p == "{host}" {
			resource = "hosts"
		}
		ours := w.hidden[resource]
		switch {
		case f.rarely(3):
			parts[i] = url.PathEscape(f.one(names...) + "x")
		case len(ours) > 0 && f.IntN(2) == 0 && c.renewed == nil:
			parts[i], r.stranger = f.one(ours...), true
		case len(w.own[resource]) > 0 && c.renewed == nil:
			parts[i] = f.one(w.own[resource]...)
		default:
			parts[i] = f.one(f.ids...)
		}
	}
	r.target = strings.Join(parts, "/")
	if f.rarely(12) {
		r.method, r.right = f.one("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"), false
	}
	if q := f.queryOf(o); q != "" {
		r.target += "?" + q
	}
	if o.media != "" && !f.rarely(20) || f.rarely(20) {
		r.body = f.bodyOf(o)
		r.header.Set("Content-Type", o.media)
		if f.rarely(15) {
			r.header.Set("Content-Type", f.one("", "text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "application/"))
		}
	}
	if f.IntN(3) == 0 {
		r.header.Set("If-Match", f.one(`"1"`, "1", "*", `W/"1"`, `"`, "-1", `"99999999999999999999"`, `"\xff"`, `"1", "2"`, strings.Repeat("x", 200)))
	}
	if f.rarely(6) {
		r.header.Set("Accept", f.one("*/*", "application/xml", "text/html", "json", "application/json;q=0", "image/*", "\xff", ",,,;"))
	}
	if f.rarely(10) {
		r.header.Set(f.one("Accept-Language", "X-Forwarded-For", "X-Workspace", "Range", "Content-Encoding", "Accept-Encoding", "User-Agent", "X-HTTP-Method-Override"),
			f.one("zh;q=x", "1.1.1.1, \xff", w.hidden["workspaces"][0], "bytes=0-", "gzip", "\xff\xfe", "DELETE", strings.Repeat("y", 5000)))
	}
	return r
}

// patience is how long an answer is waited for: streams end no sooner.
const patience = 5 * time.Second

// send asks; it has not ended where the answer is one that goes on.
func (w *world) send(t *testing.T, r request, c caller) (a answer, ended bool) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := http.NewRequestWithContext(ctx, r.method, w.url+r.target, bytes.NewReader(r.body))
	if err != nil {
		t.Fatalf("%s %q: %v", r.method, r.target, err)
	}
	out.Header = r.header
	if c.key != "" {
		out.Header.Set("Authorization", "Bearer "+c.key)
	}
	for i := 0; i+1 < len(c.header); i += 2 {
		out.Header.Set(c.header[i], c.header[i+1])
	}
	response, err := http.DefaultClient.Do(out)
	if err != nil {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s of %s: %v", c.name, r, err)
		}
		return answer{}, false
	}
	defer func() { _ = response.Body.Close() }()
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return answer{}, false
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Logf("%s of %s: an answer that was not read: %v", c.name, r, err)
		return answer{}, false
	}
	return answer{response.StatusCode, response.Header, text}, true
}

func (r request) String() string {
	return fmt.Sprintf("%s %.500q %v %.1500q", r.method, r.target, r.header, r.body)
}

// shared are the resources whose records belong to no workspace.
var shared = []string{"/api/v1/members/", "/api/v1/packages/"}

func (w *world) check(t *testing.T, o described, c caller, r request, a answer) {
	t.Helper()
	said := func(format string, args ...any) {
		t.Errorf("%s: %s\n%s\nanswered %d %.600s", fmt.Sprintf(format, args...), c.name, r, a.status, a.body)
	}
	if log := w.log.take(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "panic") {
		said("the log has\n%.3000s", log)
	}
	// 502 is another server's failure, where the description knows of one.
	if a.status >= 500 && (a.status != http.StatusBadGateway || !o.answers["502"]) {
		said("the server failed")
	}
	if kind := a.header.Get("Content-Type"); a.status >= 400 && r.method != "HEAD" && !strings.HasPrefix(kind, "application/problem+json") {
		said("a refusal is %q", kind)
	}
	if c.refused != 0 && r.right && o.access != "anybody" && a.status != c.refused {
		said("not refused with %d", c.refused)
	}
	if csp := a.header.Get("Content-Security-Policy"); csp == "" {
		said("an answer without Content-Security-Policy")
	}
	if c.renewed != nil {
		return // an administrator sees everything
	}
	if bytes.Contains(a.body, []byte(secret)) && !strings.Contains(r.target, secret) && !bytes.Contains(r.body, []byte(secret)) {
		said("it tells what is secret")
	}
	if r.stranger && r.right && a.status < 400 && !slices.ContainsFunc(shared, func(p string) bool { return strings.HasPrefix(r.target, p) }) {
		said("it knows a record of another workspace")
	}
}
