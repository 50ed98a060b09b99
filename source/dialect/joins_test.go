package dialect

import "testing"

func TestStripPort(t *testing.T) {
	for address, want := range map[string]string{
		"web-1":                        "web-1",
		"web-1:9100":                   "web-1",
		"10.0.0.5:9100":                "10.0.0.5",
		"[2001:db8::1]:9100":           "2001:db8::1",
		"2001:db8::1":                  "2001:db8::1",
		"http://web-1:9100/metrics":    "web-1",
		"https://[2001:db8::1]:9/":     "2001:db8::1",
		"zone:rack":                    "zone:rack",
		"shop/cart":                    "shop/cart",
		":9100":                        ":9100",
		"web-1:":                       "web-1:",
		"[":                            "[",
		"web-1.example.com:1234567890": "web-1.example.com:1234567890",
	} {
		if got := stripPort(address); got != want {
			t.Errorf("stripPort(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestNamesOfOneHostAreJoined(t *testing.T) {
	uname := func(instance, nodename string) Labels {
		return Labels{{"__name__", "node_uname_info"}, {"instance", instance}, {"nodename", nodename}}
	}
	kube := func(node, ip string) Labels {
		return Labels{{"__name__", "kube_node_info"}, {"node", node}, {"internal_ip", ip}, {"instance", "10.9.9.9:8080"}}
	}
	for _, c := range []struct {
		name   string
		series []Labels
		want   map[string]string // value of a label → host
	}{
		{"nothing known", nil, map[string]string{"10.0.0.5:9100": "10.0.0.5", "web-1": "web-1"}},
		{
			"node name of an address", []Labels{uname("10.0.0.5:9100", "worker-1")},
			map[string]string{"10.0.0.5:9100": "worker-1", "10.0.0.5:10250": "worker-1", "worker-1": "worker-1"},
		},
		{
			"node name of a name", []Labels{uname("web-1.example.com:9100", "web-1")},
			map[string]string{"web-1": "web-1.example.com", "web-1.example.com:9256": "web-1.example.com"},
		},
		{
			"Kubernetes' name of an address", []Labels{kube("worker-1", "10.0.0.5")},
			map[string]string{"10.0.0.5:9100": "worker-1", "worker-1": "worker-1"},
		},
		{
			"both", []Labels{kube("worker-1", "10.0.0.5"), uname("10.0.0.5:9100", "ip-10-0-0-5")},
			map[string]string{"10.0.0.5:9100": "ip-10-0-0-5", "ip-10-0-0-5": "ip-10-0-0-5", "10.0.0.5:10250": "ip-10-0-0-5"},
		},
		{
			"one node name at two addresses", []Labels{uname("10.0.0.5:9100", "localhost"), uname("10.0.0.6:9100", "localhost")},
			map[string]string{"10.0.0.5:9100": "10.0.0.5", "10.0.0.6:9100": "10.0.0.6", "localhost": "localhost"},
		},
		{
			"two node names at one address", []Labels{uname("127.0.0.1:9101", "a"), uname("127.0.0.1:9102", "b")},
			map[string]string{"127.0.0.1:9101": "a", "127.0.0.1:9102": "b", "a": "a", "b": "b"},
		},
		{
			"the same twice", []Labels{uname("10.0.0.5:9100", "worker-1"), uname("10.0.0.5:9200", "worker-1")},
			map[string]string{"10.0.0.5:9100": "worker-1", "10.0.0.5:9200": "worker-1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := NewPlan(All(), nil)
			joins := &Joins{}
			for _, ls := range c.series {
				joins.Add(plan.Match(ls.Get("__name__"), ls), ls)
			}
			joins.Resolve()
			for value, want := range c.want {
				if got := joins.Host(value); got != want {
					t.Errorf("Host(%q) = %q, want %q", value, got, want)
				}
			}
		})
	}
}
