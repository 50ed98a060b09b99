package script

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Allowed says which servers scripts may call: the list that a configuration has. Nil allows none.
type Allowed struct {
	hosts    []allowedHost
	networks []netip.Prefix
}

// allowedHost is one entry with a name, a glob or an address.
type allowedHost struct {
	name    string     // lower case; a glob may be in it
	address netip.Addr // where the entry is one
	port    string     // empty: 80 of http and 443 of https; "*" is any
}

// ParseAllowed reads a list of HOST, HOST:PORT or HOST:*, where HOST is a name, a glob (*.example.com)
// or an address, and of networks (10.0.0.0/8): addresses in them may be called, and names that are
// allowed may lead there.
func ParseAllowed(list []string) (*Allowed, error) {
	a := &Allowed{}
	for _, entry := range list {
		text := strings.ToLower(strings.TrimSpace(entry))
		if network, err := netip.ParsePrefix(text); err == nil {
			a.networks = append(a.networks, network.Masked())
			continue
		}
		h := allowedHost{name: strings.Trim(text, "[]")}
		if _, err := netip.ParseAddr(h.name); err != nil {
			if host, port, err := net.SplitHostPort(text); err == nil {
				h.name, h.port = host, port
			}
		}
		h.name = strings.TrimSuffix(h.name, ".")
		if address, err := netip.ParseAddr(h.name); err == nil {
			h.address = address.Unmap().WithZone("")
		}
		if _, err := path.Match(h.name, ""); err != nil || h.name == "" || !isPort(h.port) || !h.address.IsValid() && strings.ContainsAny(h.name, "/:@ ") {
			return nil, fmt.Errorf("%q is no host that scripts may call: write HOST, HOST:PORT, a glob like *.example.com, or a network like 10.0.0.0/8", entry)
		}
		a.hosts = append(a.hosts, h)
	}
	return a, nil
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil || text == "" || text == "*"
}

var errNotAllowed = errors.New("not allowed")

// url says why an address may not be called.
func (a *Allowed) url(u *url.URL) error {
	port := u.Port()
	if port == "" {
		port = defaultPorts[u.Scheme]
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	address, err := netip.ParseAddr(host)
	address = address.Unmap().WithZone("")
	if err == nil && slices.ContainsFunc(a.networks, func(n netip.Prefix) bool { return n.Contains(address) }) {
		return nil
	}
	for _, h := range a.hosts {
		if !h.takesPort(port, port == defaultPorts[u.Scheme]) {
			continue
		}
		if h.address.IsValid() && err == nil && h.address == address {
			return nil
		}
		if matched, _ := path.Match(h.name, host); matched && !h.address.IsValid() && err != nil { // the pattern was tried when it was read
			return nil
		}
	}
	said := net.JoinHostPort(host, port)
	if len(a.hosts)+len(a.networks) == 0 {
		return fmt.Errorf("%s is %w: scripts may call no host until server.scripts.allow of the configuration names some", said, errNotAllowed)
	}
	return fmt.Errorf("%s is %w: server.scripts.allow of the configuration does not name it", said, errNotAllowed)
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

func (h allowedHost) takesPort(port string, isDefault bool) bool {
	return h.port == port || h.port == "*" || h.port == "" && isDefault
}

// metadata are services of clouds that give away what a machine may do.
var metadata = []netip.Prefix{
	netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("100.100.100.200/32"), netip.MustParsePrefix("192.0.0.192/32"), netip.MustParsePrefix("168.63.129.16/32"),
	netip.MustParsePrefix("fd00:ec2::254/128"), netip.MustParsePrefix("fd20:ce::254/128"),
}

// inner are further ranges that are not of the public internet, or lead back to ranges that are not.
var inner = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// dialed says why an address that a name led to may not be connected to. An entry of the list that
// is this address, or a network, lets it; the services of clouds only the former.
func (a *Allowed) dialed(to netip.AddrPort) error {
	address := to.Addr().Unmap().WithZone("")
	within := func(list []netip.Prefix) bool {
		return slices.ContainsFunc(list, func(n netip.Prefix) bool { return n.Contains(address) })
	}
	port := fmt.Sprint(to.Port())
	named := slices.ContainsFunc(a.hosts, func(h allowedHost) bool {
		return h.address == address && h.takesPort(port, port == "80" || port == "443")
	})
	switch {
	case named:
		return nil
	case within(metadata):
		return fmt.Errorf("it leads to %s, where clouds keep their machines' credentials: that is %w", address, errNotAllowed)
	case within(a.networks):
		return nil
	case address.IsLoopback(), address.IsPrivate(), address.IsUnspecified(), address.IsMulticast(), within(inner):
		return fmt.Errorf("it leads to %s, which is not of the public internet: that is %w until server.scripts.allow names the address or a network with it", address, errNotAllowed)
	}
	return nil
}
