package workloads

import (
	"math"
	"math/rand/v2"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// Minutes of the parts of a made host.
const (
	day           = 24 * 60
	windowMinutes = 6 * 60
)

// machine is a host being drawn.
type machine struct {
	r       *rand.Rand
	minutes int     // history and window
	total   float64 // bytes
	kernel  float64 // bytes that no workload is told of
	parts   []*part
	leaks   []*leaker
	hidden  bool // the leak does not show in the host's total
	step    int  // minutes between the samples of workloads
	lost    float64
	taken   map[string]bool
}

// part is a workload being drawn: v in bytes, one value a minute, NaN while it does not run.
type part struct {
	object leak.Object
	v      []float64
	starts []int
	kills  int
	// inside says that another part holds this one, so that it is no memory of its own.
	inside bool
}

// leaker is a part that leaks, and how.
type leaker struct {
	part    *part
	inside  []*part
	onset   int     // minute
	perHour float64 // bytes
	killed  bool    // at a limit of its own, far from filling the host
}

func newMachine(r *rand.Rand, minDays float64) *machine {
	m := &machine{r: r, taken: map[string]bool{}}
	days := 0.0
	switch p := r.Float64(); {
	case p < 0.3:
	case p < 0.7:
		days = 1.75
	default:
		days = m.between(3, 7)
	}
	m.minutes = int(max(days, minDays)*day)/15*15 + windowMinutes
	m.total = float64(int64(4)<<r.IntN(6)) * (1 << 30) // 4 to 128 GiB
	m.kernel = m.total * m.between(0.03, 0.08)
	m.step = []int{1, 2, 2, 2, 5}[r.IntN(5)]
	if m.chance(0.2) {
		m.lost = m.between(0.01, 0.15)
	}
	m.background()
	return m
}

func (m *machine) between(lo, hi float64) float64 { return lo + (hi-lo)*m.r.Float64() }

// spread draws between lo and hi so that each order of magnitude is as likely as the next.
func (m *machine) spread(lo, hi float64) float64 {
	return math.Exp(m.between(math.Log(lo), math.Log(hi)))
}

func (m *machine) chance(p float64) bool { return m.r.Float64() < p }

// ago turns hours before the end into a minute.
func (m *machine) ago(hours float64) int { return max(m.minutes-1-int(hours*60), 0) }

var processNames = []string{
	"java", "node", "python3", "postgres", "mysqld", "nginx", "redis-server", "dockerd", "containerd",
	"kubelet", "sshd", "systemd-journald", "rsyslogd", "prometheus", "grafana", "haproxy", "memcached",
	"rabbitmq", "beam.smp", "etcd", "vault", "uwsgi", "php-fpm", "sidekiq", "puma: cluster worker 0",
	"gunicorn: master", "mongod", "clickhouse-serv", "filebeat", "telegraf", "订单服务", "dotnet",
}

// name draws a process name that no other part has.
func (m *machine) name() string {
	for {
		n := processNames[m.r.IntN(len(processNames))]
		if !m.taken[n] {
			m.taken[n] = true
			return n
		}
	}
}

// add makes a part of a size with noise of its own.
func (m *machine) add(kind leak.Kind, name string, bytes float64) *part {
	p := &part{object: leak.Object{Kind: kind, Name: name}, v: make([]float64, m.minutes)}
	for i := range p.v {
		p.v[i] = bytes
	}
	m.wander(p, bytes*m.spread(0.0005, 0.006), m.spread(3, 90))
	m.parts = append(m.parts, p)
	return p
}

func (m *machine) process(bytes float64) *part {
	return m.add(leak.KindProcess, m.name(), bytes)
}

// background makes what runs on every host: kernel pools, small and middling processes.
func (m *machine) background() {
	for _, k := range []struct {
		name   string
		lo, hi float64 // share of the host
	}{{"slab_unreclaimable", 0.004, 0.02}, {"page_tables", 0.001, 0.006}, {"shmem", 0.001, 0.02}, {"kernel_stack", 0.0003, 0.002}} {
		m.add(leak.KindKernel, k.name, m.total*m.spread(k.lo, k.hi))
	}
	for range 5 + m.r.IntN(12) {
		p := m.process(m.total * m.spread(0.0003, 0.02))
		switch v := m.r.Float64(); {
		case v < 0.15: // warmed up early in the window
			m.warmUp(p, m.ago(m.between(5.2, 6)), p.v[0]*m.between(0.1, 0.25), m.between(5, 25))
		case v < 0.3:
			m.saw(p, m.between(4, 40), p.v[0]*m.between(0.05, 0.6))
		case v < 0.4: // a size that never moves, as of a process that holds its arenas
			for i := range p.v {
				p.v[i] = p.v[0]
			}
		}
	}
}

// wander adds a value that walks and is drawn back: sd is its spread, tau its memory in minutes.
func (m *machine) wander(p *part, sd, tau float64) {
	fleet.Wander(m.r, p.v, sd, tau)
}

// warmUp adds a rise that slows down to height, with time constant tau in minutes.
func (m *machine) warmUp(p *part, at int, height, tau float64) {
	for i := at; i < len(p.v); i++ {
		p.v[i] += height * -math.Expm1(-float64(i-at)/tau)
	}
}

// load adds a rise within so many minutes that stays.
func (m *machine) load(p *part, at, minutes int, height float64) {
	for i := at; i < len(p.v); i++ {
		p.v[i] += height * min(float64(i-at)/float64(minutes), 1)
	}
}

// job adds a batch job: up within rise minutes, held, and gone.
func (m *machine) job(p *part, at, rise, hold int, height float64) {
	for i := max(at, 0); i < min(at+rise+hold, len(p.v)); i++ {
		p.v[i] += height * min(float64(i-at)/float64(rise), 1)
	}
}

// daily adds a cycle whose steepest rise is so many hours before the end.
func (m *machine) daily(p *part, height, edgeHoursAgo, sharp float64) {
	edge := float64(m.ago(edgeHoursAgo))
	for i := range p.v {
		x := math.Sin(2 * math.Pi * (float64(i) - edge) / day)
		p.v[i] += height / 2 * (1 + math.Tanh(sharp*x)/math.Tanh(sharp))
	}
}

// saw adds a garbage collector: height within about period minutes, then down.
func (m *machine) saw(p *part, period, height float64) {
	start, next := -m.between(0, period), m.between(1, period)
	for i := range p.v {
		if float64(i) >= next {
			start, next = next, next+period*m.between(0.7, 1.3)
		}
		p.v[i] += height * (float64(i) - start) / (next - start)
	}
}

// grow adds a leak from a minute on.
func (m *machine) grow(p *part, onset int, perHour float64) *leaker {
	for i := onset; i < len(p.v); i++ {
		p.v[i] += perHour / 60 * float64(i-onset)
	}
	l := &leaker{part: p, onset: onset, perHour: perHour}
	m.leaks = append(m.leaks, l)
	return l
}

// growByJumps adds a leak of jumps, one every so many minutes on average.
func (m *machine) growByJumps(p *part, onset int, perHour, every float64) *leaker {
	level, next := 0.0, float64(onset)
	for i := onset; i < len(p.v); i++ {
		for float64(i) >= next {
			d := every * m.between(0.6, 1.4)
			level += perHour * d / 60 * m.between(0.7, 1.3)
			next += d
		}
		p.v[i] += level
	}
	l := &leaker{part: p, onset: onset, perHour: perHour}
	m.leaks = append(m.leaks, l)
	return l
}

// rate draws a leak's bytes an hour: 0.3 to 10 percent of the host in six hours, if it began so
// many hours ago and takes at most two fifths of the host by now.
func (m *machine) rate(hours float64) float64 {
	return min(m.total*m.spread(0.003, 0.10)/6, 0.4*m.total/hours)
}
