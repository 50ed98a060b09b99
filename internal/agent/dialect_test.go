package agent

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/client_golang/exp/api/remote"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/prometheus/storage"
	promremote "github.com/prometheus/prometheus/storage/remote"

	"github.com/memseep/memseep/internal/agent/metric"
	"github.com/memseep/memseep/internal/agent/send"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
)

type appendable struct{ *store.Store }

func (a appendable) AppenderV2(ctx context.Context) storage.AppenderV2 { return a.Appender(ctx) }

// Prometheus' own receiver takes what is sent, in version 2 and in version 1, and an inspection
// reads the host, its processes, containers, pods and kernel pools from it.
func TestInspectionsUnderstandWhatIsSent(t *testing.T) {
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprintf("version %d", version), func(t *testing.T) {
			s, err := store.Open(t.TempDir(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			accepted := remote.MessageTypes{remote.WriteV1MessageType}
			if version == 2 {
				accepted = append(accepted, remote.WriteV2MessageType)
			}
			handler := promremote.NewWriteHandler(slog.New(slog.DiscardHandler), prometheus.NewRegistry(), appendable{s}, accepted, false, false)
			receiver := httptest.NewServer(handler)
			t.Cleanup(receiver.Close)
			client, err := send.New(send.Options{URL: receiver.URL})
			if err != nil {
				t.Fatal(err)
			}
			at := time.Unix(1795596000, 0)
			sendHour(t, client, machine(t, "kubernetes-containerd-v2"), at)
			if client.Version() != version {
				t.Errorf("version %d was spoken, want %d", client.Version(), version)
			}
			understood(t, s, at)
		})
	}
}

// sendHour sends a collection a minute.
func sendHour(t *testing.T, client *send.Client, c Config, at time.Time) {
	t.Helper()
	k := collectorOf(t, c)
	var b metric.Batch
	for ago := 60; ago >= 0; ago-- {
		if err := k.collect(at.Add(-time.Duration(ago)*time.Minute), &b); err != nil {
			t.Fatal(err)
		}
		if err := client.Send(t.Context(), snappy.Encode(nil, k.encoder.Append(nil, &b))); err != nil {
			t.Fatal(err)
		}
	}
}

func understood(t *testing.T, s *store.Store, at time.Time) {
	t.Helper()
	q := leak.Query{At: at, Window: 6 * time.Hour, Parallel: 1}
	hosts := 0
	err := s.Reader().Read(t.Context(), q, func(r *leak.Reading) error {
		hosts++
		if r.Host.Name != "node-1" || r.Host.TotalBytes != 16309820*1024 {
			t.Errorf("the host is %q with %v bytes", r.Host.Name, r.Host.TotalBytes)
		}
		if last := r.Memory.Window.Values[len(r.Memory.Window.Values)-1]; last < 43.5 || last > 43.6 {
			t.Errorf("%v %% of the host are in use", last)
		}
		var got []string
		for i := range r.Workloads {
			w := &r.Workloads[i]
			got = append(got, fmt.Sprintf("%s %s/%s %.0f MiB of %.0f, starts %t", w.Object.Kind, w.Object.Namespace, w.Object.Name,
				w.Window.Values[len(w.Window.Values)-1]/(1<<20), w.Limits.Capacity/(1<<20), w.Limits.StartsKnown))
		}
		for _, want := range []string{
			"process /java:cart.jar 700 MiB of 15928, starts true",
			"pod shop/cart-7d9c5b8f4-x2x9z 760 MiB of 15928, starts true",
			"container shop/cart-7d9c5b8f4-x2x9z/app 700 MiB of 994, starts true", // less the caches in use
			"pod shop/queue-0 400 MiB of 482, starts true",
			"container /kubelet.service 110 MiB of 15928, starts true",
			"kernel /slab_unreclaimable 197 MiB of 15928, starts false",
			"kernel /percpu 28 MiB of 15928, starts false",
		} {
			if !slices.Contains(got, want) {
				t.Errorf("not told: %s", want)
			}
		}
		if t.Failed() {
			t.Logf("told:\n%s", strings.Join(got, "\n"))
		}
		return nil
	})
	if err != nil || hosts != 1 {
		t.Errorf("%d hosts were read: %v", hosts, err)
	}
}
