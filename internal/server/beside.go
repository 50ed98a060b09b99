package server

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/golang/snappy"

	"github.com/memseep/memseep/internal/agent"
	"github.com/memseep/memseep/internal/config"
)

// besides starts what runs beside the requests until ctx ends; p.running waits for it.
func (p *parts) besides(ctx context.Context) {
	p.running.Go(func() { p.auth.Run(ctx) })
	p.running.Go(func() { p.notify.Run(ctx) })
	p.running.Go(func() { p.reload(ctx) })
	if p.o.Config.Server.Agent {
		p.running.Go(func() { p.watchThisMachine(ctx) })
	}
}

// localKey marks a request of the agent inside: its value is the workspace.
type localKey struct{}

// watchThisMachine runs the agent, whose samples go to the first workspace.
func (p *parts) watchThisMachine(ctx context.Context) {
	mux := http.NewServeMux()
	p.ingest.Routes(mux)
	err := agent.Run(ctx, agent.Config{
		QueueDir: filepath.Join(p.o.Config.Server.Data, "agent"),
		Version:  p.o.Version,
		Logger:   p.o.Logger.With("part", "agent"),
		Send: func(ctx context.Context, request []byte) error {
			ctx = context.WithValue(ctx, localKey{}, p.first.WorkspaceID)
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/api/v1/write", bytes.NewReader(snappy.Encode(nil, request)))
			if err != nil {
				return err
			}
			r.Header.Set("Content-Encoding", "snappy")
			r.Header.Set("Content-Type", "application/x-protobuf;proto=io.prometheus.write.v2.Request")
			r.Header.Set("X-Prometheus-Remote-Write-Version", "2.0.0")
			r.RemoteAddr = "127.0.0.1:0"
			w := &answer{header: http.Header{}, status: http.StatusOK}
			mux.ServeHTTP(w, r)
			if w.status/100 != 2 {
				return &refused{status: w.status, text: strings.TrimSpace(w.text.String())}
			}
			return nil
		},
	})
	if err != nil && ctx.Err() == nil {
		p.o.Logger.Warn("this machine's own memory is not watched", "error", err)
	}
}

// answer keeps what a handler says to the agent inside.
type answer struct {
	header http.Header
	status int
	text   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.text.Write(b) }

// refused tells the agent whether the same samples may be sent again.
type refused struct {
	status int
	text   string
}

func (r *refused) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.text) }

// Status is that of HTTP.
func (r *refused) Status() int { return r.status }

// reload takes over, when asked to, what can change while the server runs: limits, the log's level
// and the inspections of the file. A configuration with an error changes nothing.
func (p *parts) reload(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.o.Again:
		}
		if err := p.reloadOnce(ctx); err != nil {
			p.o.Logger.Error("the configuration was not taken over; the one before goes on", "error", err)
			continue
		}
		p.o.Logger.Info("the configuration was read again")
	}
}

func (p *parts) reloadOnce(ctx context.Context) error {
	if p.o.Reload == nil {
		return nil
	}
	c, err := p.o.Reload()
	if err != nil {
		return err
	}
	if err := p.applyFile(ctx, c.Inspections); err != nil {
		return err
	}
	p.limits.Store(&c.Server.Limits)
	if p.o.Level != nil {
		p.o.Level.Set(LevelOf(c.Server.Log))
	}
	return nil
}

// LevelOf is the level that a configuration names.
func LevelOf(l config.Log) slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(l.Level)); err != nil {
		return slog.LevelInfo // the configuration was checked
	}
	return level
}
