package agent_test

import (
	"context"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/agent"
)

func certificate(t *testing.T, s *httptest.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What prevents a start is said with what to do.
func TestErrors(t *testing.T) {
	empty, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		config agent.Config
		want   string
	}{
		{"no address", agent.Config{}, "give --url"},
		{"no scheme", agent.Config{URL: "memseep:8080"}, "write http://HOST:PORT"},
		{"no proc", agent.Config{URL: "http://x", Procfs: "/nowhere"}, "name another by --procfs"},
		{"not a proc", agent.Config{URL: "http://x", Procfs: empty}, "is no /proc of Linux"},
		{"short interval", agent.Config{URL: "http://x", Interval: 1}, "at least 1s"},
		{"queue", agent.Config{URL: "http://x", QueueDir: filepath.Join(file, "queue")}, "name another directory by --queue"},
		{"no certificates", agent.Config{URL: "https://x", CAFile: file}, "no certificate in PEM form"},
		{"host", agent.Config{URL: "https://x", Host: "a\nb"}, "control characters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := agent.Run(context.Background(), c.config)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}
