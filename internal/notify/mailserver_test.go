package notify

import (
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// MailServer takes mail without encryption, and remembers what it took.
type MailServer struct {
	Settings map[string]string // of a target that sends to it

	mu    sync.Mutex
	stage func(stage string) error // "greeted", "recipient" or "data"; what it does there; several mails may come at once
	took  []string
}

// NewMailServer starts one that lives as long as the test.
func NewMailServer(t testing.TB, stage func(stage string) error) *MailServer {
	t.Helper()
	m := &MailServer{stage: stage}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return m, m.at("greeted") }))
	server.Domain, server.ErrorLog = "mail.example.org", silent{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) }) // it ends with Close
	t.Cleanup(func() { _ = server.Close(); serving.Wait() })
	m.Settings = map[string]string{
		"host": "127.0.0.1", "port": strconv.Itoa(listener.Addr().(*net.TCPAddr).Port), "tls": "none", "from": "memseep@example.org", "to": "ann@example.org",
	}
	return m
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

func (m *MailServer) at(stage string) error {
	if m.stage == nil {
		return nil
	}
	return m.stage(stage)
}

// Mail, Rcpt, Data, Reset and Logout are a session's.
func (m *MailServer) Mail(string, *smtp.MailOptions) error { return nil }

func (m *MailServer) Rcpt(string, *smtp.RcptOptions) error { return m.at("recipient") }

func (m *MailServer) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.took = append(m.took, string(text))
	m.mu.Unlock()
	return m.at("data")
}

func (m *MailServer) Reset()        {}
func (m *MailServer) Logout() error { return nil }

// Took is the mail that came.
func (m *MailServer) Took() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.took...)
}
