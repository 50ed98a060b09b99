package api

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"syscall"
)

// Reachable says which addresses a source may lie on: link-local ones, where clouds answer with
// their machines' credentials, never; loopback and private ones where private is true.
type Reachable struct{ Private bool }

// CheckURL refuses an address that Dialed would refuse, as far as it shows without asking DNS.
func (r Reachable) CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return fmt.Errorf("%q is not an address: write it as http(s)://host:port[/prefix] of a server", text)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("the address has to begin with http:// or https://, not with %s", u.Scheme)
	case u.User != nil:
		return fmt.Errorf("the address must not hold a user or password: give them as credentials, which are kept sealed")
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("the address must not have a query or a fragment")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		return r.check(ip)
	}
	return nil
}

// Dialed is the Control of a net.Dialer: it sees the address that is connected to, whatever name
// led there.
func (r Reachable) Dialed(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", address, err)
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", address, err)
	}
	return r.check(ip)
}

// Metadata services that do not lie on link-local addresses.
var metadata = []netip.Addr{
	netip.MustParseAddr("100.100.100.200"), // Alibaba Cloud
	netip.MustParseAddr("192.0.0.192"),     // Oracle Cloud
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("fd00:ec2::254"),   // Amazon
	netip.MustParseAddr("fd20:ce::254"),    // Google
}

// Ranges that are no public ones, which netip does not know.
var (
	thisNetwork = netip.MustParsePrefix("0.0.0.0/8")
	broadcast   = netip.MustParseAddr("255.255.255.255")
	carrier     = netip.MustParsePrefix("100.64.0.0/10") // RFC 6598
)

func (r Reachable) check(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if inner, carries := carried(ip); carries {
		if err := r.check(inner); err != nil {
			return fmt.Errorf("%s may not be asked, since it leads on: %w", ip, err)
		}
	}
	switch {
	case ip.IsLinkLocalUnicast(), ip.IsMulticast(), ip.IsUnspecified(), thisNetwork.Contains(ip), ip == broadcast:
		return fmt.Errorf("%s may not be asked: it is link-local, multicast or unspecified", ip)
	case !r.Private && (ip.IsPrivate() || ip.IsLoopback() || carrier.Contains(ip)):
		return fmt.Errorf("%s may not be asked: it is private, and server.allow_private is false", ip)
	}
	for _, m := range metadata {
		if ip == m {
			return fmt.Errorf("%s may not be asked: a cloud's metadata service answers there", ip)
		}
	}
	return nil
}

// Networks of IPv6 whose addresses carry one of IPv4, with the byte at which it begins.
var carriers = map[netip.Prefix]int{
	netip.MustParsePrefix("::/96"):          12, // IPv4-compatible
	netip.MustParsePrefix("64:ff9b::/96"):   12, // NAT64
	netip.MustParsePrefix("64:ff9b:1::/48"): 12, // NAT64 of a network's own
	netip.MustParsePrefix("2002::/16"):      2,  // 6to4
}

// carried is the address of IPv4 that translators and tunnels take out of one of IPv6.
func carried(ip netip.Addr) (inner netip.Addr, carries bool) {
	if ip.Is4() || ip.IsLoopback() || ip.IsUnspecified() {
		return inner, false
	}
	for network, at := range carriers {
		if network.Contains(ip) {
			b := ip.As16()
			return netip.AddrFrom4([4]byte(b[at : at+4])), true
		}
	}
	return inner, false
}
