package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Server is how `memseep serve` works.
type Server struct {
	Data           string   `yaml:"data" koanf:"data"`                       // directory of all that is kept
	Listen         string   `yaml:"listen" koanf:"listen"`                   // ADDRESS:PORT
	ExternalURL    string   `yaml:"external_url" koanf:"external_url"`       // what links in notices begin with; empty: http://LISTEN
	TLS            TLS      `yaml:"tls" koanf:"tls"`                         // both files, or none for plain HTTP
	TrustedProxies []string `yaml:"trusted_proxies" koanf:"trusted_proxies"` // addresses or networks whose X-Forwarded-For is believed
	AllowPrivate   bool     `yaml:"allow_private" koanf:"allow_private"`     // whether sources may lie on loopback and private addresses
	Agent          bool     `yaml:"agent" koanf:"agent"`                     // whether this machine's own memory is watched
	State          State    `yaml:"state" koanf:"state"`
	Store          Store    `yaml:"store" koanf:"store"`
	Limits         Limits   `yaml:"limits" koanf:"limits"`     // of each workspace; read again on SIGHUP
	Schedule       Schedule `yaml:"schedule" koanf:"schedule"` // how runs share the machine
	Scripts        Scripts  `yaml:"scripts" koanf:"scripts"`   // what users' scripts may do
	Log            Log      `yaml:"log" koanf:"log"`
}

// Scripts says what scripts may do.
type Scripts struct {
	Allow   []string `yaml:"allow" koanf:"allow"`     // HOST, HOST:PORT or HOST:*, globs, addresses and networks that memseep.http may call; empty is none
	Folders []string `yaml:"folders" koanf:"folders"` // directories that sources of packages on this machine may lie in; empty: packages in the data directory
}

// TLS names the files of a certificate and its key, PEM.
type TLS struct {
	CertFile string `yaml:"cert_file" koanf:"cert_file"`
	KeyFile  string `yaml:"key_file" koanf:"key_file"`
}

// State is where people, keys, inspections, runs and events are kept.
type State struct {
	URL string `yaml:"url" koanf:"url"` // sqlite:PATH or postgres://…; empty: sqlite in the data directory
}

// Store is where metrics are kept: embedded in the data directory, or in a VictoriaMetrics.
type Store struct {
	Retention        Duration          `yaml:"retention" koanf:"retention"`                 // of samples
	DerivedRetention Duration          `yaml:"derived_retention" koanf:"derived_retention"` // of floors and verdicts
	MaxBytes         int64             `yaml:"max_bytes" koanf:"max_bytes"`                 // of one workspace's samples; 0 is no limit
	WriteURL         string            `yaml:"write_url" koanf:"write_url"`                 // of remote write; set with read_url: the store is remote. {tenant} stands for a workspace's
	ReadURL          string            `yaml:"read_url" koanf:"read_url"`                   // of the query API
	DeleteURL        string            `yaml:"delete_url" koanf:"delete_url"`               // for deleting a workspace's series; empty: read_url
	BearerToken      string            `yaml:"bearer_token" koanf:"bearer_token"`           // for the remote store
	Headers          map[string]string `yaml:"headers" koanf:"headers"`                     // sent with each request to the remote store
	CAFile           string            `yaml:"ca_file" koanf:"ca_file"`                     // PEM certificates to trust besides the system's
	Insecure         bool              `yaml:"insecure" koanf:"insecure"`                   // accept any certificate of the remote store
}

// Remote tells whether metrics are kept in another server.
func (s Store) Remote() bool { return s.WriteURL != "" }

// Limits bound what one workspace may send. 0 is the default, a negative number is no limit.
type Limits struct {
	Series           int      `yaml:"series" koanf:"series"`                         // that are written to
	SamplesPerSecond int      `yaml:"samples_per_second" koanf:"samples_per_second"` // over ten seconds
	BodyBytes        int      `yaml:"body_bytes" koanf:"body_bytes"`                 // as it arrives
	DecodedBytes     int      `yaml:"decoded_bytes" koanf:"decoded_bytes"`           // unpacked
	Labels           int      `yaml:"labels" koanf:"labels"`                         // of a series
	NameBytes        int      `yaml:"name_bytes" koanf:"name_bytes"`                 // of a label's or metric's name
	ValueBytes       int      `yaml:"value_bytes" koanf:"value_bytes"`               // of a label's value
	Age              Duration `yaml:"age" koanf:"age"`                               // of a sample
	Ahead            Duration `yaml:"ahead" koanf:"ahead"`                           // of the clock
}

// Schedule is how runs share the machine.
type Schedule struct {
	Workers    int `yaml:"workers" koanf:"workers"`         // chunks of hosts inspected at once; 0 is what suits the machine
	ChunkHosts int `yaml:"chunk_hosts" koanf:"chunk_hosts"` // hosts of one chunk; 0 is the default
	Parallel   int `yaml:"parallel" koanf:"parallel"`       // hosts read at once within a chunk; 0 is what suits the source
}

// Log is what is written to stderr.
type Log struct {
	Level  string `yaml:"level" koanf:"level"`   // debug, info, warn, error; read again on SIGHUP
	Format string `yaml:"format" koanf:"format"` // text or json
}

var defaultServer = Server{
	Data:         "memseep-data",
	Listen:       "127.0.0.1:8087",
	AllowPrivate: true,
	Agent:        true,
	Store:        Store{Retention: Duration(30 * 24 * time.Hour), DerivedRetention: Duration(365 * 24 * time.Hour)},
	Log:          Log{Level: "info", Format: "text"},
}

// Networks are the trusted proxies; single addresses become networks of one.
func (s *Server) Networks() ([]*net.IPNet, error) {
	var out []*net.IPNet
	for _, text := range s.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fmt.Errorf("server.trusted_proxies: %q is neither an address nor a network like 10.0.0.0/8", text)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		_, n, err := net.ParseCIDR(p.String())
		if err != nil {
			return nil, fmt.Errorf("server.trusted_proxies: %q: %w", text, err)
		}
		out = append(out, n)
	}
	return out, nil
}

func (s *Server) check() error {
	if _, err := s.Networks(); err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("server.listen: %q is not ADDRESS:PORT", s.Listen)
	}
	switch {
	case s.Data == "":
		return errors.New("server.data names no directory")
	case (s.TLS.CertFile == "") != (s.TLS.KeyFile == ""):
		return errors.New("server.tls needs both cert_file and key_file")
	case (s.Store.WriteURL == "") != (s.Store.ReadURL == ""):
		return errors.New("server.store needs both write_url and read_url")
	case s.State.URL != "" && !hasScheme(s.State.URL, "sqlite", "postgres", "postgresql"):
		return errors.New("server.state.url has to begin with sqlite: or postgres://")
	case s.Store.Retention < Duration(24*time.Hour) || s.Store.DerivedRetention < Duration(8*24*time.Hour):
		return errors.New("server.store: retention must not be below 1d, and derived_retention not below 8d")
	case s.Schedule.Workers < 0 || s.Schedule.ChunkHosts < 0 || s.Schedule.Parallel < 0:
		return errors.New("server.schedule: numbers must not be below zero")
	case !oneOf(s.Log.Level, "debug", "info", "warn", "error"):
		return errors.New("server.log.level has to be debug, info, warn or error")
	case !oneOf(s.Log.Format, "text", "json"):
		return errors.New("server.log.format has to be text or json")
	}
	for key, text := range map[string]string{"external_url": s.ExternalURL, "store.write_url": s.Store.WriteURL, "store.read_url": s.Store.ReadURL, "store.delete_url": s.Store.DeleteURL} {
		if u, err := url.Parse(strings.ReplaceAll(text, "{tenant}", "0")); text != "" && (err != nil || u.Host == "" || !oneOf(u.Scheme, "http", "https")) {
			return fmt.Errorf("server.%s has to be http(s)://host[:port][/path]", key)
		}
	}
	return nil
}

func hasScheme(text string, schemes ...string) bool {
	scheme, _, _ := strings.Cut(text, ":")
	return oneOf(scheme, schemes...)
}

func oneOf(text string, allowed ...string) bool {
	for _, a := range allowed {
		if text == a {
			return true
		}
	}
	return false
}
