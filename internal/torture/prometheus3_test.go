package torture_test

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/discovery"
	"github.com/prometheus/prometheus/discovery/targetgroup"
	"github.com/prometheus/prometheus/scrape"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb"
)

// startPrometheus3 scrapes and sends as Prometheus 3 does, made of its own parts: scrape manager,
// TSDB with its log, and the queue that follows the log. It ends with the test.
func startPrometheus3(t *testing.T, text string) {
	t.Helper()
	conf, err := config.Load(text, promslog.NewNopLogger())
	must(t, err)
	dir := t.TempDir()
	db, err := tsdb.Open(dir, promslog.NewNopLogger(), nil, tsdb.DefaultOptions(), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	registry := prometheus.NewRegistry()
	queue := remote.NewStorage(promslog.NewNopLogger(), registry, db.StartTime, dir, time.Second, nil, false)
	must(t, queue.ApplyConfig(conf))
	t.Cleanup(func() { must(t, queue.Close()) })
	db.SetWriteNotified(queue)
	scraper, err := scrape.NewManager(&scrape.Options{DiscoveryReloadOnStartup: true}, promslog.NewNopLogger(), nil, nil, db, registry)
	must(t, err)
	must(t, scraper.ApplyConfig(conf))
	targets := map[string][]*targetgroup.Group{}
	for _, job := range conf.ScrapeConfigs {
		for _, found := range job.ServiceDiscoveryConfigs {
			targets[job.JobName] = append(targets[job.JobName], found.(discovery.StaticConfig)...)
		}
	}
	found := make(chan map[string][]*targetgroup.Group, 1)
	found <- targets
	ended := make(chan error, 1)
	go func() { ended <- scraper.Run(found) }() // ends with Stop
	t.Cleanup(func() {
		scraper.Stop()
		must(t, <-ended)
	})
}
