// Package server puts the parts of `memseep serve` together: the only place that knows them all.
// In go a configuration and what the environment says of the first start; it runs until its context
// ends. Read Run in this file, then parts.go.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
)

// Options is what Run works with.
type Options struct {
	Config config.Config
	// Reload reads the configuration again; each signal on Again asks for it. nil reads nothing.
	Reload func() (config.Config, error)
	Again  <-chan struct{}
	// First is what the first start takes from the environment, SecretKey what seals credentials.
	First     auth.Environment
	SecretKey string

	Stdout  io.Writer // where secrets that were made are printed, once, and the address
	Level   *slog.LevelVar
	Logger  *slog.Logger
	Clock   func() time.Time // nil is time.Now
	Version string
	Ready   func(url string) // told once it listens; nil is nobody
}

// stopTimeout is how long the end of the server may take: runs give their work back, requests end.
const stopTimeout = 25 * time.Second

// Run serves until ctx ends, and then ends in order: no new requests, work in progress given back,
// stores closed. The error says what kept it from starting or from going on.
func Run(ctx context.Context, o Options) (err error) {
	p, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Config.Server.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: choose another address by --listen: %w", o.Config.Server.Listen, err)
	}
	if err := p.schedule.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	return p.serve(ctx, listener)
}

// The limits of connections. Long answers (streams, exports, queries) free themselves of theirs.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 2 * time.Minute
	answerTimeout = 2 * time.Minute
	idleTimeout   = 3 * time.Minute
	headerBytes   = 64 << 10
)

// serve answers requests, and keeps what runs beside them, until ctx ends.
func (p *parts) serve(ctx context.Context, listener net.Listener) error {
	beside, endBeside := context.WithCancel(context.WithoutCancel(ctx))
	p.besides(beside)
	web := &http.Server{
		Handler:           p.handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       bodyTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(p.o.Logger.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	p.running.Go(func() {
		tls := p.o.Config.Server.TLS
		if tls.CertFile != "" {
			failed <- web.ServeTLS(listener, tls.CertFile, tls.KeyFile)
			return
		}
		failed <- web.Serve(listener)
	})
	p.announce(listener.Addr())
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		err = fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	}
	p.o.Logger.Info("the server ends: work in progress is given back")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	p.hub.Close()
	endBeside()
	// A run in progress is given back before the listener's end is waited for: that may take long.
	err = errors.Join(err, p.schedule.Stop(last))
	if stopErr := web.Shutdown(last); stopErr != nil {
		err = errors.Join(err, web.Close())
	}
	p.running.Wait()
	return err
}

// showMade prints the secrets that the first start has made as soon as they are kept: whatever keeps the
// server from going on, they are never shown again.
func (p *parts) showMade() {
	for _, m := range p.first.Made {
		fmt.Fprintf(p.o.Stdout, "%s: %s\n", m.What, m.Secret)
	}
	if len(p.first.Made) > 0 {
		fmt.Fprintln(p.o.Stdout, "These are shown this once. Sign in as admin.")
	}
}

// announce says where the server is.
func (p *parts) announce(at net.Addr) {
	here, elsewhere := openable(at.String())
	url := p.scheme() + here
	fmt.Fprintf(p.o.Stdout, "memseep listens on %s\n", url)
	if elsewhere != "" {
		fmt.Fprintf(p.o.Stdout, "From other machines: %s%s\n", p.scheme(), elsewhere)
	}
	p.o.Logger.Info("listening", "url", url, "data", p.o.Config.Server.Data, "version", p.o.Version)
	if p.o.Ready != nil {
		p.o.Ready(url)
	}
}

// about is what the API tells of the server.
func (p *parts) about() api.About {
	s := p.o.Config.Server
	about := api.About{
		Version: p.o.Version, GoVersion: goVersion(), StartedAt: p.o.Clock().UTC(), ExternalURL: p.externalURL(),
		State: p.db.Dialect(), Store: "embedded", Agent: s.Agent,
	}
	if s.Store.Remote() {
		about.Store = "remote"
	}
	return about
}
