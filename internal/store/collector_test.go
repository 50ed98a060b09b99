package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestDirectoryTellsOfItself(t *testing.T) {
	d, err := store.OpenDirectory(t.TempDir(), store.DirectoryOptions{EmbeddedOptions: store.EmbeddedOptions{
		Clock:   func() time.Time { return at },
		Reserve: store.Reserve{Space: func(string) (int64, int64, error) { return 1 << 40, 1 << 41, nil }},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(d)
	use := func(id string) {
		m, err := d.Workspace(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Append(t.Context(), []store.Series{one("up", "web-1", sample(0, 1), sample(-time.Hour, 1))}); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want string) {
		t.Helper()
		names := []string{"memseep_store_open_workspaces", "memseep_store_series", "memseep_store_disk_full"}
		if err := testutil.GatherAndCompare(registry, strings.NewReader(want), names...); err != nil {
			t.Error(err)
		}
	}
	use("w0")
	expect(`
# HELP memseep_store_disk_full 1 while samples are refused for want of room.
# TYPE memseep_store_disk_full gauge
memseep_store_disk_full{workspace="w0"} 0
# HELP memseep_store_open_workspaces Workspaces whose metrics are open.
# TYPE memseep_store_open_workspaces gauge
memseep_store_open_workspaces 1
# HELP memseep_store_series Series that samples were written to lately.
# TYPE memseep_store_series gauge
memseep_store_series{workspace="w0"} 1
`)
	for i := range 20 {
		use(fmt.Sprintf("w%d", i+1))
	}
	expect(`
# HELP memseep_store_disk_full 1 while samples are refused for want of room.
# TYPE memseep_store_disk_full gauge
memseep_store_disk_full{workspace=""} 0
# HELP memseep_store_open_workspaces Workspaces whose metrics are open.
# TYPE memseep_store_open_workspaces gauge
memseep_store_open_workspaces 21
# HELP memseep_store_series Series that samples were written to lately.
# TYPE memseep_store_series gauge
memseep_store_series{workspace=""} 21
`)
}
