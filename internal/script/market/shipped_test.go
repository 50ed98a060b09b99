package market_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/market"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/leak"
)

func init() {
	suite["what the binary ships is installed and deployed"] = func(s *shop) {
		values := map[string]string{"account_api_key_id": "msk_1", "account_api_key": "hush-hush"}
		list, err := s.market.List(s.Context(), s.ws)
		s.must(err)
		names := []string{}
		for _, l := range list {
			names = append(names, l.Offer.Name)
			if l.Problem != "" || l.TitleZH == "" || l.Description == "" || l.DescriptionZH == "" {
				s.Errorf("%+v", l.Offer)
			}
			s.must(s.install(market.Builtin, l.Offer.Name, false))
			d, err := s.market.Detail(s.Context(), s.ws, market.Builtin, l.Offer.Name)
			s.must(err)
			if !strings.Contains(d.Changelog, "## "+l.Version) || !strings.Contains(d.ChangelogZH, "## "+l.Version) {
				s.Errorf("%s: the change logs do not say what is new in %s", l.Offer.Name, l.Version)
			}
			made, err := s.market.Deploy(s.Context(), s.ws, l.Offer.Name, values, false, "ann")
			s.must(err)
			if t, err := s.db.Trigger(s.Context(), s.ws, made.TriggerID); err != nil || t.Function != "run" || !t.Fixed {
				s.Errorf("%s: trigger %+v, %v", l.Offer.Name, t, err)
			}
			values = nil // they are there now
		}
		if want := []string{"container_restarts", "disk_forecast", "memory_leak"}; !slices.Equal(names, want) {
			s.Errorf("shipped are %q", names)
		}
	}
}

func TestStartupScriptIsByteForByte(t *testing.T) {
	want, err := os.ReadFile("../testdata/startup/startup_memory_leak.py")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("shipped/memory_leak/startup_memory_leak.py")
	if err != nil || string(got) != string(want) {
		t.Errorf("the startup script is not the one that users have: %v", err)
	}
}

// fleet has hosts, and no memory.
type fleet []string

func (fleet) Newest(context.Context) (time.Time, error) { return now, nil }
func (f fleet) Hosts(context.Context, time.Time) (hosts []leak.Host, err error) {
	for _, name := range f {
		hosts = append(hosts, leak.Host{Name: name})
	}
	return hosts, nil
}
func (fleet) Read(context.Context, leak.Query, func(*leak.Reading) error) error { return nil }

// line is a series that runs through values, evenly spread over the time that is asked for.
type line struct {
	metric, host, labels string
	values               []float64
}

func answers(lines []line) script.Query {
	return func(_ context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
		for _, l := range lines {
			if l.metric != q.Metric || q.Host != "" && q.Host != l.host {
				continue
			}
			m := &leak.Metric{Host: l.host, Labels: map[string]string{}}
			for pair := range strings.SplitSeq(l.labels, ",") {
				name, value, _ := strings.Cut(pair, "=")
				m.Labels[name] = value
			}
			steps := int(q.To.Sub(q.From)/q.Step) + 1
			for i := range steps {
				at := q.From.Add(time.Duration(i) * q.Step)
				where := float64(i) / float64(steps-1) * float64(len(l.values)-1)
				k := min(int(where), max(0, len(l.values)-2))
				v := l.values[k]
				if k+1 < len(l.values) {
					if v += (where - float64(k)) * (l.values[k+1] - v); !strings.Contains(l.metric, "filesystem") && !strings.Contains(l.metric, "disk") {
						v = l.values[int(where+1e-9)] // a start or a counter jumps
					}
				}
				m.Samples = append(m.Samples, [2]float64{float64(at.Unix()), v})
			}
			if err := each(m); err != nil {
				return err
			}
		}
		return nil
	}
}

// run runs the startup script of a package, and tells what it reports.
func run(t *testing.T, name, args string, hosts []string, store script.Store, query script.Query) []string {
	t.Helper()
	read := func(file string) string {
		text, err := os.ReadFile("shipped/" + name + "/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var events []string
	world := &script.World{
		Source: fleet(hosts), Options: inspect.Options{At: now}, Query: query, Store: store,
		Findings: func(inspect.Finding) error { return nil },
		Reported: func(e modules.Event) error {
			events = append(events, fmt.Sprint(e.Status, " ", e.Title, " ", e.DimensionTags))
			return nil
		},
		Registered: func(context.Context, modules.Registration) (modules.Registered, error) {
			return modules.Registered{Enabled: true}, nil
		},
	}
	job := script.Job{
		Name: "startup", Source: read("startup_" + name + ".py"), Function: "run", Args: []byte(args), Now: now,
		Modules: map[string]string{name + "__main": read("main.py")}, Account: map[string]string{"api_key_id": "i", "api_key": "hush-hush"},
	}
	result, err := script.Run(t.Context(), job, world, sandbox.Limits{Wall: time.Minute}, func(sandbox.Line) {})
	if err != nil {
		t.Fatal(err)
	}
	if result.Failure != nil {
		t.Fatal(result.Failure.Message, result.Failure.Traceback)
	}
	return events
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

const gb = 1 << 30

func TestDiskForecast(t *testing.T) {
	lines := []line{
		{"node_filesystem_avail_bytes", "web-1", "mountpoint=/,device=sda", []float64{82 * gb, 10 * gb}}, // 1 GB an hour
		{"node_filesystem_size_bytes", "web-1", "mountpoint=/,device=sda", []float64{100 * gb}},
		{"node_filesystem_avail_bytes", "web-1", "mountpoint=/run,fstype=tmpfs", []float64{0}},
		{"node_filesystem_size_bytes", "web-1", "mountpoint=/run,fstype=tmpfs", []float64{gb}},
		{"node_filesystem_avail_bytes", "web-2", "mountpoint=/", []float64{172 * gb, 100 * gb}},
		{"node_filesystem_size_bytes", "web-2", "mountpoint=/", []float64{1000 * gb}},
		{"node_filesystem_avail_bytes", "web-2", "mountpoint=/cleaned", []float64{80 * gb, 8 * gb, 90 * gb}},
		{"node_filesystem_size_bytes", "web-2", "mountpoint=/cleaned", []float64{100 * gb}},
		{"node_filesystem_avail_bytes", "web-2", "mountpoint=/steady", []float64{50 * gb}},
		{"node_filesystem_size_bytes", "web-2", "mountpoint=/steady", []float64{100 * gb}},
		{"disk_free", "db-1", "path=/数据", []float64{gb}},
		{"disk_total", "db-1", "path=/数据", []float64{100 * gb}},
		{"system_filesystem_usage_bytes", "db-2", "mountpoint=/,state=free", []float64{4 * gb}},
		{"system_filesystem_usage_bytes", "db-2", "mountpoint=/,state=used", []float64{96 * gb}},
		{"windows_logical_disk_free_bytes", "win-1", "volume=C:", []float64{500 * gb, 480 * gb}},
		{"windows_logical_disk_size_bytes", "win-1", "volume=C:", []float64{1000 * gb}},
		{"disk_free", "stranger", "path=/", []float64{0}},
	}
	hosts, store := []string{"web-1", "web-2", "db-1", "db-2", "win-1"}, &script.Memory{}
	same(t, run(t, "disk_forecast", `{}`, hosts, store, answers(lines)),
		"error web-1: / full in 10 h map[file_system:/ host:web-1]",
		"warning web-2: / full in 4 days map[file_system:/ host:web-2]",
		"critical db-1: /数据 99% used map[file_system:/数据 host:db-1]",
		"error db-2: / 96% used map[file_system:/ host:db-2]")
	same(t, run(t, "disk_forecast", `{"configs": "web-*\ndb-9"}`, hosts, &script.Memory{}, answers(lines)),
		"error web-1: / full in 10 h map[file_system:/ host:web-1]", "warning web-2: / full in 4 days map[file_system:/ host:web-2]")

	lines[0].values = []float64{80 * gb}
	same(t, run(t, "disk_forecast", `{"configs": ["web-1"]}`, hosts, store, answers(lines)),
		"ok web-1: / has room again map[file_system:/ host:web-1]")
	same(t, run(t, "disk_forecast", `{"configs": ["web-1"]}`, hosts, store, answers(lines)))
}

func TestContainerRestarts(t *testing.T) {
	at := float64(now.Add(-5 * time.Hour).Unix())
	lines := []line{
		{"container_start_time_seconds", "n1", "namespace=shop,pod=cart-0,container=cart,id=a", []float64{at, at + 900, at + 1800}},
		{"container_start_time_seconds", "n1", "namespace=shop,pod=cart-0,container=cart,id=b", []float64{at + 2700}},
		{"container_start_time_seconds", "n1", "namespace=shop,pod=cart-0,container=POD", []float64{at, at + 1000, at + 2000, at + 3000, at + 4000}},
		{"container_start_time_seconds", "n1", "namespace=shop,pod=calm-0,container=calm", []float64{at, at + 1, at + 3, at + 2, at + 4}}, // readings of one start
		{"kube_pod_container_status_restarts_total", "", "namespace=shop,pod=cart-0,container=cart", []float64{10, 13}},
		{"kube_pod_container_status_restarts_total", "", "namespace=pay,pod=bank-0,container=bank", []float64{7, 9, 20, 0, 1}},
		{"kube_pod_container_status_restarts_total", "", "namespace=pay,pod=old-0,container=old", []float64{500}},
		{"memseep_container_start_time_seconds", "box", "name=redis", []float64{at, at + 500, at + 1000, at + 1500}},
	}
	store := &script.Memory{}
	cart := "warning shop/cart-0/cart restarted 3 times in 6 h map[container:cart namespace:shop pod:cart-0]"
	same(t, run(t, "container_restarts", `{}`, []string{"n1", "box"}, store, answers(lines)), cart,
		"error pay/bank-0/bank restarted 14 times in 6 h map[container:bank namespace:pay pod:bank-0]",
		"warning box/redis restarted 3 times in 6 h map[container:redis host:box]")
	same(t, run(t, "container_restarts", `{"namespaces": "sh*"}`, nil, &script.Memory{}, answers(lines)), cart)
	lines[5].values = []float64{1}
	same(t, run(t, "container_restarts", `{}`, []string{"n1", "box"}, store, answers(lines[:7])), cart,
		"ok pay/bank-0/bank runs on map[container:bank namespace:pay pod:bank-0]", "ok box/redis runs on map[container:redis host:box]")
	same(t, run(t, "container_restarts", `{}`, nil, store, answers(nil))) // nothing can be said
}
