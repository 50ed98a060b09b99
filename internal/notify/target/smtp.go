package target

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strings"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// scanning is how many times as long as another target a mail server may take for its answer to a mail: many look into
// it before they take it, and whoever leaves earlier sends it again though it was taken.
const scanning = 3

// Send reaches the server, signs in, names sender and recipients, and has the server wait for the mail before that may
// leave. A recipient that is refused keeps it from no other: the answer names those that were.
func (b *mailbox) Send(ctx context.Context, m Message) (Answer, error) {
	message, err := b.message(&m)
	if err != nil {
		return Answer{}, refused(Answer{}, err.Error())
	}
	client, hangUp, err := b.connect(ctx)
	if err != nil {
		return b.failed(ctx, err)
	}
	defer hangUp()
	refusals, err := address(client, message)
	if err != nil {
		return b.failed(ctx, err)
	}
	said, err := hand(ctx, client, message)
	if err != nil {
		return b.failed(ctx, err)
	}
	_ = client.Text.PrintfLine("QUIT") // nobody waits for its answer: the mail was taken
	a := Answer{Status: 250, Body: oneLine("250 " + said)}
	if len(refusals) > 0 {
		a.Body += "; not to " + strings.Join(refusals, "; ")
	}
	return a, nil
}

// connect dials, encrypts and signs in.
func (b *mailbox) connect(ctx context.Context) (c *smtp.Client, hangUp func(), err error) {
	var conn net.Conn
	client, err := b.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		conn, err = b.dial(ctx, network, address)
		return conn, err
	})
	if err != nil {
		return nil, nil, refused(Answer{}, "the settings of the server: "+err.Error())
	}
	c, err = client.DialToSMTPClientWithContext(ctx)
	if err == nil {
		err = c.UpdateDeadline(scanning * b.net.timeout())
	}
	if err != nil {
		if conn != nil { // the library leaves it open where it is not let in
			_ = conn.Close()
		}
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	return c, func() { stop(); _ = conn.Close() }, nil
}

// address names the sender and the recipients, and says which of those are refused; it is an error where all are.
func address(c *smtp.Client, message *mail.Msg) (refusals []string, err error) {
	from, err := message.GetSender(false)
	if err != nil {
		return nil, err
	}
	to, err := message.GetRecipients()
	if err != nil {
		return nil, err
	}
	if err := c.Mail(from); err != nil {
		return nil, err
	}
	var last error
	for _, one := range to {
		var said *textproto.Error
		switch err := c.Rcpt(one); {
		case errors.As(err, &said):
			last = err
			refusals = append(refusals, strings.Trim(one, "<>")+": "+oneLine(err.Error()))
		case err != nil:
			return nil, err
		}
	}
	if len(refusals) == len(to) {
		return nil, last
	}
	return refusals, nil
}

// hand hands the mail over, and returns what the server said to it. Where that fails midway the connection has to be
// closed and nothing else: a server drops a mail whose end it has not seen.
func hand(ctx context.Context, c *smtp.Client, message *mail.Msg) (string, error) {
	w, err := c.Data()
	if err != nil {
		return "", err
	}
	if !mayLeave(ctx) {
		return "", errStays
	}
	if _, err := message.WriteTo(w); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if said, ok := w.(interface{ ServerResponse() string }); ok {
		return said.ServerResponse(), nil
	}
	return "", nil
}

func (b *mailbox) client(dial mail.DialContextFunc) (*mail.Client, error) {
	options := []mail.Option{
		mail.WithPort(b.port), mail.WithTimeout(b.net.timeout()), mail.WithTLSConfig(b.net.tls(b.host)), mail.WithDialContextFunc(dial),
	}
	switch b.encryption {
	case "starttls":
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "tls": // dial makes it; the library sees that it is there, and the server offers no STARTTLS
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if b.user != "" && b.password != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(b.user), mail.WithPassword(b.password))
	}
	return mail.NewClient(b.host, options...)
}

// dial checks the address, which the library's own dialler would not.
func (b *mailbox) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if b.encryption == "tls" {
		return (&tls.Dialer{NetDialer: b.net.dialer(), Config: b.net.tls(b.host)}).DialContext(ctx, network, address)
	}
	return b.net.dialer().DialContext(ctx, network, address)
}

// failed sorts what a server of SMTP says: 4xx may pass, 5xx does not (RFC 5321, 4.2.1).
func (b *mailbox) failed(ctx context.Context, err error) (Answer, error) {
	var ours *Error
	if errors.As(err, &ours) {
		return ours.Answer, ours
	}
	var said *textproto.Error
	var a Answer
	if errors.As(err, &said) {
		a = Answer{Status: said.Code, Body: oneLine(err.Error())}
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return a, ctx.Err()
	case ctx.Err() != nil:
		return a, unreachable(ctx.Err())
	case a.Status >= 500 && a.Status < 600:
		return a, refused(a, "the mail server refused it: "+a.Body)
	case a.Status >= 400:
		return a, later(a, "the mail server asks to wait: "+a.Body)
	}
	return a, unreachable(err)
}
