package market_test

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"aead.dev/minisign"

	"github.com/memseep/memseep/internal/script/market"
	"github.com/memseep/memseep/internal/state"
)

// shelves is a real server of an index, whose answers tests spoil.
type shelves struct {
	files map[string][]byte
	cut   atomic.Int32 // downloads of the archive that break off after half of it
	whole bool         // it knows no ranges
	asked atomic.Int32
}

func (v *shelves) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, ok := v.files[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if !strings.HasSuffix(r.URL.Path, ".tar.gz") {
		_, _ = w.Write(content)
		return
	}
	v.asked.Add(1)
	from := 0
	if text := r.Header.Get("Range"); text != "" && !v.whole {
		_, _ = fmt.Sscanf(text, "bytes=%d-", &from)
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(content)-from))
	if from > 0 {
		w.WriteHeader(http.StatusPartialContent)
	}
	if v.cut.Add(-1) >= 0 {
		_, _ = w.Write(content[from : from+(len(content)-from)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(content[from:])
}

func indexOf(t testing.TB, version, file string, content []byte) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"packages": []market.Offer{{Name: "shelf", Version: version, Title: "Shelf", File: file, Digest: sum(content)}}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func keys(t testing.TB) (string, minisign.PrivateKey) {
	t.Helper()
	public, private, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return public.String(), private
}

func TestHTTPSource(t *testing.T) {
	good := archive(t, made("1.0.0"))
	key, private := keys(t)
	otherKey, other := keys(t)
	bomb := archive(t, with(made("1.0.0"), "zeros.txt", strings.Repeat("0", 40<<20)))
	many := made("1.0.0")
	for i := range 300 {
		many = with(many, fmt.Sprintf("f%d.txt", i), "x")
	}
	big := made("1.0.0")
	for i := range 20 {
		big = with(big, fmt.Sprintf("f%d.txt", i), strings.Repeat("0", 1<<20))
	}
	escape := func(name string) []byte { return archive(t, with(made("1.0.0"), name, "x")) }
	type spoiled struct {
		name  string
		serve *shelves
		key   string
		cut   int32
		want  string // of the error; empty where it is installed
	}
	serve := func(content []byte) *shelves {
		index := indexOf(t, "1.0.0", "a/shelf-1.0.0.tar.gz", content)
		return &shelves{files: map[string][]byte{"index.json": index, "index.json.minisig": minisign.Sign(private, index), "a/shelf-1.0.0.tar.gz": content}}
	}
	change := func(name string, content []byte) *shelves {
		v := serve(good)
		v.files[name] = content
		return v
	}
	index := indexOf(t, "1.0.0", "a/shelf-1.0.0.tar.gz", good)
	for _, c := range []*spoiled{
		{name: "good", serve: serve(good)},
		{name: "good and signed", serve: serve(good), key: key},
		{name: "in a folder of its own", serve: serve(archive(t, map[string]string{
			"./shelf/package.yaml": made("1.0.0")["package.yaml"], "./shelf/main.py": "", "./shelf/more.py": "", "./shelf/start.py": "", "./shelf/CHANGELOG.md": ""}))},
		{name: "a broken digest", serve: change("a/shelf-1.0.0.tar.gz", archive(t, made("1.0.1"))), want: "has the digest"},
		{name: "an archive that was swapped under a signed index", serve: change("a/shelf-1.0.0.tar.gz", archive(t, made("6.6.6"))), key: key, want: "has the digest"},
		{name: "no signature", serve: change("index.json.minisig", nil), key: key, want: "none of minisign"},
		{name: "a wrong signature", serve: change("index.json.minisig", minisign.Sign(private, append(bytes.Clone(index), ' '))), key: key, want: "its signature is wrong"},
		{name: "a wrong key", serve: change("index.json.minisig", minisign.Sign(other, index)), key: key, want: "and the source is pinned to"},
		{name: "another key than is pinned", serve: serve(good), key: otherKey, want: "and the source is pinned to"},
		{name: "interrupted once, and gone on with", serve: serve(good), cut: 1},
		{name: "interrupted once, by a server without ranges", serve: func() *shelves { v := serve(good); v.whole = true; return v }(), cut: 1},
		{name: "interrupted again and again", serve: serve(good), cut: 100, want: "the download was interrupted"},
		{name: "no archive", serve: &shelves{files: map[string][]byte{"index.json": index}}, want: "404"},
		{name: "no index", serve: &shelves{files: map[string][]byte{}}, want: "404"},
		{name: "an index that is none", serve: change("index.json", []byte("<html>")), want: "it is no JSON"},
		{name: "an index that is too long", serve: change("index.json", bytes.Repeat([]byte(" "), 2<<20)), want: "larger than 1024 kB"},
		{name: "an index that points outside", serve: change("index.json", indexOf(t, "1.0.0", "../shelf.tar.gz", good)), want: "no path within"},
		{name: "an index that says another version", serve: change("index.json", indexOf(t, "1.0.2", "a/shelf-1.0.0.tar.gz", good)), want: "it holds shelf 1.0.0, and the index says shelf 1.0.2"},
		{name: "too large an archive", serve: serve(append(bytes.Clone(good), make([]byte, 9<<20)...)), want: "larger than 8192 kB"},
		{name: "a bomb", serve: serve(bomb), want: "is larger than 1 MB"},
		{name: "a bomb of several files", serve: serve(archive(t, big)), want: "more than 8 MB"},
		{name: "too many files", serve: serve(archive(t, many)), want: "more than 200 files"},
		{name: "no archive at all", serve: serve([]byte("hello")), want: "no .tar.gz"},
		{name: "half an archive", serve: serve(good[:len(good)/2]), want: "read"},
		{name: "a path upwards", serve: serve(escape("../evil.py")), want: "no path within"},
		{name: "a path upwards in the middle", serve: serve(escape("a/../../evil.py")), want: "no path within"},
		{name: "an absolute path", serve: serve(escape("/etc/evil")), want: "no path within"},
		{name: "a path of Windows", serve: serve(escape(`..\evil.py`)), want: "no path within"},
		{name: "a link", serve: serve(archive(t, made("1.0.0"), &tar.Header{Name: "l", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink})), want: "neither a file nor a folder"},
		{name: "a hard link", serve: serve(archive(t, made("1.0.0"), &tar.Header{Name: "l", Linkname: "main.py", Typeflag: tar.TypeLink})), want: "neither a file nor a folder"},
		{name: "a file twice", serve: serve(archive(t, made("1.0.0"), &tar.Header{Name: "main.py", Typeflag: tar.TypeReg})), want: "is there twice"},
		{name: "no package.yaml", serve: serve(archive(t, with(made("1.0.0"), "package.yaml", ""))), want: "it has no package.yaml"},
		{name: "no change log", serve: serve(archive(t, with(made("1.0.0"), "CHANGELOG.md", ""))), want: "it has no CHANGELOG.md"},
		{name: "a script that is not there", serve: serve(archive(t, with(made("1.0.0"), "more.py", ""))), want: "names more.py, which is not there"},
		{name: "a field that is unknown", serve: serve(archive(t, with(made("1.0.0"), "package.yaml", made("1.0.0")["package.yaml"]+"colour: red\n"))), want: "colour"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
			c.serve.cut.Store(c.cut)
			server := httptest.NewServer(c.serve)
			defer server.Close()
			src := s.source(market.HTTP, server.URL, c.key)
			err := s.install(src.ID, "shelf", false)
			if len(src.Error) > 0 { // what is wrong with the index is said when it is looked at
				s.wants(fmt.Errorf("%s", src.Error), c.want)
			}
			if c.want == "" {
				s.must(err)
				s.sees("shelf/main 1", "shelf/more 1")
				if l := s.listed(src.ID); l.Installed == nil || l.Installed.Signed != (c.key != "") || l.Changed || l.NewVersion {
					t.Errorf("listed %+v", l)
				}
				return
			}
			if len(src.Error) == 0 {
				s.wants(err, c.want)
			} else if err == nil {
				t.Error("installed")
			}
			s.sees()
		})
	}
}

// An index that went back to an older version, though it was signed once, changes nothing.
func TestOldSignedIndex(t *testing.T) {
	s := newShop(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
	key, private := keys(t)
	v := &shelves{files: map[string][]byte{}}
	put := func(version string) {
		content := archive(t, made(version))
		index := indexOf(t, version, "shelf.tar.gz", content)
		v.files["index.json"], v.files["index.json.minisig"], v.files["shelf.tar.gz"] = index, minisign.Sign(private, index), content
	}
	server := httptest.NewServer(v)
	defer server.Close()
	put("2.0.0")
	src := s.source(market.HTTP, server.URL+"/index.json", key)
	s.must(s.install(src.ID, "shelf", false))
	put("1.9.0")
	s.code("downgrade", s.install(src.ID, "shelf", false))
	s.must(s.market.Check(t.Context(), s.ws))
	if l := s.listed(src.ID); !l.Older || l.NewVersion {
		t.Errorf("listed %+v", l)
	}
	s.sees("shelf/main 1", "shelf/more 1")
}

// What may not be asked is not, wherever a redirect leads.
func TestAddressesAreChecked(t *testing.T) {
	s := newShop(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
	private := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }))
	defer private.Close()
	o := s.options(nil)
	o.Dialed = func(_, address string, _ syscall.RawConn) error {
		if address == strings.TrimPrefix(private.URL, "http://") {
			return fmt.Errorf("%s may not be asked", address)
		}
		return nil
	}
	m := market.New(o)
	open := httptest.NewServer(http.RedirectHandler(private.URL, http.StatusFound))
	defer open.Close()
	for _, c := range []state.PackageSource{
		{Kind: market.HTTP, Address: private.URL}, {Kind: market.HTTP, Address: open.URL},
		{Kind: market.Git, Address: private.URL + "/x.git"}, {Kind: market.Git, Address: open.URL + "/x.git"},
	} {
		c.WorkspaceID, c.Name, c.CreatedAt = s.ws, c.Kind+c.Address, now
		s.must(s.db.AddPackageSource(t.Context(), &c))
		s.must(m.Look(t.Context(), &c))
		if !strings.Contains(c.Error, "may not be asked") {
			t.Errorf("%s %s: %q", c.Kind, c.Address, c.Error)
		}
	}
}

func TestFolderSource(t *testing.T) {
	key, private := keys(t)
	signed := func(files map[string]string, key minisign.PrivateKey) map[string]string {
		var sums strings.Builder
		for name, content := range files {
			fmt.Fprintf(&sums, "%s  ./%s\n", sum([]byte(content)), name)
		}
		files = with(files, "SHA256SUMS", sums.String())
		return with(files, "SHA256SUMS.minisig", string(minisign.Sign(key, []byte(sums.String()))))
	}
	_, other := keys(t)
	good := made("1.0.0")
	for _, c := range []struct {
		name, key, want string
		files           map[string]string
		link            string
	}{
		{name: "good", files: good},
		{name: "good and signed", files: signed(good, private), key: key},
		{name: "not signed", files: good, key: key, want: "it has no SHA256SUMS"},
		{name: "signed by another", files: signed(good, other), key: key, want: "the source is pinned to"},
		{name: "changed after it was signed", files: with(signed(good, private), "main.py", "evil = 1\n"), key: key, want: "main.py has another digest"},
		{name: "a file more", files: with(signed(good, private), "evil.py", "evil = 1\n"), key: key, want: "evil.py is not in SHA256SUMS"},
		{name: "a file less", files: with(signed(good, private), "more.py", ""), key: key, want: "more.py is in SHA256SUMS, and not there"},
		{name: "sums changed", files: with(signed(good, private), "SHA256SUMS", ""), key: key, want: "it has no SHA256SUMS"},
		{name: "a link", files: good, link: "/etc/passwd", want: "is a link or a device"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
			writeFolder(t, filepath.Join(s.folder, "mine", "shelf"), c.files)
			if c.link != "" {
				s.must(os.Symlink(c.link, filepath.Join(s.folder, "mine", "shelf", "link.py")))
			}
			src := s.source(market.Folder, "mine", c.key)
			s.wants(s.install(src.ID, "shelf", false), c.want)
			if c.want == "" {
				s.sees("shelf/main 1", "shelf/more 1")
				return
			}
			s.sees()
			if offers, err := market.Offers(src); err != nil || len(offers) != 1 || !strings.Contains(offers[0].Problem, c.want) {
				t.Errorf("offers %+v, %v", offers, err)
			}
		})
	}
}

func TestFoldersOutside(t *testing.T) {
	s := newShop(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
	outside := t.TempDir()
	writeFolder(t, filepath.Join(outside, "shelf"), made("1.0.0"))
	for _, address := range []string{outside, "../x", "/etc", "a/../../x"} {
		for _, kind := range []string{market.Folder, market.Git} {
			if err := s.market.CheckSource(state.PackageSource{Kind: kind, Address: address}); err == nil || !strings.Contains(err.Error(), "may not be read") {
				t.Errorf("%s: %v", address, err)
			}
		}
	}
	s.must(os.Symlink(outside, filepath.Join(s.folder, "door")))
	if src := s.source(market.Folder, "door", ""); src.Error == "" {
		t.Errorf("read through a link: %s", src.Packages)
	}
	if err := s.market.CheckSource(state.PackageSource{Kind: market.Folder, Address: filepath.Join(s.folder, "x"), PublicKey: "RWx"}); err == nil {
		t.Error("took a key that is none")
	}
}

// A repository is read over HTTP from git itself, and from the disk, by branch and tag.
func TestGitSource(t *testing.T) {
	s := newShop(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
	repo := filepath.Join(s.folder, "repo")
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", repo, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"}, args...)...) //nolint:gosec // a test's own words
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Skipf("git is not there, or does not do it: %v\n%s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func(version string) {
		writeFolder(t, filepath.Join(repo, "shelf"), made(version))
		git("add", ".")
		git("commit", "-qm", version)
	}
	s.must(os.MkdirAll(repo, 0o700))
	git("init", "-q", "-b", "main")
	if src := s.source(market.Git, "repo", ""); !strings.Contains(src.Error, "no commit yet") {
		t.Errorf("an empty repository: %q", src.Error)
	}
	commit("1.0.0")
	git("tag", "-a", "v1", "-m", "v1")
	commit("1.1.0")
	git("branch", "next")
	git("checkout", "-q", "next")
	commit("2.0.0-beta.1")
	git("checkout", "-q", "main")
	backend := filepath.Join(git("--exec-path"), "git-http-backend")
	server := httptest.NewServer(&cgi.Handler{Path: backend, Env: []string{"GIT_PROJECT_ROOT=" + s.folder, "GIT_HTTP_EXPORT_ALL=1"}})
	defer server.Close()
	if _, err := os.Stat(backend); err != nil {
		t.Skip("git-http-backend is not installed")
	}
	for _, base := range []string{server.URL + "/repo/.git", "repo", filepath.Join(repo, ".git")} {
		for ref, version := range map[string]string{"": "1.1.0", "#v1": "1.0.0", "#next": "2.0.0-beta.1", "#main": "1.1.0"} {
			src := s.source(market.Git, base+ref, "")
			if src.Error != "" {
				t.Errorf("%s%s: %s", base, ref, src.Error)
				continue
			}
			if l := s.listed(src.ID); l.Version != version {
				t.Errorf("%s%s: %s, want %s", base, ref, l.Version, version)
			}
			s.must(s.install(src.ID, "shelf", true))
			if l := s.listed(src.ID); l.Installed.Version != version || l.Installed.Edited {
				t.Errorf("%s%s: installed %+v", base, ref, l.Installed)
			}
		}
		if src := s.source(market.Git, base+"#gone", ""); !strings.Contains(src.Error, "no branch or tag gone") {
			t.Errorf("%s: %q", base, src.Error)
		}
	}
}
