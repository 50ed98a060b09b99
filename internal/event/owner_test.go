package event

import (
	"testing"

	"github.com/memseep/memseep/leak"
)

func TestOwnersOutlivePodsAndProcesses(t *testing.T) {
	for _, c := range []struct {
		kind        leak.Kind
		name, owner string
		want        string
	}{
		{leak.KindHost, "", "", ""},
		{leak.KindProcess, "java", "", "java"},
		{leak.KindProcess, "java[4711]", "", "java"},
		{leak.KindProcess, "worker pid=4711", "", "worker"},
		{leak.KindProcess, "redis-server *:6379", "", "redis-server *:6379"},
		{leak.KindProcess, "python3.11", "", "python3.11"},
		{leak.KindPod, "cart-7d9f8b6c5-bcdfg", "", "cart"},
		{leak.KindPod, "cart-api-v2-7d9f8b6c5-x2x4z", "", "cart-api-v2"},
		{leak.KindPod, "fluentd-x2x4z", "", "fluentd"},
		{leak.KindPod, "db-0", "", "db"},
		{leak.KindPod, "db-shard-12", "", "db-shard"},
		{leak.KindPod, "nightly-29012345-x2x4z", "", "nightly"},
		{leak.KindPod, "my-proxy", "", "my-proxy"},
		{leak.KindPod, "cart-7d9f8b6c5-bcdfg", "deployment/cart", "deployment/cart"},
		{leak.KindContainer, "cart-7d9f8b6c5-bcdfg/app", "", "cart/app"},
		{leak.KindContainer, "redis", "", "redis"},
		{leak.KindKernel, "slab_unreclaimable", "", "slab_unreclaimable"},
	} {
		if got := OwnerOf(leak.Object{Kind: c.kind, Host: "h", Name: c.name}, c.owner); got != c.want {
			t.Errorf("%s %q owned by %q: %q, want %q", c.kind, c.name, c.owner, got, c.want)
		}
	}
}

func TestFingerprints(t *testing.T) {
	pod := func(host, namespace, name, owner string) string {
		return Fingerprint("w", "i", leak.Object{Kind: leak.KindPod, Host: host, Namespace: namespace, Name: name}, owner)
	}
	of := pod("h", "shop", "cart-7d9f8b6c5-bcdfg", "")
	for name, same := range map[string]string{
		"another pod of the deployment": pod("h", "shop", "cart-56789bcdf-zzz22", ""),
		"its owner becomes known":       pod("h", "shop", "cart-7d9f8b6c5-bcdfg", "deployment/cart"),
		"its replica set alone":         pod("h", "shop", "cart-7d9f8b6c5-bcdfg", "replicaset/cart-7d9f8b6c5"),
	} {
		if same != of {
			t.Errorf("%s: another fingerprint", name)
		}
	}
	container := leak.Object{Kind: leak.KindContainer, Host: "h", Namespace: "shop", Name: "cart-7d9f8b6c5-bcdfg/app"}
	sidecar := container
	sidecar.Name = "cart-7d9f8b6c5-bcdfg/proxy"
	for name, other := range map[string]string{
		"another host":       pod("g", "shop", "cart-7d9f8b6c5-bcdfg", ""),
		"another namespace":  pod("h", "test", "cart-7d9f8b6c5-bcdfg", ""),
		"another deployment": pod("h", "shop", "bill-7d9f8b6c5-bcdfg", ""),
		"another inspection": Fingerprint("w", "j", leak.Object{Kind: leak.KindPod, Host: "h", Namespace: "shop", Name: "cart-7d9f8b6c5-bcdfg"}, ""),
		"another workspace":  Fingerprint("v", "i", leak.Object{Kind: leak.KindPod, Host: "h", Namespace: "shop", Name: "cart-7d9f8b6c5-bcdfg"}, ""),
		"its container":      Fingerprint("w", "i", container, "deployment/cart"),
		"its host":           Fingerprint("w", "i", leak.Object{Kind: leak.KindHost, Host: "h"}, ""),
	} {
		if other == of {
			t.Errorf("%s: the same fingerprint", name)
		}
	}
	if Fingerprint("w", "i", container, "deployment/cart") == Fingerprint("w", "i", sidecar, "deployment/cart") {
		t.Error("two containers of a deployment are one")
	}
	// The parts do not run into each other.
	if Fingerprint("ab", "c", leak.Object{}, "") == Fingerprint("a", "bc", leak.Object{}, "") {
		t.Error("parts run into each other")
	}
}
