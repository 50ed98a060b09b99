// Package imports holds the test of who may import whom.
// In goes the list of packages as the go tool gives it; out comes each import that the table
// does not allow.
// Read the table first: a new package is a new line in it.
package imports

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/memseep/memseep"

// standardOnly marks a package that may import the standard library alone.
const standardOnly = "the standard library alone"

// all marks a package that may import any of ours that nothing imports back.
const all = "all"

// table says which of our packages each of them may import. Data flows one way, from sources to
// reports, and nobody imports upwards. A name with /... stands for a folder and all packages below
// it, which may import each other.
var table = map[string][]string{
	// Public: what a user's own program is built on.
	"leak":              {standardOnly},
	"suspect":           {"leak"},
	"source/dialect":    {"leak"},
	"source/file":       {"leak", "source/dialect"},
	"source/prometheus": {"leak", "source/dialect"},
	"inspect":           {"leak", "suspect"},

	"internal/phrase":            {standardOnly},
	"internal/config":            {},
	"internal/build":             {standardOnly},
	"internal/report":            {"leak", "suspect", "inspect"},
	"internal/store":             {"leak", "source/dialect", "source/prometheus"},
	"internal/ingest/...":        {"internal/store"},
	"internal/agent/...":         {},
	"internal/event":             {"leak", "suspect", "inspect"},
	"internal/state/...":         {"leak", "suspect", "inspect", "internal/event"},
	"internal/auth":              {"internal/state"},
	"internal/notify":            {"leak", "internal/event", "internal/state", "internal/notify/target/..."},
	"internal/notify/target/...": {"leak"},
	"internal/schedule":          {"leak", "suspect", "inspect", "internal/event", "internal/notify", "internal/state"},
	"internal/script/...":        {"leak", "suspect", "inspect", "internal/event", "internal/schedule", "internal/state"},
	"internal/api/...":           {"leak", "suspect", "inspect", "source/...", "internal/phrase", "internal/config", "internal/report", "internal/store", "internal/ingest", "internal/event", "internal/state", "internal/auth", "internal/notify/...", "internal/schedule", "internal/script/..."},
	"internal/server":            {"leak", "suspect", "inspect", "source/...", "internal/config", "internal/report", "internal/store", "internal/ingest", "internal/agent", "internal/event", "internal/state", "internal/auth", "internal/notify/...", "internal/schedule", "internal/script/...", "internal/api/...", "web"},
	"web":                        {standardOnly},
	"web/e2e/fill":               {all},
	"internal/fleet":             {"leak"},
	"internal/fleet/workloads":   {"leak", "internal/fleet"},
	"internal/train":             {"leak", "internal/fleet"},
	"internal/realserver":        {},
	"internal/imports":           {},
	"internal/demo":              {"leak", "suspect", "inspect", "source/...", "internal/store", "internal/report", "internal/fleet/...", "internal/api/...", "internal/auth", "internal/config", "internal/server", "testdata/demo"},
	"testdata/demo":              {standardOnly},
	"internal/torture":           {"internal/api/..."},
	"internal/bench":             {all},
	"cmd/memseep":                {all},
	"cmd/memseep-agent":          {"internal/agent/...", "internal/build"},
	"examples/...":               {"leak", "suspect", "inspect", "source/..."},
}

// goPackage is what `go list -json` says of one package.
type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	for _, p := range list(t) {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed, listed := rule(name)
		if !listed {
			t.Errorf("%s is not in the table of who may import whom: add it to internal/imports/imports_test.go, and say what it may import", name)
			continue
		}
		for _, imported := range p.Imports {
			if problem := check(allowed, imported); problem != "" {
				t.Errorf("%s imports %s: %s", name, imported, problem)
			}
		}
	}
}

// Every line of the table stands for a package, and no line leads in a circle.
func TestTable(t *testing.T) {
	for name, allowed := range table {
		for _, a := range allowed {
			if a == standardOnly || a == all {
				continue
			}
			if !strings.HasSuffix(a, "/...") {
				if _, listed := rule(a); !listed {
					t.Errorf("%s may import %s, which is not in the table", name, a)
				}
			}
			if reaches(a, name, nil) {
				t.Errorf("%s may import %s, which may import %s: a circle", name, a, name)
			}
		}
	}
}

func list(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("go list: %v\n%s", err, exit.Stderr)
	}
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("read the answer of go list: %v", err)
		}
		packages = append(packages, p)
	}
	if len(packages) == 0 {
		t.Fatal("go list names no packages")
	}
	return packages
}

// rule is the line of the table for a package.
func rule(name string) (allowed []string, listed bool) {
	if allowed, listed = table[name]; listed {
		return allowed, true
	}
	for pattern, allowed := range table {
		if covers(pattern, name) {
			return append(slices.Clone(allowed), pattern), true
		}
	}
	return nil, false
}

// covers tells whether a name of the table stands for the package.
func covers(pattern, name string) bool {
	folder, below := strings.CutSuffix(pattern, "/...")
	return pattern == name || below && (name == folder || strings.HasPrefix(name, folder+"/"))
}

// check says what is wrong with an import, nothing where it is allowed.
func check(allowed []string, imported string) string {
	own, isOwn := strings.CutPrefix(imported, module+"/")
	if !isOwn {
		first, _, _ := strings.Cut(imported, "/")
		if slices.Contains(allowed, standardOnly) && strings.Contains(first, ".") {
			return "it may import the standard library alone"
		}
		return ""
	}
	if slices.ContainsFunc(allowed, func(pattern string) bool { return pattern == all || covers(pattern, own) }) {
		return ""
	}
	if len(allowed) == 0 {
		return "it may import none of our packages"
	}
	return "of our packages it may import " + strings.Join(allowed, ", ")
}

// reaches tells whether a package may, over others, import the one that is looked for.
func reaches(from, wanted string, seen []string) bool {
	if slices.Contains(seen, from) {
		return false
	}
	seen = append(seen, from)
	for name, allowed := range table {
		if !covers(from, name) {
			continue
		}
		for _, a := range allowed {
			if covers(a, wanted) || reaches(a, wanted, seen) {
				return true
			}
		}
	}
	return false
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, imported string
		allowed        []string
		good           bool
	}{
		{"standard library", "encoding/json", []string{standardOnly}, true},
		{"a module where none may be", "golang.org/x/sync/errgroup", []string{standardOnly}, false},
		{"a module", "golang.org/x/sync/errgroup", []string{"leak"}, true},
		{"an own package", module + "/leak", []string{"leak"}, true},
		{"an own package that is above", module + "/inspect", []string{"leak"}, false},
		{"an own package where the standard library is all", module + "/suspect", []string{standardOnly}, false},
		{"one of a folder", module + "/source/file", []string{"source/..."}, true},
		{"one of a folder with a like name", module + "/sourcery", []string{"source/..."}, false},
		{"any", module + "/inspect", []string{all}, true},
		{"none", module + "/leak", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if problem := check(c.allowed, c.imported); (problem == "") != c.good {
				t.Errorf("%q", problem)
			}
		})
	}
}
