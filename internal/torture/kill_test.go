package torture_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/torture"
)

// killed makes a campaign against a server of these options.
func killed(t *testing.T, o torture.Options, fewKills, longEvery int) {
	t.Helper()
	o.Workers, o.ChunkHosts = 2, 5
	n := *kills
	if n == 0 {
		n = fewKills
	}
	c := torture.Campaign{
		Server: newServer(t, o), Fleet: torture.Fleet{Hosts: 40, LeakEvery: 8, Begun: time.Now().Truncate(time.Second)},
		Kills: n, Seed: *seed, LongEvery: longEvery, Progress: t.Logf,
	}
	report, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report)
}

// A server that is killed under load at any moment loses nothing that it has acknowledged, tells
// nothing twice, and leaves no run stuck.
func TestKilledOnSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	killed(t, torture.Options{Dir: dir}, 25, 25)

	db, err := sql.Open("sqlite", filepath.Join(dir, "data", "memseep.db"))
	must(t, err)
	defer func() { _ = db.Close() }()
	var sound string
	must(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&sound))
	if sound != "ok" {
		t.Errorf("the database is damaged: %s", sound)
	}
}

func TestKilledOnPostgres(t *testing.T) {
	t.Parallel()
	killed(t, torture.Options{State: realserver.StartPostgres(t).URL(t)}, 25, 8)
}
