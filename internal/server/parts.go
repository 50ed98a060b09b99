package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/prometheus/tsdb/fileutil"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/web"
)

// parts are what the server consists of, in the order in which they are opened.
type parts struct {
	o        Options
	lock     fileutil.Releaser // of the data directory
	db       *state.DB
	auth     *auth.Auth
	sealer   *auth.Sealer // of sources
	hidden   *auth.Sealer // of scripts' variables
	secrets  secrets      // of alerts
	first    auth.First
	spaces   store.Spaces
	registry *prometheus.Registry
	limits   atomic.Pointer[config.Limits]
	ingest   *ingest.Ingest
	hub      *api.Hub
	notify   *notify.Notify
	schedule *schedule.Schedule
	scripts  *library.Library
	handler  http.Handler

	mu      sync.Mutex // guards sources
	sources map[string]openedSource
	running sync.WaitGroup
}

// open makes all parts. Nothing runs yet; what was opened is closed where it fails.
func open(ctx context.Context, o Options) (p *parts, err error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	p = &parts{o: o, hub: api.NewHub(), registry: prometheus.NewRegistry(), sources: map[string]openedSource{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	p.o.Logger = slog.New(quiet{o.Logger.Handler()})
	p.limits.Store(&o.Config.Server.Limits)
	p.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), buildInfo(o.Version),
	)
	for _, step := range []func(context.Context) error{p.openState, p.openStore, p.openWork, p.firstStart} {
		if err := step(ctx); err != nil {
			return p, err
		}
	}
	return p, p.openAPI()
}

func buildInfo(version string) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "memseep_build_info", Help: "1, with the version.",
		ConstLabels: prometheus.Labels{"version": version, "go": goVersion()},
	})
	g.Set(1)
	return g
}

func goVersion() string { return runtime.Version() }

// stateFile is where SQLite lies in the data directory.
const stateFile = "memseep.db"

// StateURL is where the state of a configuration lies.
func StateURL(s config.Server) string {
	if s.State.URL != "" {
		return s.State.URL
	}
	return "sqlite:" + filepath.Join(s.Data, stateFile)
}

func (p *parts) openState(ctx context.Context) error {
	s := p.o.Config.Server
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return fmt.Errorf("make the data directory: name another by --data: %w", err)
	}
	if err := p.lockData(); err != nil {
		return err
	}
	key, err := auth.LoadSealingKey(s.Data, p.o.SecretKey)
	if err != nil {
		return err
	}
	sealer := auth.NewSealer(key)
	p.sealer, p.hidden = sealer.For("source"), sealer.For("variable")
	if p.secrets, err = secretsOf(sealer, key); err != nil {
		return err
	}
	if p.db, err = state.Open(ctx, state.Config{URL: StateURL(s), Logger: p.o.Logger}); err != nil {
		return err
	}
	p.auth = auth.New(p.db, p.o.Clock, p.o.Logger)
	p.auth.TrustProxy = len(s.TrustedProxies) > 0
	return nil
}

func (p *parts) openStore(context.Context) (err error) {
	s := p.o.Config.Server.Store
	if s.Remote() {
		p.spaces, err = store.OpenRemote(store.RemoteOptions{
			WriteURL: s.WriteURL, ReadURL: s.ReadURL, DeleteURL: s.DeleteURL, BearerToken: s.BearerToken,
			Headers: s.Headers, CAFile: s.CAFile, Insecure: s.Insecure, Clock: p.o.Clock, Logger: p.o.Logger,
		})
		return err
	}
	p.spaces, err = store.OpenDirectory(metricsDir(p.o.Config.Server), store.DirectoryOptions{EmbeddedOptions: store.EmbeddedOptions{
		Retention: duration(s.Retention), RetentionBytes: s.MaxBytes, DerivedRetention: duration(s.DerivedRetention),
		Clock: p.o.Clock, Logger: p.o.Logger.With("part", "store"),
	}})
	return err
}

// metricsDir is where embedded metrics lie: DIR/workspaces/ID.
func metricsDir(s config.Server) string { return s.Data }

func (p *parts) openWork(context.Context) (err error) {
	p.ingest = ingest.New(ingest.Options{
		Authorize: p.authorize,
		Spaces:    p.spaces,
		Limits:    func(string) ingest.Limits { return limitsOf(*p.limits.Load()) },
		Clock:     p.o.Clock,
		Registry:  p.registry,
		Logger:    p.o.Logger,
	})
	if err := p.openNotify(); err != nil {
		return err
	}
	if err := p.openScripts(); err != nil {
		return err
	}
	s := p.o.Config.Server.Schedule
	p.schedule, err = schedule.New(schedule.Options{
		DB: p.db, Source: p.inspectedSource, Derived: p.keepVerdicts, Levels: p.levels, Published: p.hub.Publish, Scripts: p.scripts.RunTrigger,
		Notices: p.notify.Notices, Register: p.notify.Register, Queues: notify.Queues(),
		Clock: p.o.Clock, Logger: p.o.Logger, Registry: p.registry,
		Workers: s.Workers, ChunkHosts: s.ChunkHosts, Parallel: s.Parallel,
	})
	if err == nil {
		p.notify.Attach(p.schedule.Jobs())
	}
	return err
}

// authorize says for a collector's request which workspace it writes to.
func (p *parts) authorize(r *http.Request) (workspaceID, sender string, err error) {
	if ws, ok := r.Context().Value(localKey{}).(string); ok {
		return ws, "this machine", nil
	}
	id, err := p.auth.FromRequest(r)
	if err != nil {
		return "", "", err
	}
	if err := id.May(state.ScopeIngest); err != nil {
		return "", "", err
	}
	sender = "user"
	if id.Key != nil {
		sender = id.Key.ID
	}
	return id.WorkspaceID, sender, nil
}

func limitsOf(l config.Limits) ingest.Limits {
	return ingest.Limits{
		Series: l.Series, SamplesPerSecond: l.SamplesPerSecond, Body: l.BodyBytes, Decoded: l.DecodedBytes,
		Labels: l.Labels, Name: l.NameBytes, Value: l.ValueBytes, Age: duration(l.Age), Ahead: duration(l.Ahead),
	}
}

// keepVerdicts writes what a run found as series, for dashboards and rules.
func (p *parts) keepVerdicts(ctx context.Context, of state.Inspection, findings []inspect.Finding) error {
	m, err := p.spaces.Workspace(ctx, of.WorkspaceID)
	if err != nil {
		return err
	}
	verdicts := make([]store.Verdict, len(findings))
	for i, f := range findings {
		verdicts[i] = store.Verdict{At: f.At, Inspection: of.Name, Object: f.Object, Unit: f.Unit, Verdict: f.Verdict}
	}
	return store.WriteVerdicts(ctx, m, verdicts)
}

// levels are those of a workspace's settings.
func (p *parts) levels(ctx context.Context, workspaceID string) (leak.Thresholds, error) {
	w, err := p.db.Workspace(ctx, workspaceID)
	if err != nil {
		return leak.Thresholds{}, err
	}
	s, err := api.SettingsOf(w)
	return leak.Thresholds(s.Levels), err
}

func (p *parts) openAPI() error {
	s := p.o.Config.Server
	proxies, err := s.Networks()
	if err != nil {
		return err
	}
	p.handler = api.New(api.Options{
		DB: p.db, Auth: p.auth, Sealer: p.sealer, Spaces: p.spaces, Ingest: p.ingest, Schedule: p.schedule, Notify: p.notify, Hub: p.hub, Scripts: p.scripts, Market: p.market(),
		Source: p.source, Outside: p.outside, Reachable: p.reachable(), NewWorkspace: p.newWorkspace,
		Backup: p.backup, Ready: p.ready,
		App: web.Handler(), Proxies: proxies, Registry: p.registry, Clock: p.o.Clock, Logger: p.o.Logger, Facts: p.about(),
	})
	return nil
}

// ready asks the state and the store whether they can be used.
func (p *parts) ready(ctx context.Context) error {
	if err := p.db.Ping(ctx); err != nil {
		return fmt.Errorf("the state: %w", err)
	}
	m, err := p.spaces.Workspace(ctx, p.first.WorkspaceID)
	if err != nil {
		return fmt.Errorf("the metrics store: %w", err)
	}
	if _, err := m.Stats(ctx); err != nil {
		return fmt.Errorf("the metrics store: %w", err)
	}
	return nil
}

// close closes what is open, the last opened first.
func (p *parts) close() error {
	var errs []error
	if p.spaces != nil {
		errs = append(errs, p.spaces.Close())
	}
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	if p.lock != nil {
		errs = append(errs, p.lock.Release())
	}
	return errors.Join(errs...)
}
