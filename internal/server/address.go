package server

import (
	"net"
	"net/netip"
	"os"
	"strings"
)

// openable is an address that a browser can open: ADDRESS:PORT to listen on may name every address of
// the machine (0.0.0.0, [::] or none), which is none to go to. elsewhere is for other machines, by the
// machine's own name; empty where the address says itself who may come.
func openable(listen string) (here, elsewhere string) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen, ""
	}
	if ip, err := netip.ParseAddr(host); host != "" && (err != nil || !ip.IsUnspecified()) {
		return listen, ""
	}
	here = net.JoinHostPort("localhost", port)
	if name, err := os.Hostname(); err == nil && name != "" {
		elsewhere = net.JoinHostPort(name, port)
	}
	return here, elsewhere
}

// scheme is http:// or https://, as the server is configured.
func (p *parts) scheme() string {
	if p.o.Config.Server.TLS.CertFile != "" {
		return "https://"
	}
	return "http://"
}

// externalURL is what links in messages begin with.
func (p *parts) externalURL() string {
	if set := p.o.Config.Server.ExternalURL; set != "" {
		return strings.TrimSuffix(set, "/")
	}
	here, elsewhere := openable(p.o.Config.Server.Listen)
	if elsewhere != "" {
		here = elsewhere
	}
	return p.scheme() + here
}
