package script_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
)

const described = `
'''of the script'''
from guance_monitor__register import self_hosted_monitor
import tools__names
def logged(f):
    def inner(*args, **kwargs):
        return f(*args, **kwargs)
    return inner
@self_hosted_monitor(account['api_key_id'], account['api_key'])
@DFF.API('巡检', category='memory', tags=['a', 'b'], timeout=300, fixed_crontab='*/5 * * * *', is_hidden=True)
@logged
def run(configs=None, *rest, limit: int = 3, **named):
    """可选参数：
    configs"""
    raise ValueError('it was run')
@DFF.API('报告')
def report():
    pass
def plain(host):
    pass
`

func TestLoadDescribesFunctions(t *testing.T) {
	job := script.Job{Name: "watch__main", Source: described, Modules: map[string]string{"tools__names": "x = 1"}}
	got, err := script.Load(t.Context(), job, sandbox.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []script.Function{
		{Name: "logged", Line: 5, Parameters: []string{"f"}},
		{
			Name: "run", Line: 12, Parameters: []string{"configs", "*rest", "limit", "**named"}, Doc: "可选参数：\n    configs", Title: "巡检", Category: "memory",
			Tags: []string{"a", "b"}, Timeout: 300, FixedCrontab: "*/5 * * * *", IsHidden: true, Registered: true,
		},
		{Name: "report", Line: 17, Parameters: []string{}, Title: "报告", Category: "general"},
		{Name: "plain", Line: 19, Parameters: []string{"host"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
	text, err := json.Marshal(got[3])
	if err != nil || string(text) != `{"name":"plain","line":19,"parameters":["host"],"registered":false}` {
		t.Errorf("%s, %v", text, err)
	}
}

// What would not load is a Problem at a line of the script itself.
func TestLoadTellsProblems(t *testing.T) {
	f := newFleet(t)
	for _, c := range []struct{ name, source, want string }{
		{"form", "def run():\n    retrun 1", "x.py:2:12: there is `1` where the line should end"},
		{"what to write", "x = open('y')", "x.py:1:5: open is not defined: a script reads no files; keep what has to last with DFF.STORE"},
		{"an imported script", "x = 1\nimport tools__wrong", "x.py:2:8: tools__wrong:2:12: there is the end of the line where `:` belongs behind the condition"},
		{"an exception", "x = 1\ny = x / 0", "x.py:2:7: ZeroDivisionError: division by zero"},
		{"an exception of an imported script", "x = 1\nimport tools__fails", "x.py:2:8: KeyError: 'nothing'"},
		{"the world", "import memseep\nx = memseep.hosts()", "x.py:2:18: ValueError: the script asks for hosts while it is loaded: do that in a function"},
		{"a wrong decorator", "@DFF.API('x', timeout=4000)\ndef run():\n    pass", "x.py:1:9: ValueError: DFF.API: timeout is a number of seconds from 1 to 3600, not 4000"},
		{"no end", "while True:\n    pass", "x.py:1:1: the script took more than 1000000 steps, and was ended"},
		{"a secret", "raise ValueError('a-secret-key')", "x.py:1:1: ValueError: ***"},
	} {
		t.Run(c.name, func(t *testing.T) {
			functions, err := script.Load(t.Context(), f.job("x.py", c.source, ""), sandbox.Limits{Steps: 1_000_000})
			var p *script.Problem
			if !errors.As(err, &p) || p.Error() != c.want {
				t.Errorf("\n got %v %v\nwant %s", functions, err, c.want)
			}
		})
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := script.Load(ctx, script.Job{Name: "x.py", Source: "while True:\n    pass"}, sandbox.Limits{})
	var p *script.Problem
	if err == nil || errors.As(err, &p) {
		t.Errorf("%v", err)
	}
}

// A traceback names the file of each call, and its line.
func TestTracebackNamesTheFileOfEachCall(t *testing.T) {
	f := newFleet(t)
	source := "import tools__hosts\ndef run():\n    return tools__hosts.limit('web-1')\n"
	got := f.world(true, "").run(t, f.job("mine.py", source, "run"))
	want := `Traceback (most recent call last):
  File "mine.py", line 3, in run
    return tools__hosts.limit('web-1')
  File "tools__hosts", line 14, in limit
    return LIMITS[host.split('-')[0]]
KeyError: 'web'
`
	if got.result.Failure == nil || got.result.Failure.Traceback != want {
		t.Errorf("%+v", got.result.Failure)
	}
}

// The key goes to what checks it, and to nobody else; also one that is written in the script.
func TestKeyOfARegistration(t *testing.T) {
	f := newFleet(t)
	w := f.world(true, "")
	var asked modules.Registration
	w.Registered = func(_ context.Context, r modules.Registration) (modules.Registered, error) {
		asked = r
		return modules.Registered{Enabled: true}, nil
	}
	source := `
from guance_monitor__register import self_hosted_monitor
import memseep
KEY = 'written-here'
@self_hosted_monitor('id', KEY)
def run():
    print('the key is', KEY)
    memseep.report(title=KEY)
    return KEY
`
	got := w.run(t, f.job("x.py", source, "run"))
	if asked.Key != "written-here" || asked.KeyID != "id" || asked.Function != "run" || asked.Script != "" {
		t.Errorf("asked for %+v", asked)
	}
	text, err := json.Marshal(got.result)
	if err != nil || got.result.Failure != nil || len(got.result.Registered) != 1 || got.result.Registered[0].Key != "" {
		t.Fatalf("%s %v", text, err)
	}
	if told := string(text) + strings.Join(got.printed, "\n") + strings.Join(got.events, "\n"); strings.Contains(told, "written-here") || !strings.Contains(told, "the key is ***") {
		t.Errorf("told %s", told)
	}
}

// A function of another script that is registered says whose it is.
func TestRegistrationOfAnImportedScript(t *testing.T) {
	f := newFleet(t)
	got := f.world(true, "").run(t, f.job("mine.py", "from tools__registered import run as other\ndef run():\n    return other()\n", "run"))
	if r := got.result.Registered; len(r) != 1 || r[0].Script != "tools__registered" || r[0].Title != "别的脚本的巡检" {
		t.Errorf("%+v %+v", r, got.result.Failure)
	}
}
