package target

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"net"
	"net/http/httptest"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

var telegramTag = regexp.MustCompile(`<[^>]*>`)

const smtpPassword = "smtp-password"

// emailSide is a server of SMTP with STARTTLS, which wants a user and takes mail for example.org.
func emailSide(t *testing.T) *otherSide { return smtpSide(t, "starttls") }

func smtpSide(t *testing.T, encryption string) *otherSide {
	t.Helper()
	s := &otherSide{net: network(), limit: 8, says: []string{"[紧急] 主机 web-1", "71.2 %", "https://memseep.example/events/1", "cid"}, saysEnd: []string{"已恢复"}, saysLong: []string{"https://memseep.example/events/1"}}
	s.says = s.says[:3]
	s.fault.Store("")
	gone := make(chan struct{})
	certificate := selfSigned(t)
	s.roots = x509.NewCertPool()
	s.roots.AddCert(certificate.Leaf)
	s.net.Roots = s.roots
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		if s.fault.Load() == "slow" {
			<-gone
		}
		return &smtpSession{side: s}, nil
	}))
	server.Domain, server.MaxMessageBytes, server.ReadTimeout = "mail.example.org", 4<<20, 10*time.Second
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.ErrorLog = quiet{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if encryption == "tls" {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) }) // it ends with Close
	s.stop = sync.OnceFunc(func() { close(gone); _ = listener.Close(); _ = server.Close(); serving.Wait() })
	t.Cleanup(s.stop)
	port := listener.Addr().(*net.TCPAddr).Port
	s.settings = Settings{
		"host": "127.0.0.1", "port": strconv.Itoa(port), "tls": encryption, "user": "memseep", "password": smtpPassword,
		"from": "memseep <memseep@example.org>", "to": "infra@example.org, ann@example.org",
	}
	s.wrong = Settings{"password": "wrong-password"}
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// selfSigned borrows the certificate that Go's tests serve with; it is of 127.0.0.1.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	certificate := server.TLS.Certificates[0]
	certificate.Leaf = server.Certificate()
	return certificate
}

type smtpSession struct {
	side   *otherSide
	signed bool
	to     []string
}

// recipients are those of the mail that comes now.
func (s *otherSide) recipients() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.to
}

func (s *smtpSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "memseep" || password != smtpPassword {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "authentication failed for " + password}
		}
		s.signed = true
		return nil
	}), nil
}

func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	switch {
	case s.side.fault.Load() == "broken":
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later"}
	case s.side.count() >= s.side.limit:
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "too many messages"}
	case !s.signed:
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "authentication required"}
	}
	return nil
}

func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !strings.HasSuffix(to, "@example.org") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	s.to = append(s.to, "<"+to+">")
	s.side.mu.Lock()
	defer s.side.mu.Unlock()
	s.side.to = s.to
	return nil
}

func (s *smtpSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	text, err := readable(raw)
	if err != nil {
		return err
	}
	s.side.take(text + "for " + strings.Join(s.to, " ") + "\n")
	return nil
}

func (s *smtpSession) Reset()        {}
func (s *smtpSession) Logout() error { return nil }

// readable is a mail's subject and the parts that are text, decoded; where it is no mail, an error.
func readable(raw []byte) (string, error) {
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return "", err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return "", err
	}
	if m.Header.Get("Message-Id") == "" || m.Header.Get("Date") == "" || m.Header.Get("Auto-Submitted") != "auto-generated" {
		return "", errors.New("a header is missing")
	}
	text := "Subject: " + subject + "\nMessage-ID: " + m.Header.Get("Message-Id") + "\nReferences: " + m.Header.Get("References") + "\n"
	return text + parts(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body), nil
}

func TestEmailHasTextHTMLAndThePicture(t *testing.T) {
	for _, encryption := range []string{"starttls", "tls"} {
		s := smtpSide(t, encryption)
		m := message("n1")
		m.Picture = []byte("\x89PNG\r\n\x1a\n not much of a picture")
		if _, err := s.send(t, email, m); err != nil {
			t.Fatal(err)
		}
		s.wantText(t, []string{
			"Message-ID: <n1@example.org>", "References: <event-1@example.org>", "text/plain", "text/html", "image/png", "<curve.png>",
			"保留 java 的堆转储 & 重启 <java>", "重启 &lt;java&gt;", `src="cid:curve.png" alt="内存用量、底线与预测"`, "PNG",
		})
	}
}

// A mailbox that is gone keeps the mail from nobody else.
func TestEmailGoesToThoseWhoAreTaken(t *testing.T) {
	s := emailSide(t)
	s.settings["to"] = "ann@example.org, gone@elsewhere.example, bob@example.org, ann@example.org"
	a, err := s.send(t, email, message("n1"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != 250 || !strings.Contains(a.Body, "not to gone@elsewhere.example: ") || !strings.Contains(a.Body, "no such user") {
		t.Errorf("the answer is %+v", a)
	}
	s.wantTaken(t, 1)
	s.wantText(t, []string{"for <ann@example.org> <bob@example.org>"})
}

// Whoever keeps that a mail is on its way is asked when its recipients are taken, and no sooner.
func TestAMailMayLeaveWhenItsRecipientsAreTaken(t *testing.T) {
	for _, may := range []bool{true, false} {
		s := emailSide(t)
		asked := 0
		ctx := Leaving(t.Context(), func() bool {
			asked++
			if len(s.recipients()) != 2 {
				t.Errorf("it is asked when %q are taken", s.recipients())
			}
			return may
		})
		to, err := email.Open(s.settings, s.net)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Send(ctx, message("n1")); (err == nil) != may {
			t.Errorf("where it may leave %v: %v", may, err)
		}
		if asked != 1 || (s.count() == 1) != may {
			t.Errorf("where it may leave %v: asked %d times, %d came", may, asked, s.count())
		}
	}
}

func TestAMessageIDHasTheDomainOfTheSender(t *testing.T) {
	s := emailSide(t)
	s.settings["from"] = `"leaks@night" <memseep@mail.example.org>`
	if _, err := s.send(t, email, message("n1")); err != nil {
		t.Fatal(err)
	}
	s.wantText(t, []string{"Message-ID: <n1@mail.example.org>"})
}

func TestEmailRefusesARecipientForGood(t *testing.T) {
	s := emailSide(t)
	s.settings["to"] = "nobody@elsewhere.example"
	a, err := s.send(t, email, message("n1"))
	s.wantError(t, err, false)
	if a.Status != 550 {
		t.Errorf("the answer is %+v", a)
	}
}

func TestEmailNeedsEncryptionForAPassword(t *testing.T) {
	s := emailSide(t)
	s.settings["tls"] = "none"
	if _, err := email.Open(s.settings, s.net); err == nil {
		t.Error("a password would be sent in the clear")
	}
}
