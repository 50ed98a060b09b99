package server_test

import (
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/server"
)

// Who starts a second server on a directory, or backs it up as if none ran, is told so, and the first
// goes on.
func TestADirectoryHasOneServer(t *testing.T) {
	dir := t.TempDir()
	first := serve(t, dir)
	c := config.Default
	c.Server.Data, c.Server.Listen, c.Server.Agent = dir, "127.0.0.1:0", false
	o := server.Options{Config: c, Stdout: io.Discard, Logger: slog.New(slog.DiscardHandler)}
	if err := server.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "another memseep works in "+dir) {
		t.Errorf("a second server: %v", err)
	}
	if err := server.Backup(t.Context(), o, filepath.Join(t.TempDir(), "backup")); err == nil || !strings.Contains(err.Error(), "another memseep") {
		t.Errorf("a backup without the server: %v", err)
	}
	if a := first.ask("GET", "/readyz", "", nil); a.status != 200 {
		t.Errorf("the first answers %+v", a)
	}
	first.stop()
	serve(t, dir)
}
