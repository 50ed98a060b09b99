package target

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
)

// A real Alertmanager takes what is told, keeps it active past its resolve_timeout, and resolves it.
func TestRealAlertmanager(t *testing.T) {
	path := realserver.Find(t, "prometheus-alertmanager", "alertmanager")
	address := fmt.Sprintf("127.0.0.1:%d", realserver.FreePort(t))
	dir := t.TempDir()
	config := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(config, []byte("route: {receiver: none}\nreceivers: [{name: none}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := realserver.Start(t, path, "--config.file="+config, "--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=")
	p.WaitReady(t, "http://"+address+"/-/ready")
	to, err := alertmanager.Open(Settings{"url": "http://" + address, "labels": "team: infra"}, Network{AllowLoopback: true})
	if err != nil {
		t.Fatal(err)
	}
	m := message("n1")
	m.StartsAt, m.Alerts[0].StartsAt = time.Now().Add(-time.Hour), time.Now().Add(-time.Hour)
	for range 2 { // once more is as once
		if _, err := to.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	alerts := activeAlerts(t, address, 1)
	if a := alerts[0]; a.Labels["alertname"] != "MemoryLeak" || a.Labels["team"] != "infra" || a.Annotations["summary"] != "web-1 leaks" || time.Until(a.EndsAt) < 24*time.Hour {
		t.Errorf("Alertmanager has %+v", a)
	}
	m.Recovered, m.Alerts[0].EndsAt = true, time.Now()
	if _, err := to.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	activeAlerts(t, address, 0)
}

type activeAlert struct {
	Labels, Annotations map[string]string
	EndsAt              time.Time
}

// activeAlerts waits until Alertmanager has so many.
func activeAlerts(t *testing.T, address string, n int) []activeAlert {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get("http://" + address + "/api/v2/alerts?active=true")
		if err != nil {
			t.Fatal(err)
		}
		var alerts []activeAlert
		err = json.NewDecoder(resp.Body).Decode(&alerts)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if len(alerts) == n {
			return alerts
		}
		if time.Now().After(end) {
			t.Fatalf("Alertmanager has %d alerts, want %d: %+v", len(alerts), n, alerts)
		}
	}
}
