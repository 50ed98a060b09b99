package script_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/sandbox"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.ChildCommand {
		os.Exit(script.Child())
	}
	if err := os.Setenv("TZ", "UTC"); err != nil { // datetime.now() is in the local zone
		panic(err)
	}
	os.Exit(m.Run())
}

// expected is what the comments at the top of a script say of it: `# run: FUNCTION ARGS`, `# finds:
// HOSTS`, `# prints: LINE`, `# event: STATUS TITLE`, `# returns: JSON`, `# fails: LINE: MESSAGE`,
// `# invalid: LINE:COLUMN: MESSAGE`, and what is configured: `# configured: JSON`, `# disabled: yes`,
// `# account: none`.
type expected map[string][]string

func readExpected(source string) expected {
	e := expected{}
	for line := range strings.Lines(source) {
		comment, ok := strings.CutPrefix(line, "# ")
		if !ok {
			break
		}
		if what, value, ok := strings.Cut(comment, ":"); ok {
			e[what] = append(e[what], strings.TrimSpace(value))
		}
	}
	return e
}

func (e expected) one(what string) string {
	if len(e[what]) == 0 {
		return ""
	}
	return e[what][0]
}

// TestScriptsOfUsers runs testdata/users/*.py.
func TestScriptsOfUsers(t *testing.T) {
	files, err := filepath.Glob("testdata/users/*.py")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	f := newFleet(t)
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".py"), func(t *testing.T) {
			t.Parallel()
			source := readFile(t, path)
			e := readExpected(source)
			function, args, _ := strings.Cut(e.one("run"), " ")
			job := f.job(filepath.Base(path), source, function)
			if args != "" {
				job.Args = json.RawMessage(args)
			}
			if e.one("account") == "none" {
				job.Account = nil
			}
			w := f.world(e.one("disabled") == "", e.one("configured"))
			server := tickets(t)
			w.Query, w.Allow = canned, []string{strings.TrimPrefix(server.URL, "http://")}
			job.Variables["SERVER"] = server.URL
			e.compare(t, w.run(t, job))
		})
	}
}

func (e expected) compare(t *testing.T, got ran) {
	t.Helper()
	failure := got.result.Failure
	switch {
	case e["invalid"] != nil:
		if failure == nil || !failure.Invalid || !strings.Contains(failure.Message, ":"+e.one("invalid")) {
			t.Errorf("failure %+v, want invalid %s", failure, e.one("invalid"))
		}
		if _, err := got.job.Check(); err == nil {
			t.Error("the check lets it pass")
		}
		return
	case e["fails"] != nil:
		line, message, _ := strings.Cut(e.one("fails"), ": ")
		if failure == nil || failure.Invalid || !strings.HasPrefix(failure.Message, message) || lineOf(failure) != line {
			t.Errorf("failure %+v, want %s", failure, e.one("fails"))
		}
		return
	case failure != nil:
		t.Fatalf("failed: %s\n%s", failure.Message, failure.Traceback)
	}
	if _, err := got.job.Check(); err != nil {
		t.Errorf("check: %v", err)
	}
	if want, ok := e["finds"]; ok && strings.Join(got.leaking(), " ") != want[0] {
		t.Errorf("finds %v, want %s", got.leaking(), want[0])
	}
	if !slices.Equal(got.printed, e["prints"]) {
		t.Errorf("prints %q, want %q", got.printed, e["prints"])
	}
	if !slices.Equal(got.events, e["event"]) {
		t.Errorf("events %q, want %q", got.events, e["event"])
	}
	if want := e.one("returns"); want != "" && string(got.result.Value) != want {
		t.Errorf("returns %s, want %s", got.result.Value, want)
	}
}

// The startup script as users have it: its bytes are those of the digest, and it inspects the host
// that its filter keeps.
func TestStartupScriptRunsUnchanged(t *testing.T) {
	source := readFile(t, "testdata/startup/startup_memory_leak.py")
	digest, _, _ := strings.Cut(readFile(t, "testdata/startup/startup_memory_leak.py.sha256"), " ")
	if sum := sha256.Sum256([]byte(source)); hex.EncodeToString(sum[:]) != digest {
		t.Fatal("the startup script was changed")
	}
	f := newFleet(t)
	w := f.world(true, "")
	got := w.run(t, f.job("startup_memory_leak.py", source, "run"))
	if got.result.Failure != nil || strings.Join(got.leaking(), " ") != "iZuf6aq9gu32lpgvx8ynhbZ" {
		t.Fatalf("finds %v: %+v", got.leaking(), got.result.Failure)
	}
	if len(got.result.Registered) != 1 {
		t.Fatalf("registered %v", got.result.Registered)
	}
	r := got.result.Registered[0]
	if r.Title != "内存泄漏自建巡检" || r.Crontab != "0 * * * *" || r.Timeout != 900 || r.Function != "run" || !strings.HasPrefix(r.Doc, "可选参数") {
		t.Errorf("registered %+v", r)
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // of testdata
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
