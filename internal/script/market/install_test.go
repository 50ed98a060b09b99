package market_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/script/market"
	"github.com/memseep/memseep/internal/state"
)

func init() {
	suite["installed, upgraded, downgraded by force"] = func(s *shop) {
		writeFolder(s, filepath.Join(s.folder, "shelf"), made("1.0.0"))
		src := s.source(market.Folder, ".", "")
		s.must(s.install(src.ID, "shelf", false))
		s.sees("shelf/main 1", "shelf/more 1")
		s.must(s.install(src.ID, "shelf", false)) // again: nothing new makes no version
		s.sees("shelf/main 1", "shelf/more 1")

		next := with(with(made("1.1.0"), "more.py", ""), "package.yaml", strings.Replace(made("1.1.0")["package.yaml"], ", {file: more.py}", "", 1))
		s.must(os.RemoveAll(filepath.Join(s.folder, "shelf")))
		writeFolder(s, filepath.Join(s.folder, "shelf"), next)
		s.must(s.market.Check(s.Context(), s.ws))
		if l := s.listed(src.ID); !l.NewVersion || l.Older || l.Installed.Version != "1.0.0" {
			s.Errorf("listed as %+v", l)
		}
		s.must(s.install(src.ID, "shelf", false))
		s.sees("shelf/main 2") // what the package has no more is gone

		writeFolder(s, filepath.Join(s.folder, "shelf"), made("1.0.0"))
		s.wants(s.install(src.ID, "shelf", false), "shelf 1.1.0 is installed, which is newer than 1.0.0")
		s.code("downgrade", s.install(src.ID, "shelf", false))
		s.sees("shelf/main 2")
		s.must(s.install(src.ID, "shelf", true))
		s.sees("shelf/main 3", "shelf/more 1")

		s.must(s.market.Remove(s.Context(), s.ws, "shelf"))
		s.sees()
		if err := s.market.Remove(s.Context(), s.ws, "shelf"); !errors.Is(err, state.ErrNotFound) {
			s.Errorf("deleted twice: %v", err)
		}
	}
	suite["what was edited is kept but by force"] = func(s *shop) {
		writeFolder(s, filepath.Join(s.folder, "shelf"), made("1.0.0"))
		src := s.source(market.Folder, ".", "")
		s.must(s.install(src.ID, "shelf", false))
		set, err := s.db.ScriptSetByName(s.Context(), s.ws, "shelf")
		s.must(err)
		for name, edit := range map[string]func(*state.Script){
			"draft":     func(sc *state.Script) { sc.Draft += "# mine\n" },
			"published": func(sc *state.Script) { sc.Draft += "# mine\n"; sc.Code = sc.Draft },
		} {
			rows, _, err := s.db.Scripts(s.Context(), s.ws, state.ScriptFilter{SetID: set.ID, Page: state.Page{Limit: 10}})
			s.must(err)
			edit(&rows[0])
			s.must(s.db.UpdateScript(s.Context(), &rows[0]))
			if !s.listed(src.ID).Installed.Edited {
				s.Errorf("%s: not seen as edited", name)
			}
			s.code("edited", s.install(src.ID, "shelf", false))
			s.must(s.install(src.ID, "shelf", true))
			if s.listed(src.ID).Installed.Edited {
				s.Errorf("%s: edited after it was installed by force", name)
			}
		}
	}
	suite["a script that would not load"] = func(s *shop) {
		src := s.source(market.Folder, ".", "")
		for file, code := range map[string]string{"main.py": "def broken(:\n", "start.py": "import shelf__other\n", "more.py": "x = 1 / 0\n"} {
			s.must(os.RemoveAll(filepath.Join(s.folder, "shelf")))
			writeFolder(s, filepath.Join(s.folder, "shelf"), with(made("1.0.0"), file, code))
			if err := s.install(src.ID, "shelf", false); err == nil {
				s.Errorf("%s: installed", file)
			}
			s.sees()
		}
	}
	suite["a set of one's own, and requirements"] = func(s *shop) {
		writeFolder(s, filepath.Join(s.folder, "shelf"), made("1.0.0"))
		writeFolder(s, filepath.Join(s.folder, "board"), map[string]string{
			"package.yaml": "name: board\nversion: 2.0.0\ntitle: Board\nrequires: [shelf@1.0.0]\nscripts: [{file: main.py}]\n",
			"main.py":      "import shelf__main\n", "CHANGELOG.md": "x",
		})
		src := s.source(market.Folder, ".", "")
		s.code("requires", s.install(src.ID, "board", true))
		own := state.ScriptSet{WorkspaceID: s.ws, Name: "shelf", CreatedAt: now}
		s.must(s.db.AddScriptSet(s.Context(), &own))
		s.code("name", s.install(src.ID, "shelf", true))
		s.must(s.db.DeleteScriptSet(s.Context(), s.ws, own.ID))
		s.must(s.install(src.ID, "shelf", false))
		s.must(s.install(src.ID, "board", false))
		s.code("requires", s.market.Remove(s.Context(), s.ws, "shelf"))
		s.sees("board/main 1", "shelf/main 1", "shelf/more 1")
	}
	suite["a failure in the middle leaves nothing"] = func(s *shop) {
		writeFolder(s, filepath.Join(s.folder, "shelf"), made("1.0.0"))
		src := s.source(market.Folder, ".", "")
		fails := market.New(s.options(broken{s.market.Library, func() error { return errors.New("the disk is full") }}))
		_, err := fails.Install(s.Context(), s.ws, src.ID, "shelf", false, "ann")
		s.wants(err, "the disk is full")
		s.sees()
		s.must(s.install(src.ID, "shelf", false))
	}
	suite["a startup script is deployed, kept, compared and replaced"] = func(s *shop) {
		writeFolder(s, filepath.Join(s.folder, "shelf"), made("1.0.0"))
		src := s.source(market.Folder, ".", "")
		deploy := func(values map[string]string, replace bool) (market.Deployed, error) {
			return s.market.Deploy(s.Context(), s.ws, "shelf", values, replace, "ann")
		}
		_, err := deploy(nil, false)
		s.wants(err, "is not installed")
		s.must(s.install(src.ID, "shelf", false))
		values := map[string]string{"account_api_key_id": "msk_1", "account_api_key": "hush-hush"}
		for _, c := range []struct {
			values      map[string]string
			field, text string
		}{
			{nil, "values.account_api_key_id", "Id is needed"},
			{map[string]string{"account_api_key_id": "msk_1"}, "values.account_api_key", "Key is needed"},
			{map[string]string{"account_api_key_id": "msk_1", "account_api_key": "hush-hush", "colour": "red"}, "values.colour", "no placeholder colour"},
		} {
			_, err := deploy(c.values, false)
			s.wants(err, c.text)
			if f := new(*market.FieldError); !errors.As(err, f) || (*f).Field != c.field {
				s.Errorf("error of another field: %#v", err)
			}
			s.sees("shelf/main 1", "shelf/more 1")
		}
		first, err := deploy(values, false)
		s.must(err)
		s.sees("shelf/main 1", "shelf/more 1", "startup/start 1")
		trigger, err := s.db.Trigger(s.Context(), s.ws, first.TriggerID)
		s.must(err)
		if first.Kept || trigger.Function != "run" || !trigger.Fixed || trigger.Schedule != "5 * * * *" || !trigger.Enabled || trigger.NextRunAt.IsZero() {
			s.Errorf("deployed %+v with %+v", first, trigger)
		}
		variables, err := s.db.VariablesOf(s.Context(), s.ws, first.SetID)
		s.must(err)
		for _, v := range variables {
			if secret := v.Name == "account_api_key"; secret != (v.Kind == "secret") || secret && (v.Value != nil || strings.Contains(string(v.Sealed), "hush")) {
				s.Errorf("kept variable %+v", v)
			}
		}

		again, err := deploy(nil, true) // the values are there, the script is the same
		s.must(err)
		if !again.Kept || again.Diff != "" || again.ScriptID != first.ScriptID || again.TriggerID != first.TriggerID {
			s.Errorf("deployed again %+v, first %+v", again, first)
		}
		mine, err := s.db.Script(s.Context(), s.ws, first.ScriptID)
		s.must(err)
		mine.Draft = strings.Replace(mine.Draft, "return True", "return host == 'web-1'", 1)
		s.must(s.db.PublishScript(s.Context(), &mine, state.ScriptVersion{Code: mine.Draft, At: now}))
		kept, err := deploy(nil, false)
		s.must(err)
		if !kept.Kept || !strings.Contains(kept.Diff, "-    return host == 'web-1'\n+    return True\n") {
			s.Errorf("kept %+v", kept)
		}
		d, err := s.market.Detail(s.Context(), s.ws, src.ID, "shelf")
		s.must(err)
		if d.Existing == nil || d.Existing.Diff != kept.Diff || d.Existing.TriggerID != first.TriggerID || !d.Set["account_api_key"] || d.Set["node"] {
			s.Errorf("detail %+v of %+v", d.Set, d.Existing)
		}
		s.must(s.db.DeletePackageSource(s.Context(), s.ws, src.ID)) // what was installed is deployed without its source
		replaced, err := deploy(nil, true)
		s.must(err)
		if replaced.Kept || replaced.TriggerID != first.TriggerID || replaced.Diff != kept.Diff {
			s.Errorf("replaced %+v", replaced)
		}
		s.sees("shelf/main 1", "shelf/more 1", "startup/start 3")
		if l := s.listed(market.InstalledSource); l.Name != "shelf" {
			s.Errorf("listed %+v", l)
		}
		s.must(s.market.Remove(s.Context(), s.ws, "shelf"))
		s.sees("startup/start 3")
	}
}

// listed is the package shelf as a source lists it.
func (s *shop) listed(source string) market.Listed {
	s.Helper()
	list, err := s.market.List(s.Context(), s.ws)
	s.must(err)
	for _, l := range list {
		if l.SourceID == source && l.Offer.Name == "shelf" {
			return l
		}
	}
	s.Fatalf("source %s lists no shelf", source)
	return market.Listed{}
}

// code wants a refusal for a reason.
func (s *shop) code(want string, err error) {
	s.Helper()
	var refused *market.Refused
	if !errors.As(err, &refused) || refused.Code != want {
		s.Fatalf("got error %v, want a refusal for %s", err, want)
	}
}

// broken is a library that fails after it has written a set.
type broken struct {
	market.Library
	fail func() error
}

func (b broken) PutSet(ctx context.Context, tx *state.Tx, set *state.ScriptSet, scripts []library.File, note, by string) error {
	if err := b.Library.PutSet(ctx, tx, set, scripts, note, by); err != nil {
		return err
	}
	return b.fail()
}

// dieEnv makes the test program install a package and die in the middle of it.
const dieEnv = "MEMSEEP_TEST_DIE"

type death struct{ URL, Workspace, Folder, Source string }

// TestDies is the process that dies: it is started by the test below alone.
func TestDies(t *testing.T) {
	text := os.Getenv(dieEnv)
	if text == "" {
		return
	}
	var d death
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	db, err := state.Open(t.Context(), state.Config{URL: d.URL, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{T: t, db: db, ws: d.Workspace, folder: d.Folder}
	lib := market.New(s.options(nil)).Library
	s.market = market.New(s.options(broken{lib, func() error { os.Exit(9); return nil }}))
	t.Error(s.install(d.Source, "shelf", false))
}

func TestAProcessThatDiesLeavesNothing(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "state.db")
	s := newShop(t, url)
	writeFolder(t, filepath.Join(s.folder, "shelf"), made("1.0.0"))
	src := s.source(market.Folder, ".", "")
	text, err := json.Marshal(death{url, s.ws, s.folder, src.ID})
	s.must(err)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDies$") //nolint:gosec // this program
	cmd.Env = append(os.Environ(), dieEnv+"="+string(text))
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 9 {
		t.Fatalf("it ended with %d: %v\n%s", code, err, out)
	}
	s.sees()
	s.must(s.install(src.ID, "shelf", false))
	s.sees("shelf/main 1", "shelf/more 1")
}
