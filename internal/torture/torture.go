// Package torture treats real servers badly, and tells what they have lost.
//
// In go the binary and where its state lies; it is killed at random moments under load, or robbed of
// its database, its metrics store or its disk; out comes what of all that it has acknowledged is not
// there any more. Read campaign.go first, then book.go (what has to stay) and fleet.go (what is sent).
package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/memseep/memseep/internal/api/client"
)

// The keys of each server's first start.
const (
	IngestKey = "ingest:ingest-secret-of-the-torture"
	AdminKey  = "admin:admin-secret-of-the-torture"
)

// Options says how a server is started.
type Options struct {
	Binary string // memseep
	Dir    string // of its own: data, configuration and log
	Listen string // 127.0.0.1:PORT
	State  string // postgres://… ; empty is SQLite in the directory
	Remote string // address of a VictoriaMetrics that keeps the metrics; empty keeps them in the directory
	Data   string // data directory; empty is one in Dir

	Workers, ChunkHosts int // 0 is the server's default
}

// Server is one process of memseep serve, which may be killed and started again.
type Server struct {
	o       Options
	URL     string
	Client  *client.Client // with the key of the administrator
	process *exec.Cmd
	ended   chan struct{} // closed when the process has
}

// New prepares a server; nothing runs yet.
func New(o Options) (*Server, error) {
	s := &Server{o: o, URL: "http://" + o.Listen}
	if s.o.Data == "" {
		s.o.Data = filepath.Join(o.Dir, "data")
	}
	var err error
	if s.Client, err = client.New(s.URL, AdminKey); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of a server: %w", err)
	}
	if err := os.WriteFile(s.config(), []byte(s.settings()), 0o600); err != nil {
		return nil, fmt.Errorf("write the configuration of a server: %w", err)
	}
	return s, nil
}

func (s *Server) config() string { return filepath.Join(s.o.Dir, "memseep.yaml") }

// LogFile is what all processes of the server have written.
func (s *Server) LogFile() string { return filepath.Join(s.o.Dir, "log") }

func (s *Server) settings() string {
	text := fmt.Sprintf("server:\n  agent: false\n  data: %q\n  listen: %q\n", s.o.Data, s.o.Listen)
	if s.o.State != "" {
		text += fmt.Sprintf("  state: {url: %q}\n", s.o.State)
	}
	if s.o.Remote != "" {
		text += fmt.Sprintf("  store: {write_url: %q, read_url: %q}\n", s.o.Remote+"/api/v1/write", s.o.Remote)
	}
	return text + fmt.Sprintf("  log: {level: warn}\n  limits: {samples_per_second: -1}\n  schedule: {workers: %d, chunk_hosts: %d}\n", s.o.Workers, s.o.ChunkHosts)
}

// Start starts the process; it is not ready yet.
func (s *Server) Start() error {
	log, err := os.OpenFile(s.LogFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log of a server: %w", err)
	}
	defer func() { _ = log.Close() }() // the process has it
	cmd := exec.Command(s.o.Binary, "serve", "--config", s.config())
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = s.o.Dir, log, log, dieWithParent()
	cmd.Env = append(os.Environ(), "MEMSEEP_INGEST_KEY="+IngestKey, "MEMSEEP_ADMIN_KEY="+AdminKey, "MEMSEEP_ADMIN_PASSWORD=a password of the torture")
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start a server: %w", err)
	}
	ended := make(chan struct{})
	s.process, s.ended = cmd, ended
	go func() { // ends with the process, which Kill and End wait for
		defer close(ended)
		_ = cmd.Wait() // how it ended is in the log
	}()
	return nil
}

// Kill kills the process as kill -9 does, and waits for its end.
func (s *Server) Kill() {
	if s.process != nil {
		_ = s.process.Process.Kill() // it may have ended
		<-s.ended
	}
}

// endTimeout is longer than a server takes to give its work back.
const endTimeout = 40 * time.Second

// End asks the process to end in order, and waits for it.
func (s *Server) End() error {
	if s.process == nil {
		return nil
	}
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-s.ended:
		return nil
	case <-time.After(endTimeout):
		s.Kill()
		return fmt.Errorf("the server did not end within %s", endTimeout)
	}
}

// Ready tells whether it answers that it is.
func (s *Server) Ready(ctx context.Context) bool {
	status, _, err := s.get(ctx, "/readyz")
	return err == nil && status == http.StatusOK
}

// readyTimeout is how long a start may take on a machine that is busy.
const readyTimeout = 3 * time.Minute

// AwaitReady waits until the server can be used. The error has the end of its log.
func (s *Server) AwaitReady(ctx context.Context) error {
	err := Within(ctx, readyTimeout, func() bool {
		select {
		case <-s.ended:
			return true
		default:
			return s.Ready(ctx)
		}
	})
	select {
	case <-s.ended:
		err = errors.New("it ended")
	default:
	}
	if err != nil {
		return fmt.Errorf("the server did not become ready: %w\n%s", err, s.LogTail())
	}
	return nil
}

// LogTail is the end of the log.
func (s *Server) LogTail() string {
	const most = 8 << 10
	text, err := os.ReadFile(s.LogFile())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}

// Get asks for one of the addresses that are no part of the API, with the administrator's key.
func (s *Server) Get(ctx context.Context, path string) (status int, body string, err error) {
	return s.get(ctx, path)
}

// requestTimeout bounds one request.
const requestTimeout = 30 * time.Second

func (s *Server) get(ctx context.Context, path string) (int, string, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Authorization", "Bearer "+AdminKey)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

// lookEvery is the pause between two looks at a condition.
const lookEvery = 20 * time.Millisecond

// Within waits until a condition holds, at most so long.
func Within(ctx context.Context, most time.Duration, holds func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	for tick := time.NewTicker(lookEvery); ; {
		if holds() {
			tick.Stop()
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			tick.Stop()
			return fmt.Errorf("not within %s", most)
		}
	}
}
