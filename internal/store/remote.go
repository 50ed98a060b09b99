package store

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/memseep/memseep/source/prometheus"
	"github.com/prometheus/common/promslog"
)

// RemoteOptions says which VictoriaMetrics keeps the metrics, and how to speak to it.
//
// An address with {tenant} in it is one of a cluster, whose tenants then keep workspaces apart:
// the tenant is made of the workspace's id. Without it workspaces are kept apart by the label
// memseep_workspace, which each query is bound to.
type RemoteOptions struct {
	// WriteURL takes remote write: http://vm:8428/api/v1/write, or
	// http://vminsert:8480/insert/{tenant}/prometheus/api/v1/write.
	WriteURL string
	// ReadURL is that of the query API without /api/v1: http://vm:8428, or
	// http://vmselect:8481/select/{tenant}/prometheus.
	ReadURL string
	// DeleteURL is the same for deleting series: http://vmselect:8481/delete/{tenant}/prometheus;
	// empty is ReadURL.
	DeleteURL string

	BearerToken string
	Headers     map[string]string // sent with each request
	CAFile      string            // PEM certificates to trust besides the system's
	Insecure    bool              // any certificate is accepted

	Ahead  time.Duration // how far in the future a sample may lie; 0 is DefaultAhead
	Late   time.Duration // how late it may come; 0 is DefaultOutOfOrder
	Clock  func() time.Time
	Logger *slog.Logger // nil logs nothing
}

// RemoteSpaces are the metrics of all workspaces in a VictoriaMetrics.
type RemoteSpaces struct {
	options RemoteOptions
	http    *http.Client
}

var (
	_ Spaces  = (*RemoteSpaces)(nil)
	_ Metrics = (*Remote)(nil)
)

// tenantMark stands in an address for the tenant.
const tenantMark = "{tenant}"

// OpenRemote checks the options; it does not speak to the server yet.
func OpenRemote(o RemoteOptions) (*RemoteSpaces, error) {
	if o.DeleteURL == "" {
		o.DeleteURL = o.ReadURL
	}
	for name, address := range map[string]string{"to write to": o.WriteURL, "to read from": o.ReadURL, "to delete at": o.DeleteURL} {
		u, err := url.Parse(strings.ReplaceAll(address, tenantMark, "0"))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("the address of VictoriaMetrics %s has to be http://host:port/path or https://host:port/path", name)
		}
	}
	if strings.Contains(o.WriteURL, tenantMark) != strings.Contains(o.ReadURL, tenantMark) {
		return nil, fmt.Errorf("%s has to stand in both addresses of VictoriaMetrics, or in none", tenantMark)
	}
	if o.Ahead <= 0 {
		o.Ahead = DefaultAhead
	}
	if o.Late <= 0 {
		o.Late = DefaultOutOfOrder
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = promslog.NewNopLogger()
	}
	client, err := newHTTP(o)
	if err != nil {
		return nil, err
	}
	return &RemoteSpaces{options: o, http: client}, nil
}

func newHTTP(o RemoteOptions) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.Insecure}
	if o.CAFile != "" {
		pem, err := os.ReadFile(o.CAFile)
		if err != nil {
			return nil, fmt.Errorf("read the certificates to trust: %w", err)
		}
		if config.RootCAs, err = x509.SystemCertPool(); err != nil {
			config.RootCAs = x509.NewCertPool()
		}
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate in PEM form", o.CAFile)
		}
	}
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       config,
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       90 * time.Second,
		ResponseHeaderTimeout: queryTimeout,
	}}, nil
}

// Workspace gives the metrics of a workspace; the server is not asked.
func (r *RemoteSpaces) Workspace(_ context.Context, id string) (Metrics, error) { return r.remote(id) }

func (r *RemoteSpaces) remote(id string) (*Remote, error) {
	if !workspaceID.MatchString(id) {
		return nil, fmt.Errorf("workspace %q: %w", id, ErrWorkspaceID)
	}
	m := &Remote{spaces: r, workspace: id, byLabel: !strings.Contains(r.options.WriteURL, tenantMark)}
	config := prometheus.Config{
		URL:         m.address(r.options.ReadURL),
		BearerToken: r.options.BearerToken,
		Headers:     r.options.Headers,
		CAFile:      r.options.CAFile,
		Insecure:    r.options.Insecure,
	}
	if m.byLabel {
		config.Parameters = map[string]string{extraLabel: m.extraLabel()}
	}
	source, err := prometheus.New(config)
	if err != nil {
		return nil, err
	}
	m.source = source
	return m, nil
}

// Delete removes all series of a workspace; the server gives their room back when it merges.
func (r *RemoteSpaces) Delete(ctx context.Context, id string) error {
	m, err := r.remote(id)
	if err != nil {
		return err
	}
	match := `{__name__!=""}`
	if m.byLabel {
		match = fmt.Sprintf(`{%s=%q}`, workspaceLabel, id)
	}
	address := m.address(r.options.DeleteURL) + "/api/v1/admin/tsdb/delete_series"
	body, err := m.post(ctx, address, url.Values{"match[]": {match}})
	if err != nil {
		return fmt.Errorf("delete the metrics of workspace %s: %w", id, err)
	}
	return body.Close()
}

// Close lets go of idle connections.
func (r *RemoteSpaces) Close() error {
	r.http.CloseIdleConnections()
	return nil
}

// Remote is the metrics of a workspace in a VictoriaMetrics. A sample that Append has counted as
// stored was acknowledged by it; what that is worth is said by its own documentation.
type Remote struct {
	spaces    *RemoteSpaces
	workspace string
	byLabel   bool // else by tenant
	source    *prometheus.Source
}

const (
	workspaceLabel = "memseep_workspace"
	extraLabel     = "extra_label"
)

func (m *Remote) extraLabel() string { return workspaceLabel + "=" + m.workspace }

// address puts the tenant into one of the configured addresses.
func (m *Remote) address(template string) string {
	return strings.TrimRight(strings.ReplaceAll(template, tenantMark, tenantOf(m.workspace)), "/")
}

// tenantOf makes accountID:projectID, 64 bits, of a workspace's id.
func tenantOf(workspace string) string {
	sum := sha256.Sum256([]byte(workspace))
	return fmt.Sprintf("%d:%d", binary.BigEndian.Uint32(sum[:]), binary.BigEndian.Uint32(sum[4:]))
}

// Source reads windows from the server, and history from the floors that are kept in it.
func (m *Remote) Source() Source { return newFloored(m.source, m.keeper("")) }

// ErrElsewhere says that something is the business of the server that keeps the metrics.
var ErrElsewhere = errors.New("the metrics are kept by VictoriaMetrics: use its own tools, vmbackup and vmrestore")

// Snapshot is not for metrics that are kept elsewhere.
func (m *Remote) Snapshot(context.Context, string) error { return ErrElsewhere }

// Stats counts the series of the last minutes; how much room they take only the server knows.
func (m *Remote) Stats(ctx context.Context) (Stats, error) {
	s := Stats{DiskFree: -1}
	newest, err := m.source.Newest(ctx)
	if err != nil {
		var none *prometheus.NoMetricsError
		if errors.As(err, &none) {
			return s, nil
		}
		return Stats{}, err
	}
	s.Newest = newest
	s.Series, err = m.count(ctx, newest)
	return s, err
}

// Close has nothing to do: connections belong to the RemoteSpaces.
func (m *Remote) Close() error { return nil }
