package server_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/server"
)

var (
	nonsenseSeed   = flag.Uint64("nonsense.seed", 1, "what the nonsense is made from")
	nonsenseRounds = flag.Int("nonsense.rounds", 1, "how often each operation is met with nonsense by everybody")
	nonsenseState  = flag.String("nonsense.state", "sqlite", "where the state lies: sqlite or postgres")
)

// Whatever is sent to whatever operation by whomever: the server does not fail, says what it refuses as
// a problem, tells nothing of another workspace and changes nothing there, and of whoever may only
// read it takes no change.
func TestNonsense(t *testing.T) {
	w := newWorld(t)
	for _, phase := range []struct {
		name    string
		who     []caller
		changes bool // of the attackers' own workspace
	}{
		{"of who may change nothing", w.readers, false},
		{"of who may change their workspace", w.writers, true},
	} {
		t.Run(phase.name, func(t *testing.T) {
			ours, theirs := w.seen(adminKey), w.seen(w.owner)
			w.meet(t, phase.who)
			if again := w.seen(adminKey); again != ours {
				t.Errorf("another workspace was changed:\n%s", difference(ours, again))
			}
			if again := w.seen(w.owner); !phase.changes && again != theirs {
				t.Errorf("the workspace was changed:\n%s", difference(theirs, again))
			}
		})
	}
	t.Run("of an administrator", func(t *testing.T) { w.meet(t, []caller{w.administrator()}) })
	if a := w.ask("GET", "/readyz", "", nil); a.status != 200 {
		t.Errorf("afterwards: %d %s", a.status, a.body)
	}
}

// secret stands in each name of the workspace of which attackers may see nothing.
const secret = "zzsecretzz"

// world is a server with two workspaces: the first, full of what is secret, and one of attackers.
type world struct {
	*running
	log              *lockedLog
	operations       []described
	schemas          shape
	owner            string   // the key of the attackers' owner
	readers, writers []caller // all but an administrator
	hidden, own      map[string][]string
}

// caller is who sends nonsense.
type caller struct {
	name, key string
	header    []string
	// refused is the status of each answer to who is let in nowhere; 0 where that depends.
	refused int
	renewed func(*world) caller // takes the place of one whom their own nonsense has locked out; nil: goes on
}

type lockedLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// take is what was written since it was taken last.
func (l *lockedLog) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{log: &lockedLog{}}
	w.running = serve(t, t.TempDir(), func(o *server.Options) {
		o.Logger = slog.New(slog.NewTextHandler(w.log, nil))
		if *nonsenseState == "postgres" {
			o.Config.Server.State.URL = realserver.StartPostgres(t).URL(t)
		}
	})
	w.operations, w.schemas = w.described()
	w.writeFleet(ingestKey)
	w.runNow()
	w.fill(adminKey, secret)
	w.owner = stranger(w.running, "admin")
	w.fill(w.owner, "seen")
	w.hidden, w.own = w.found(adminKey), w.found(w.owner)
	w.callers()
	return w
}

// fill makes a record of each kind in a workspace.
func (w *world) fill(key, name string) {
	w.t.Helper()
	send[api.Source](w.running, "POST", "/sources", key, object{"name": name, "url": "http://127.0.0.1:9", "headers": object{"X-A": name}, "credentials": object{"bearer": name}})
	to := send[api.Target](w.running, "POST", "/targets", key, object{"name": name, "kind": "webhook", "enabled": false, "settings": object{"url": "http://127.0.0.1:9/" + name, "secret": name}})
	p := get[api.Page[api.Policy]](w.running, "/policies", key).Items[0]
	p.PolicyInput.Name, p.PolicyInput.Rules[0].Targets = name, []string{to.ID}
	send[api.Policy](w.running, "POST", "/policies", key, p.PolicyInput)
	of := w.published(key, "set_"+name, "script_"+name, "def f():\n    return '"+name+"'\n")
	w.triggered(key, of, "f", nil)
	send[api.Variable](w.running, "POST", "/variables", key, object{"name": "variable_" + name, "kind": "string", "value": name})
	send[api.Silence](w.running, "POST", "/silences", key, object{"name": name, "policies": []string{}, "match": object{}, "period": object{"from": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}, "notice_before_seconds": 0, "notice_targets": []string{}})
	i := get[api.Page[api.Inspection]](w.running, "/inspections", key).Items[0]
	i.InspectionInput.Name = name
	send[api.Inspection](w.running, "POST", "/inspections", key, i.InspectionInput)
	send[api.NewKey](w.running, "POST", "/keys", key, object{"name": name, "scopes": []string{"read"}})
}

// found are the identifiers of what a workspace has, by resource.
func (w *world) found(key string) map[string][]string {
	w.t.Helper()
	found := map[string][]string{}
	for _, o := range w.lists() {
		var list struct {
			Items []struct{ ID, Name string }
		}
		_ = json.Unmarshal(w.ask("GET", o.path, key, nil).body, &list) // what is no list has no items
		resource := strings.TrimPrefix(o.path, "/api/v1/")
		for _, item := range list.Items {
			if id := item.ID; id != "" && !strings.HasPrefix(id, "builtin") {
				found[resource] = append(found[resource], id)
			} else if resource == "hosts" {
				found[resource] = append(found[resource], item.Name)
			}
		}
	}
	return found
}

// lists are the operations that show what there is without being told what to show.
func (w *world) lists() []described {
	return slices.DeleteFunc(slices.Clone(w.operations), func(o described) bool {
		return o.method != "GET" || strings.Contains(o.path, "{") || o.streams && !strings.HasSuffix(o.path, "/export") ||
			slices.Contains([]string{"/api/v1/health", "/api/v1/about", "/api/v1/audit"}, o.path)
	})
}

// seen is all that the lists of a workspace show.
func (w *world) seen(key string) string {
	w.t.Helper()
	var b strings.Builder
	for _, o := range w.lists() {
		a := w.ask("GET", o.path+"?limit=1000", key, nil)
		fmt.Fprintf(&b, "%s %d %s\n", o.path, a.status, usedAt.ReplaceAll(a.body, nil))
	}
	return b.String()
}

// usedAt is what asking alone changes, now and then.
var usedAt = regexp.MustCompile(`,"(last_used_at|last_seen_at)":"[^"]*"`)

func difference(before, after string) string {
	x, y := strings.Split(before, "\n"), strings.Split(after, "\n")
	var b strings.Builder
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			fmt.Fprintf(&b, "- %.2000s\n+ %.2000s\n", x[i], y[i])
		}
	}
	return b.String()
}

// callers are all sorts of attackers.
func (w *world) callers() {
	w.t.Helper()
	key := func(scope string) string {
		return send[api.NewKey](w.running, "POST", "/keys", w.owner, object{"name": scope, "scopes": []string{scope}}).Bearer
	}
	revoked := send[api.NewKey](w.running, "POST", "/keys", w.owner, object{"name": "revoked", "scopes": []string{"admin"}})
	if a := w.ask("DELETE", "/api/v1/keys/"+revoked.Key.ID, w.owner, nil); a.status != 204 {
		w.t.Fatalf("revoke a key: %d %s", a.status, a.body)
	}
	_, cookie := w.signIn("stranger-admin", "the password of a stranger")
	w.readers = []caller{
		{name: "nobody", refused: 401},
		{name: "a key that nobody has", key: "nobody:secret", refused: 401},
		{name: "a wrong secret", key: "admin:secret", refused: 401},
		{name: "a revoked key", key: revoked.Bearer, refused: 401},
		{name: "no key at all", key: "\xff:\xfe", refused: 401},
		{name: "a cookie that nobody has", header: []string{"Cookie", "memseep_session=x"}, refused: 401},
		{name: "a collector", key: key("ingest")},
		{name: "a viewer", key: key("read")},
		{name: "another site in the browser of an owner", header: []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site"}},
		{name: "an owner who names another workspace", key: w.owner, header: []string{"X-Workspace", w.hidden["workspaces"][0]}, refused: 403},
	}
	w.writers = []caller{{name: "an editor", key: key("write")}, {name: "an owner", key: w.owner}}
}

// administrator is one whom their own nonsense may lock out.
func (w *world) administrator() caller {
	w.t.Helper()
	made := send[api.NewKey](w.running, "POST", "/keys", adminKey, object{"name": "nonsense", "scopes": []string{"admin"}})
	return caller{name: "an administrator", key: made.Bearer, renewed: (*world).administrator}
}
