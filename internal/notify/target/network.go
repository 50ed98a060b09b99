package target

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Network is how targets are reached. Addresses come from users: each is checked when it is dialled,
// after its name was resolved, so that no name leads to where it must not.
type Network struct {
	AllowPrivate  bool           // RFC 1918, RFC 4193, RFC 6598: a company's own
	AllowLoopback bool           // this machine
	Roots         *x509.CertPool // that sign certificates; nil is the system's
	Timeout       time.Duration  // of one message; 0 is 15 s
	Clock         func() time.Time
}

func (n Network) timeout() time.Duration {
	if n.Timeout <= 0 {
		return 15 * time.Second
	}
	return n.Timeout
}

func (n Network) now() time.Time {
	if n.Clock == nil {
		return time.Now()
	}
	return n.Clock()
}

// errBlocked is an address that must not be dialled.
var errBlocked = errors.New("must not be reached from here")

// never are ranges that no option opens: metadata services of clouds among them.
var never = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"),     // link-local, 169.254.169.254 and 169.254.170.2
	netip.MustParsePrefix("100.100.100.200/32"), // metadata of Alibaba Cloud
	netip.MustParsePrefix("192.0.0.192/32"),     // metadata of Oracle Cloud
	netip.MustParsePrefix("168.63.129.16/32"),   // Azure's platform
	netip.MustParsePrefix("fd00:ec2::254/128"),  // metadata of AWS
	netip.MustParsePrefix("fd20:ce::254/128"),   // metadata of Google Cloud
	netip.MustParsePrefix("255.255.255.255/32"), // broadcast
	netip.MustParsePrefix("64:ff9b:1::/48"),     // local translation to IPv4
}

var carrier = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598

// Ranges whose addresses hold one of IPv4, which is where they lead: from which byte on.
var embedding = map[netip.Prefix]int{
	netip.MustParsePrefix("64:ff9b::/96"): 12, // NAT64, RFC 6052
	netip.MustParsePrefix("2002::/16"):    2,  // 6to4, RFC 3056
	netip.MustParsePrefix("::/96"):        12, // IPv4-compatible, RFC 4291
}

// inner is the address of IPv4 that one of IPv6 leads to, the address itself elsewhere.
func inner(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	for prefix, at := range embedding {
		if a.Is6() && prefix.Contains(a) && !a.IsUnspecified() && !a.IsLoopback() {
			bytes := a.As16()
			return netip.AddrFrom4([4]byte(bytes[at : at+4]))
		}
	}
	return a
}

// check says why an address must not be dialled.
func (n Network) check(address netip.Addr) error {
	a := inner(address)
	var why string
	switch {
	case a.IsLinkLocalUnicast(), a.IsMulticast(), a.IsUnspecified(), isNever(a):
		why = "it is link-local or a cloud's metadata service"
	case a.IsLoopback() && !n.AllowLoopback:
		why = "it is this machine; an administrator can allow that"
	case (a.IsPrivate() || carrier.Contains(a)) && !n.AllowPrivate:
		why = "it is private; an administrator can allow that"
	default:
		return nil
	}
	return fmt.Errorf("address %s %w: %s", a, errBlocked, why)
}

func isNever(a netip.Addr) bool {
	for _, p := range never {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// dialer dials what may be dialled.
func (n Network) dialer() *net.Dialer {
	return &net.Dialer{
		Timeout: n.timeout(),
		Control: func(_, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return fmt.Errorf("address %q: %w", address, err)
			}
			return n.check(to.Addr())
		},
	}
}

func (n Network) tls(host string) *tls.Config {
	return &tls.Config{RootCAs: n.Roots, ServerName: host, MinVersion: tls.VersionTLS12}
}

// maxRedirects is how often a target may point elsewhere.
const maxRedirects = 3

// client asks without a proxy of the environment: the addresses would be checked by nobody then.
// Connections are not kept: messages are rare.
func (n Network) client() *http.Client {
	return &http.Client{
		Timeout: n.timeout(),
		Transport: &http.Transport{
			DialContext: n.dialer().DialContext, TLSClientConfig: n.tls(""), TLSHandshakeTimeout: n.timeout(),
			DisableKeepAlives: true, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			switch first := via[0]; {
			case len(via) > maxRedirects:
				return fmt.Errorf("it was sent elsewhere more than %d times", maxRedirects)
			case r.Method != first.Method:
				return errors.New("it points elsewhere in a way that drops the message (301 to 303): write the final address")
			case first.URL.Scheme == "https" && r.URL.Scheme != "https":
				return errors.New("it points from https to http")
			case r.URL.Host != first.URL.Host:
				return errors.New("it points to another host: write the final address")
			}
			return nil
		},
	}
}

// webAddress checks an address of HTTP that a user has written.
func webAddress(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("the address is none: write it as https://host/path")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, errors.New("the address has to begin with https:// or http:// and name a host")
	}
	return u, nil
}

// unreachable explains why there was no answer, without the address and what stands in it.
func unreachable(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	var (
		unknown   x509.UnknownAuthorityError
		wrongName x509.HostnameError
		invalid   x509.CertificateInvalidError
		dns       *net.DNSError
		timeout   interface{ Timeout() bool }
	)
	switch {
	case errors.Is(err, errBlocked):
		return refused(Answer{}, reason(err))
	case errors.Is(err, context.Canceled):
		return err // whoever sends is being stopped; this is no failure of the target
	case errors.As(err, &unknown):
		return later(Answer{}, "its certificate is signed by nobody who is trusted here")
	case errors.As(err, &wrongName), errors.As(err, &invalid):
		return later(Answer{}, "its certificate is wrong: "+reason(err))
	case errors.As(err, &dns) && dns.IsNotFound:
		return later(Answer{}, "no such host "+dns.Name)
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return later(Answer{}, "it did not answer in time")
	}
	return later(Answer{}, reason(err))
}

// reason is the text of an error without the names of Go's layers around a refused address.
func reason(err error) string {
	text := err.Error()
	if i := strings.Index(text, "address "); i >= 0 && errors.Is(err, errBlocked) {
		return text[i:]
	}
	return text
}
