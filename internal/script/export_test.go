package script

import (
	"net/netip"
	"net/url"
	"testing"
)

// MayCall tells whether a list lets an address be called, where its name leads to leads.
func MayCall(t *testing.T, list []string, address, leads string) bool {
	t.Helper()
	a, err := ParseAllowed(list)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return a.url(u) == nil && a.dialed(netip.MustParseAddrPort(leads)) == nil
}
