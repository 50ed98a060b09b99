package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// Somebody is told of a leak by SMS whatever the target's templates ask of an event that it has not.
func TestAnSMSIsToldThoughItsTemplatesFail(t *testing.T) {
	t.Parallel()
	const plain = `{"to":{{json .Phone}},"text":{{json .Message}}}`
	for _, tt := range []struct {
		name, body, short string
		sent              []string // what the message has; none is that it fails
		said              string   // of the notice
	}{
		{"as it should be", plain, "", []string{`"to":"1"`, "web-1"}, ""},
		{"the body names a suspect", `{"to":{{json .Phone}},"who":{{json (index .Suspects 1).Name}},"text":{{json .Message}}}`, "",
			[]string{`"to":"1"`, `"who":""`, "web-1"}, "the template of its body fails"},
		{"the body names another object", `{{.Phone}} {{index .Objects 2}} {{.Message}}`, "", []string{"1 ", "web-1"}, "the template of its body fails"},
		{"the first line names a suspect", plain, "{{(index .Suspects 1).Name}} leaks", []string{`"to":"1"`, "web-1"}, "short: "},
		{"the body names what no event has", `{{.Phone}} {{.Nope}}`, "", nil, "the template of its body fails"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var sent []string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				body, _ := io.ReadAll(r.Body)
				sent = append(sent, string(body))
				_, _ = io.WriteString(w, `{"code":0}`)
			}))
			t.Cleanup(s.Close)
			b := newBench(t)
			id := b.addKind("sms", map[string]string{"url": s.URL, "phones": "1", "body": tt.body, "success": `"code":0`})
			to := b.target("sms")
			to.Templates.Short = tt.short
			must(t, b.db.UpdateTarget(t.Context(), &to))
			b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{id}}}})
			b.change(b.leakOn("web-1", "java"))
			b.after(time.Minute)
			mu.Lock()
			defer mu.Unlock()
			if tt.sent == nil {
				failed := b.notices(state.NoticeFailed)
				if len(failed) != 1 || !strings.Contains(failed[0].Error, tt.said) || len(sent) > 0 {
					t.Errorf("failed: %+v, sent %q", failed, sent)
				}
				if to := b.target("sms"); !strings.Contains(to.LastError, tt.said) {
					t.Errorf("the target says %q", to.LastError)
				}
				return
			}
			told := b.notices(state.NoticeSent)
			if len(told) != 1 || len(sent) != 1 {
				t.Fatalf("sent %q; %+v", sent, b.notices(state.NoticeFailed))
			}
			for _, want := range tt.sent {
				if !strings.Contains(sent[0], want) {
					t.Errorf("sent %q without %q", sent[0], want)
				}
			}
			whole, err := b.db.Notice(t.Context(), b.ws, told[0].ID)
			must(t, err)
			if said := whole.Answer + string(whole.Content); !strings.Contains(said, tt.said) || (tt.said == "") != !strings.Contains(said, " fails") {
				t.Errorf("the notice says %s", said)
			}
		})
	}
}
