package server_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/server"
)

// shop is a startup script with a check of its own.
const shop = `from guance_monitor__register import self_hosted_monitor
from guance_monitor__runner import Runner
import guance_monitor_memory_leak__main as memory_leak_check
import memseep

@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('Leaks of the shop', fixed_crontab='5 * * * *', timeout=300, tags=['shop'])
def run(configs=None):
    '''Inspects the shop.'''
    print('configs', configs, 'password', DFF.ENV('password'))
    Runner([memory_leak_check.MemoryLeakCheck(configs=configs)], debug=True).run()

def high(limit=50):
    n = DFF.STORE.get('runs', default=0) + 1
    DFF.STORE.set('runs', n)
    for host in memseep.hosts():
        last = memseep.samples(host, hours=1)[-1][1]
        memseep.report(f'{host} is high', f'**{last:.0f}%**', 'error' if last > limit else 'ok', {'host': host})
    return {'runs': n}

def broken(host):
    print('before')
    return {}[host]
`

// clocked is a server whose clock a test sets.
func clocked(t *testing.T) (*running, *atomic.Pointer[time.Time]) {
	at := &atomic.Pointer[time.Time]{}
	begin := now
	at.Store(&begin)
	return serve(t, t.TempDir(), func(o *server.Options) { o.Clock = func() time.Time { return *at.Load() } }), at
}

type object = map[string]any

// published makes a set with a script, and publishes it.
func (r *running) published(key, set, name, code string) api.Script {
	r.t.Helper()
	s := send[api.ScriptSet](r, "POST", "/scripts/sets", key, object{"name": set})
	made := send[api.Script](r, "POST", "/scripts", key, object{"set_id": s.ID, "name": name, "draft": code})
	return send[api.Script](r, "POST", "/scripts/"+made.ID+"/publish", key, object{"note": "first"})
}

// triggered makes a trigger that runs by hand alone.
func (r *running) triggered(key string, of api.Script, function string, args any) api.Trigger {
	r.t.Helper()
	return send[api.Trigger](r, "POST", "/triggers", key, object{"script_id": of.ID, "function": function, "args": args, "schedule": "0 3 * * *", "enabled": false})
}

// fire runs a trigger now and waits for its end.
func (r *running) fire(key, trigger string) api.RunWithLog {
	r.t.Helper()
	run := send[api.Run](r, "POST", "/triggers/"+trigger+"/run", key, nil)
	var ended api.RunWithLog
	within(r.t, "the run ends", func() bool {
		ended = get[api.RunWithLog](r, "/runs/"+run.ID, key)
		return ended.Status != "pending" && ended.Status != "running"
	})
	return ended
}

func printed(run api.RunWithLog) string {
	var b strings.Builder
	for _, l := range run.Log {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

// refusedWith wants a status, and words that say what to do.
func (r *running) refusedWith(status int, words, method, path, key string, body any, header ...string) {
	r.t.Helper()
	a := r.ask(method, "/api/v1"+path, key, body, header...)
	if a.status != status || !strings.Contains(string(a.body), words) {
		r.t.Errorf("%s %s: %d %s, want %d with %q", method, path, a.status, a.body, status, words)
	}
}

// account gives the scripts of a workspace a key.
func (r *running) account(key, secretOf string) {
	r.t.Helper()
	id, secret, _ := strings.Cut(secretOf, ":")
	send[api.Variable](r, "POST", "/variables", key, object{"name": "account_api_key_id", "kind": "string", "value": id})
	send[api.Variable](r, "POST", "/variables", key, object{"name": "account_api_key", "kind": "secret", "value": secret})
}

func (r *running) scriptKey(name string, scopes ...string) string {
	r.t.Helper()
	return send[api.NewKey](r, "POST", "/keys", adminKey, object{"name": name, "scopes": scopes}).Bearer
}
