package store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/prometheus/common/route"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/scrape"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/util/notifications"
	v1 "github.com/prometheus/prometheus/web/api/v1"
)

// The bounds of remote read, those of Prometheus.
const (
	remoteReadSamples     = 50_000_000
	remoteReadConcurrency = 10
	remoteReadFrameBytes  = 1 << 20
)

// Handler answers the Prometheus query API below /api/v1/: queries, labels, series, remote read
// and status. It only reads.
func (s *Store) Handler() http.Handler { return s.handlerOver(s.db) }

// handlerOver answers queries over more than this store's samples; what is asked of the TSDB
// itself is of this one.
func (s *Store) handlerOver(samples storage.SampleAndChunkQueryable) http.Handler {
	router := route.New()
	s.api(samples).Register(router)
	mux := http.NewServeMux()
	mux.Handle("/api/v1/", bounded(http.StripPrefix("/api/v1", router)))
	return mux
}

func (s *Store) api(samples storage.SampleAndChunkQueryable) *v1.API {
	absent := nothingScraped{}
	return v1.NewAPI(
		s.engine,
		samples,
		nil, // appendable: the API does not write
		s.db,
		func(context.Context) v1.ScrapePoolsRetriever { return absent },
		func(context.Context) v1.TargetRetriever { return absent },
		func(context.Context) v1.AlertmanagerRetriever { return absent },
		func() config.Config { return config.DefaultConfig },
		map[string]string{}, // flags
		v1.GlobalURLOptions{},
		func(f http.HandlerFunc) http.HandlerFunc { return f }, // an open store is ready
		adminStats{s},
		s.db.Dir(),
		false, // admin API
		false, // search API
		0,     // search limit
		s.logger,
		func(context.Context) v1.RulesRetriever { return absent },
		remoteReadSamples,
		remoteReadConcurrency,
		remoteReadFrameBytes,
		false, // agent mode
		nil,   // CORS origin: no other site's page may ask
		s.runtimeInfo,
		buildInfo(),
		func() []notifications.Notification { return nil },
		noNotifications,
		s.registry,
		nil,   // registerer: a second Handler would register the same again
		nil,   // statistics renderer: the default
		false, // remote write
		nil,   // remote write messages
		false, // OTLP
		false, // OTLP deltas to cumulative
		false, // OTLP deltas as they are
		lookbackDelta,
		false, // type and unit labels
		false, // metadata
		nil,   // error codes: the default
		nil,   // feature registry
		v1.OpenAPIOptions{Version: version()},
		s.parser,
		false, // query cost
		queryTimeout,
	)
}

// nothingScraped answers for the parts of a Prometheus that a store does not have.
type nothingScraped struct{}

var errNoScrape = errors.New("this store does not scrape")

func (nothingScraped) ScrapePools() []string                       { return []string{} }
func (nothingScraped) TargetsActive() map[string][]*scrape.Target  { return nil }
func (nothingScraped) TargetsDropped() map[string][]*scrape.Target { return nil }
func (nothingScraped) TargetsDroppedCounts() map[string]int        { return nil }
func (nothingScraped) Alertmanagers() []*url.URL                   { return nil }
func (nothingScraped) DroppedAlertmanagers() []*url.URL            { return nil }
func (nothingScraped) RuleGroups() []*rules.Group                  { return nil }
func (nothingScraped) AlertingRules() []*rules.AlertingRule        { return nil }
func (nothingScraped) ScrapePoolConfig(string) (*config.ScrapeConfig, error) {
	return nil, errNoScrape
}

func noNotifications() (<-chan notifications.Notification, func(), bool) {
	return nil, func() {}, false
}

// adminStats gives the API the statistics of the TSDB.
type adminStats struct{ s *Store }

func (a adminStats) CleanTombstones() error { return a.s.db.CleanTombstones() }
func (a adminStats) Delete(ctx context.Context, from, to int64, ms ...*labels.Matcher) error {
	return a.s.db.Delete(ctx, from, to, ms...)
}
func (a adminStats) Snapshot(dir string, withHead bool) error {
	return a.s.db.Snapshot(dir, withHead)
}
func (a adminStats) Stats(label string, limit int) (*tsdb.Stats, error) {
	return a.s.db.Head().Stats(label, limit), nil
}
func (a adminStats) WALReplayStatus() (tsdb.WALReplayStatus, error) {
	return a.s.stats.Head.WALReplayStatus.GetWALReplayStatus(), nil
}
func (a adminStats) BlockMetas() ([]tsdb.BlockMeta, error) { return a.s.db.BlockMetas(), nil }

func (s *Store) runtimeInfo() (v1.RuntimeInfo, error) {
	host, err := os.Hostname()
	if err != nil {
		return v1.RuntimeInfo{}, err
	}
	return v1.RuntimeInfo{
		StartTime:           s.opened,
		Hostname:            host,
		ServerTime:          time.Now().UTC(),
		ReloadConfigSuccess: true,
		LastConfigTime:      s.opened,
		GoroutineCount:      runtime.NumGoroutine(),
		GOMAXPROCS:          runtime.GOMAXPROCS(0),
		GOMEMLIMIT:          debug.SetMemoryLimit(-1),
		StorageRetention:    s.options.Retention.String(),
	}, nil
}

// buildInfo names the release of Prometheus whose API this is, since clients choose by it what
// they ask.
func buildInfo() *v1.PrometheusVersion {
	return &v1.PrometheusVersion{Version: version(), GoVersion: runtime.Version()}
}

const (
	prometheusModule = "github.com/prometheus/prometheus"
	unknownVersion   = "3.0.0" // of a binary without the list of its modules
)

// version is that of the Prometheus library; its v0.316.0 is the server's 3.16.0.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknownVersion
	}
	for _, m := range info.Deps {
		if m.Path == prometheusModule {
			return serverVersion(m.Version)
		}
	}
	return unknownVersion
}

// serverVersion turns the version of the library into that of the server: its major version is
// the hundreds of the library's minor one.
func serverVersion(library string) string {
	var minor, patch int
	if _, err := fmt.Sscanf(library, "v0.%d.%d", &minor, &patch); err != nil {
		return library
	}
	return fmt.Sprintf("%d.%d.%d", minor/100, minor%100, patch)
}
