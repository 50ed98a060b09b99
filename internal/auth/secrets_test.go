package auth_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/state"
)

func TestAcceptPassword(t *testing.T) {
	for _, c := range []struct {
		name, user, password string
		ok                   bool
	}{
		{"ten characters", "ann", "ten chars.", true},
		{"nine", "ann", "nine char", false},
		{"ten characters of three bytes", "ann", "内存泄漏内存泄漏内存", true},
		{"the name", "memoryleak", "MemoryLeak", false},
		{"the name twice", "annan", "annanannan", false},
		{"the name and a year", "memoryleak", "memoryleak2026!", false},
		{"the name in a sentence", "ann", "ann likes walnuts", true},
		{"too long", "ann", strings.Repeat("x", 1001), false},
	} {
		if err := auth.AcceptPassword(c.user, c.password); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestHashPassword(t *testing.T) {
	hash, err := auth.HashPassword("correct horse")
	must(t, err)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", hash)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct horse ": false, "": false} {
		got, err := auth.CheckPassword(password, hash)
		must(t, err)
		if got != want {
			t.Errorf("%q: %v", password, got)
		}
	}
	if _, err := auth.CheckPassword("x", "no hash"); err == nil {
		t.Error("a broken hash is no error")
	}
}

func TestSealer(t *testing.T) {
	s := auth.NewSealer([32]byte{1})
	sealed, err := s.For("source").Seal([]byte("user:password"))
	must(t, err)
	if bytes.Contains(sealed, []byte("password")) {
		t.Fatal("it can be read")
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	version := bytes.Clone(sealed)
	version[0] = 2
	for _, c := range []struct {
		name   string
		s      *auth.Sealer
		sealed []byte
		ok     bool
	}{
		{"its own", s.For("source"), sealed, true},
		{"another purpose", s.For("target"), sealed, false},
		{"another key", auth.NewSealer([32]byte{2}).For("source"), sealed, false},
		{"changed", s.For("source"), changed, false},
		{"cut", s.For("source"), sealed[:20], false},
		{"empty", s.For("source"), nil, false},
		{"a later version", s.For("source"), version, false},
	} {
		text, err := c.s.Open(c.sealed)
		if c.ok {
			must(t, err)
			if string(text) != "user:password" {
				t.Errorf("%s: %q", c.name, text)
			}
			continue
		}
		wantError(t, err, auth.ErrSealed)
	}
}

func TestLoadSealingKey(t *testing.T) {
	dir := t.TempDir()
	keys := make([][32]byte, 8)
	var all sync.WaitGroup
	for i := range keys { // starts at once agree on one key
		all.Go(func() {
			var err error
			keys[i], err = auth.LoadSealingKey(dir, "")
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		if k != keys[0] || k == [32]byte{} {
			t.Fatal("two starts have two keys")
		}
	}
	path := filepath.Join(dir, "secret.key")
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
	must(t, os.Chmod(path, 0o644))
	if _, err := auth.LoadSealingKey(dir, ""); err == nil {
		t.Error("a key that everybody can read is taken")
	}
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, nil, 0o600))
	if _, err := auth.LoadSealingKey(dir, ""); err == nil {
		t.Error("an empty file is taken")
	}

	hex := strings.Repeat("ab", 32)
	key, err := auth.LoadSealingKey(dir, hex)
	must(t, err)
	if key[0] != 0xab {
		t.Errorf("key %x", key)
	}
	if _, err := auth.LoadSealingKey(dir, "abc"); err == nil {
		t.Error("a short key is taken")
	}
}

func FuzzOpen(f *testing.F) {
	s := auth.NewSealer([32]byte{1})
	sealed, err := s.Seal([]byte("text"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte{})
	f.Add(sealed[:29])
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, err := s.Open(b); err == nil && string(text) != "text" {
			t.Errorf("%x opens as %q", b, text)
		}
	})
}

func TestFirstStart(t *testing.T) {
	d := newDesk(t)
	if !d.first.New || len(d.first.Made) != 0 {
		t.Errorf("with all in the environment: %+v", d.first)
	}
	again, err := d.EnsureFirst(t.Context(), auth.Environment{AdminPassword: "is not looked at again", IngestKey: "in:other-secret"})
	must(t, err)
	if again.New || again.WorkspaceID != d.first.WorkspaceID || len(again.Made) != 0 {
		t.Errorf("again: %+v", again)
	}
	d.signIn(t, "admin") // with the password of the first start
	for key, want := range map[string]error{"in:other-secret": nil, "in:ingest-secret": auth.ErrBadCredentials, "adm:admin-secret": nil} {
		_, err := d.FromRequest(request("GET", "/", header("Authorization", "Bearer "+key)))
		wantError(t, err, want)
	}
	must(t, d.RevokeKey(t.Context(), d.first.WorkspaceID, "in"))
	_, err = d.EnsureFirst(t.Context(), auth.Environment{IngestKey: "in:other-secret"})
	must(t, err)
	_, err = d.FromRequest(request("GET", "/", header("Authorization", "Bearer in:other-secret")))
	wantError(t, err, auth.ErrBadCredentials) // a revoked key does not come back by a restart
	if _, err := d.EnsureFirst(t.Context(), auth.Environment{IngestKey: "nothing"}); err == nil {
		t.Error("a key without a secret is taken")
	}
}

// Of replicas that start at once one makes all, and says so.
func TestFirstStartMakesSecrets(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		testFirstStarts(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		testFirstStarts(t, realserver.StartPostgres(t).URL(t))
	})
}

func testFirstStarts(t *testing.T, url string) {
	quiet := slog.New(slog.DiscardHandler)
	db, err := state.Open(t.Context(), state.Config{URL: url, Logger: quiet})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	made := make([]auth.First, 4)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			var err error
			made[i], err = auth.New(db, nil, nil).EnsureFirst(t.Context(), auth.Environment{})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	a := auth.New(db, nil, nil)
	news := 0
	for _, first := range made {
		if !first.New {
			continue
		}
		news++
		if len(first.Made) != 3 {
			t.Fatalf("made %+v", first.Made)
		}
		_, _, err := a.SignIn(t.Context(), "admin", first.Made[0].Secret, "", "")
		must(t, err)
		for i, scope := range map[int]state.Scope{1: state.ScopeIngest, 2: state.ScopeAdmin} {
			id, err := a.FromRequest(request("GET", "/", header("Authorization", "Bearer "+first.Made[i].Secret)))
			must(t, err)
			must(t, id.May(scope))
		}
	}
	if news != 1 {
		t.Errorf("%d starts were the first", news)
	}
}
