package market_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/script/market"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/internal/state"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.ChildCommand {
		os.Exit(script.Child())
	}
	os.Exit(m.Run())
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// shop is a workspace with a market, and a folder for its sources.
type shop struct {
	*testing.T
	db     *state.DB
	market *market.Market
	ws     string
	folder string
}

// suite runs with SQLite and with PostgreSQL: what is kept matters there.
var suite = map[string]func(s *shop){}

func TestSQLite(t *testing.T) {
	for name, test := range suite {
		t.Run(name, func(t *testing.T) { test(newShop(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))) })
	}
}

func TestPostgres(t *testing.T) {
	server := realserver.StartPostgres(t)
	t.Run("suite", func(t *testing.T) {
		for name, test := range suite {
			t.Run(name, func(t *testing.T) { test(newShop(t, server.URL(t))) })
		}
	})
}

// plain seals by turning every bit over: enough to see that a secret is not kept as it is.
type plain struct{}

func (plain) Seal(text []byte) ([]byte, error) {
	out := bytes.Clone(text)
	for i := range out {
		out[i] ^= 0xff
	}
	return out, nil
}
func (p plain) Open(sealed []byte) ([]byte, error) { return p.Seal(sealed) }

func newShop(t *testing.T, url string) *shop {
	t.Helper()
	logger := slog.New(slog.DiscardHandler)
	db, err := state.Open(t.Context(), state.Config{URL: url, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := &shop{T: t, db: db, folder: t.TempDir()}
	w := state.Workspace{Name: "w", CreatedAt: now}
	s.must(db.AddWorkspace(t.Context(), &w))
	s.ws = w.ID
	s.market = market.New(s.options(nil))
	return s
}

func (s *shop) options(lib market.Library) market.Options {
	logger, clock := slog.New(slog.DiscardHandler), func() time.Time { return now }
	if lib == nil {
		lib = library.New(library.Options{
			DB: s.db, Sealer: plain{}, Clock: clock, Logger: logger,
			Authorize: func(context.Context, string, string, string) error { return nil },
			Source:    func(context.Context, state.Inspection) (inspect.Source, error) { return nil, fmt.Errorf("no source") },
		})
	}
	return market.Options{
		DB: s.db, Library: lib, Folders: []string{s.folder}, CheckURL: func(string) error { return nil }, Clock: clock, Logger: logger,
	}
}

func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// source adds one and looks at it.
func (s *shop) source(kind, address, key string) state.PackageSource {
	s.Helper()
	p := state.PackageSource{WorkspaceID: s.ws, Name: fmt.Sprint(kind, time.Now().UnixNano()), Kind: kind, Address: address, PublicKey: key, CreatedAt: now}
	s.must(s.market.CheckSource(p))
	s.must(s.db.AddPackageSource(s.Context(), &p))
	s.must(s.market.Look(s.Context(), &p))
	return p
}

func (s *shop) install(source, name string, force bool) error {
	_, err := s.market.Install(s.Context(), s.ws, source, name, force, "ann")
	return err
}

// wants the error's text, or none where it is empty.
func (s *shop) wants(err error, text string) {
	s.Helper()
	switch {
	case text == "" && err != nil:
		s.Fatalf("got error %v", err)
	case text != "" && err == nil:
		s.Fatalf("got no error, want: %s", text)
	case text != "" && !strings.Contains(err.Error(), text):
		s.Fatalf("got error\n%v\nwant\n%s", err, text)
	}
}

// sees is what is there of sets and scripts: NAME/SCRIPT of version VERSIONS.
func (s *shop) sees(want ...string) {
	s.Helper()
	got := []string{}
	sets, _, err := s.db.ScriptSets(s.Context(), s.ws, state.Page{Limit: 100})
	s.must(err)
	for _, set := range sets {
		scripts, _, err := s.db.Scripts(s.Context(), s.ws, state.ScriptFilter{SetID: set.ID, Page: state.Page{Limit: 100}})
		s.must(err)
		if len(scripts) == 0 {
			got = append(got, set.Name)
		}
		for _, sc := range scripts {
			got = append(got, fmt.Sprintf("%s/%s %d", set.Name, sc.Name, sc.Number))
		}
	}
	slices.Sort(got)
	if want == nil {
		want = []string{}
	}
	if !slices.Equal(got, want) {
		s.Fatalf("there are %q, want %q", got, want)
	}
}

// made is a package that can be installed, of a version.
func made(version string) map[string]string {
	return map[string]string{
		"package.yaml": "name: shelf\nversion: " + version + `
title: Shelf
scripts: [{file: main.py}, {file: more.py}]
startup: {file: start.py, function: run}
placeholders: [{name: account_api_key_id, title: Id, required: true}, {name: account_api_key, title: Key, secret: true, required: true}, {name: node, title: Node}]
`,
		"main.py":      "VERSION = '" + version + "'\n\ndef check():\n    return VERSION\n",
		"more.py":      "def more():\n    pass\n",
		"start.py":     "import shelf__main as shelf\n\ndef keep(host):\n    return True\n\n@DFF.API('Shelf', fixed_crontab='5 * * * *', timeout=60)\ndef run():\n    print(shelf.check(), account['api_key_id'])\n",
		"CHANGELOG.md": "# " + version + "\n",
	}
}

func with(files map[string]string, name, content string) map[string]string {
	files = maps.Clone(files)
	if content == "" {
		delete(files, name)
	} else {
		files[name] = content
	}
	return files
}

func writeFolder(t testing.TB, folder string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// archive packs files; entries of other kinds come by their header.
func archive(t testing.TB, files map[string]string, more ...*tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	put := func(h *tar.Header, content string) {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		put(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(files[name])), Typeflag: tar.TypeReg}, files[name])
	}
	for _, h := range more {
		put(h, "")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sum(content []byte) string {
	d := sha256.Sum256(content)
	return hex.EncodeToString(d[:])
}
