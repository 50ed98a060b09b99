package state_test

import (
	"encoding/base64"
	"errors"
	"path/filepath"
	"testing"

	"github.com/memseep/memseep/internal/state"
)

// Whatever stands in a cursor, a list goes on somewhere or says that it is none.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{
		"", "x", `["opened","2026-03-01T12:00:00.123Z","01"]`, `["opened","not a time","01"]`, `["level",3,"2026-03-01T12:00:00Z","01"]`,
		`["level",1e300,"2026-03-01T12:00:00Z","01"]`, `["exhaustion","9999-12-31T00:00:00Z","'"]`, `["01"]`, `{"Sort":"value","Value":-1,"Name":"a"}`, "null", "[]",
	} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(seed)))
	}
	f.Add("%")
	db := open(f, "sqlite:"+filepath.Join(f.TempDir(), "state.db"))
	f.Fuzz(func(t *testing.T, cursor string) {
		page := state.Page{Cursor: cursor}
		for _, sort := range []state.EventSort{state.ByOpened, state.ByLevel, state.ByExhaustion} {
			_, _, err := db.Events(t.Context(), "w", state.EventFilter{Sort: sort, Page: page})
			wantCursorError(t, err)
		}
		for _, sort := range []state.HostSort{state.ByName, state.ByValue} {
			_, _, err := db.Hosts(t.Context(), "w", state.HostFilter{Sort: sort, Page: page})
			wantCursorError(t, err)
		}
		_, _, err := db.Runs(t.Context(), "w", state.RunFilter{Page: page})
		wantCursorError(t, err)
	})
}

func wantCursorError(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, state.ErrBadCursor) {
		t.Error(err)
	}
}
