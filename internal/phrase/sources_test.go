package phrase

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// said are the packages whose sentences a person reads.
var said = []string{
	"inspect", "internal/api", "internal/auth", "internal/config", "internal/notify", "internal/notify/target", "internal/schedule",
	"internal/script", "internal/script/library", "internal/script/market", "internal/script/python", "internal/script/sandbox",
	"internal/state", "internal/store", "source/prometheus",
}

// silent are files of theirs whose errors nobody reads in the app.
var silent = map[string]string{
	"internal/api/docs_page.go":                "the pages of the API, for programmers",
	"internal/api/stream.go":                   "what is said in it is said by views",
	"internal/auth/first.go":                   "the first start, on the terminal",
	"internal/auth/keys.go":                    "keys that are given at the start, on the terminal",
	"internal/auth/last_used.go":               "the log",
	"internal/auth/seal_key.go":                "the start, on the terminal",
	"internal/config/config.go":                "the start, on the terminal",
	"internal/config/server.go":                "the start, on the terminal",
	"internal/notify/announce.go":              "the log",
	"internal/notify/reported.go":              "messages, which are in both languages",
	"internal/notify/notify.go":                "the start, and the log",
	"internal/notify/draw.go":                  "a font that is part of the program",
	"internal/schedule/giveback.go":            "the log",
	"internal/schedule/replica.go":             "the log",
	"internal/schedule/schedule.go":            "the start, and the log",
	"internal/script/sandbox/confine_linux.go": "the process of a script, before it begins",
	"internal/script/sandbox/frame.go":         "two processes of this program",
	"internal/state/audit.go":                  "the log",
	"internal/state/backup.go":                 "the terminal",
	"internal/state/dump.go":                   "the terminal",
	"internal/state/batches.go":                "the log",
	"internal/state/chunks.go":                 "the log",
	"internal/state/event_entries.go":          "the log",
	"internal/state/event_list.go":             "the log, and SQL",
	"internal/state/host_order.go":             "SQL",
	"internal/state/lock.go":                   "the start, on the terminal",
	"internal/state/names.go":                  "SQL",
	"internal/state/migrate.go":                "the start, on the terminal",
	"internal/state/postgres.go":               "the start, on the terminal",
	"internal/state/run_log.go":                "the log",
	"internal/state/sessions.go":               "the log",
	"internal/state/sqlite.go":                 "the start, on the terminal",
	"internal/state/state.go":                  "the start, on the terminal",
	"internal/store/compact.go":                "the log",
	"internal/store/disk_other.go":             "the log",
	"internal/store/disk_unix.go":              "the log",
	"internal/store/fill.go":                   "the demo",
	"internal/store/snapshot.go":               "backups, on the terminal",
	"internal/store/remote.go":                 "the start, on the terminal",
	"internal/store/spaces.go":                 "the start, on the terminal",
	"internal/store/verdicts.go":               "labels of series",
	"source/prometheus/export.go":              "a broken answer: the next way to read is taken",
	"source/prometheus/fetch.go":               "PromQL",
	"source/prometheus/native.go":              "a broken answer: the next way to read is taken",
	"source/prometheus/packing.go":             "a broken answer: the next way to read is taken",
	"source/prometheus/remoteread.go":          "a broken answer: the next way to read is taken",
	"source/prometheus/probe.go":               "a broken answer: the next way to read is taken",
}

// Every sentence that a package makes for a person has its Chinese.
func TestEachSentenceHasItsChinese(t *testing.T) {
	chinese := phrases["zh"]()
	used := map[string]bool{}
	for place, format := range sentences(t) {
		text := filled(format)
		if _, ok := chinese.say(text, deepest); !ok {
			t.Errorf("%s: %q has no Chinese: add it to a table zh_*.go", place, format)
		}
		used[text] = true
	}
	if len(used) < 300 {
		t.Errorf("%d sentences were found in the sources: they are not read right", len(used))
	}
}

// wraps is where sentences are put together.
var wraps = regexp.MustCompile(verb.String() + `|: | \(`)

// A translation that no package writes any more is taken out of its table.
func TestEachTranslationIsOfASentence(t *testing.T) {
	written := literals(t)
	for _, table := range tables["zh"] {
		if reflect.ValueOf(table).Pointer() == reflect.ValueOf(zhLibraries).Pointer() {
			continue // of modules that are not ours
		}
		for _, format := range slices.Sorted(maps.Keys(table)) {
			for _, piece := range wraps.Split(format, -1) {
				if !strings.Contains(written, strings.TrimSpace(piece)) {
					t.Errorf("%q: %q is written nowhere", format, piece)
				}
			}
		}
	}
}

// literals are all texts in the sources of the packages.
func literals(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	for _, folder := range append([]string{"internal/ingest", "internal/server", "internal/script/modules"}, said...) {
		names, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					text, _ := strconv.Unquote(l.Value) // the parser has read it
					out.WriteString(text + "\n")
				}
				return true
			})
		}
	}
	return out.String()
}

// The library that checks requests says nothing that is not known.
func TestEachCheckOfRequestsHasItsChinese(t *testing.T) {
	library, err := build.Default.Import("github.com/danielgtaylor/huma/v2/validation", ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(library.Dir, "messages.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := reader{constants: map[string]ast.Expr{}}
	p.keepConstants(f)
	if len(p.constants) < 40 {
		t.Fatalf("%d sentences were found: they are not read right", len(p.constants))
	}
	for _, name := range slices.Sorted(maps.Keys(p.constants)) {
		format, _ := p.format(p.constants[name], true)
		if _, ok := phrases["zh"]().say(filled(format), deepest); !ok {
			t.Errorf("%s: %q has no Chinese: add it to zh_libraries.go", name, format)
		}
	}
}
