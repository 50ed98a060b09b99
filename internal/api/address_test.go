package api

import (
	"strings"
	"testing"
)

// A source may lie in a private network, and never where a cloud answers with its machines'
// credentials, whatever name leads there.
func TestReachableAddresses(t *testing.T) {
	for _, c := range []struct {
		name, url, dialed string
		private           bool
		refused           string // part of the reason; empty where it may be asked
	}{
		{"a name", "http://prometheus:9090", "10.0.0.7:9090", true, ""},
		{"loopback", "http://127.0.0.1:9090/prefix", "127.0.0.1:9090", true, ""},
		{"loopback where none is allowed", "http://127.0.0.1:9090", "127.0.0.1:9090", false, "private"},
		{"private where none is allowed", "http://[fd00::1]:9090", "[fd00::1]:9090", false, "private"},
		{"public", "https://metrics.example.com", "93.184.216.34:443", false, ""},
		{"metadata of most clouds", "http://169.254.169.254/latest", "169.254.169.254:80", true, "link-local"},
		{"the same as IPv6", "http://[::ffff:169.254.169.254]/", "[::ffff:169.254.169.254]:80", true, "link-local"},
		{"metadata of Amazon by IPv6", "http://[fd00:ec2::254]/", "[fd00:ec2::254]:80", true, "metadata"},
		{"metadata of Alibaba", "http://100.100.100.200/", "100.100.100.200:80", true, "metadata"},
		{"link-local by IPv6 with a zone", "http://[fe80::1%25eth0]/", "[fe80::1%eth0]:80", true, "link-local"},
		{"metadata by NAT64", "http://[64:ff9b::a9fe:a9fe]/", "[64:ff9b::a9fe:a9fe]:80", true, "link-local"},
		{"metadata by 6to4", "http://[2002:a9fe:a9fe::1]/", "[2002:a9fe:a9fe::1]:80", true, "link-local"},
		{"metadata in an address that is compatible with IPv4", "http://[::a9fe:a9fe]/", "[::a9fe:a9fe]:80", true, "link-local"},
		{"private by NAT64 where none is allowed", "http://[64:ff9b::10.0.0.1]/", "[64:ff9b::a00:1]:80", false, "private"},
		{"a carrier's where none is allowed", "http://100.64.0.1/", "100.64.0.1:80", false, "private"},
		{"this network", "http://0.1.2.3/", "0.1.2.3:80", true, "unspecified"},
		{"everybody", "http://255.255.255.255/", "255.255.255.255:80", true, "unspecified"},
		{"public by NAT64", "http://[64:ff9b::5db8:d822]/", "[64:ff9b::5db8:d822]:80", false, ""},
		{"nowhere", "http://0.0.0.0/", "0.0.0.0:80", true, "unspecified"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Reachable{Private: c.private}
			for what, err := range map[string]error{"address": r.CheckURL(c.url), "connection": r.Dialed("tcp", c.dialed, nil)} {
				if (err != nil) != (c.refused != "") || err != nil && !strings.Contains(err.Error(), c.refused) {
					t.Errorf("%s: %v, want a refusal with %q", what, err, c.refused)
				}
			}
		})
	}
	for url, reason := range map[string]string{
		"file:///etc/passwd": "is not an address", "gopher://h/": "http://", "http://me:secret@h/": "user or password",
		"http://h/?token=x": "query", "prometheus:9090": "not an address",
	} {
		if err := (Reachable{Private: true}).CheckURL(url); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v", url, err)
		}
	}
}
