package store

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/prometheus/prometheus/model/labels"
)

// Sample is one value at a time.
type Sample struct {
	T int64 // milliseconds since 1970
	V float64
}

// Series is samples with the labels that they share.
type Series struct {
	Labels  labels.Labels // sorted, __name__ included; the strings may be used again once Append returns
	Samples []Sample      // best in ascending order
}

// Result counts what became of samples. All but Stored and Duplicate were refused.
type Result struct {
	Stored    int
	Duplicate int // there already, with the same value
	TooOld    int // more than the out-of-order window before the newest sample, or beyond the retention
	TooNew    int // further ahead of the clock than allowed
	Invalid   int // no name, labels out of order or not UTF-8, or another value at the same time
	Limited   int // of series beyond MaxSeries
	// Oldest is the time in milliseconds of the oldest sample that was TooOld; 0 where none was.
	Oldest int64
}

// Refused is how many samples were not kept and never will be.
func (r Result) Refused() int { return r.TooOld + r.TooNew + r.Invalid + r.Limited }

// Errors of a store that may pass: whoever sent the samples should send them again later.
var (
	ErrDiskFull    = errors.New("the disk of the metrics store is full: make room or lower the retention; samples are taken again by themselves then")
	ErrUnavailable = errors.New("the metrics store cannot be reached")
)

// Metrics is what one workspace has of metrics: *Embedded keeps them in this process, *Remote in
// a VictoriaMetrics. It may be used by many goroutines.
type Metrics interface {
	// Append keeps samples of collectors; what is refused is counted and the rest kept. An error,
	// ErrDiskFull or ErrUnavailable among them, says that nothing was kept for now.
	Append(ctx context.Context, series []Series) (Result, error)
	// AppendDerived keeps what inspections compute: floors and verdicts.
	AppendDerived(ctx context.Context, series []Series) error
	// Source is what an inspection reads windows and floors from; one for each run, since it
	// remembers the floors that it had to compute until they are written.
	Source() Source
	// Handler answers the Prometheus query API below /api/v1/ over samples and derived together.
	// It only reads.
	Handler() http.Handler
	// Snapshot copies everything into a directory that does not exist, while the store is in use.
	Snapshot(ctx context.Context, dir string) error
	Stats(ctx context.Context) (Stats, error)
	// Close ends the use of the workspace. Whoever has it from a Spaces leaves that to it.
	Close() error
}

// Source is an inspect.Source that remembers floors.
type Source interface {
	Hosts(ctx context.Context, at time.Time) ([]leak.Host, error)
	Newest(ctx context.Context) (time.Time, error)
	Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error
	// Query gives each the series of a metric of any kind; errors.ErrUnsupported where the source has
	// metrics of memory alone.
	Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error
	// WriteFloors keeps the floors that Read has computed since the last call and that were not
	// kept already. A run calls it at its end.
	WriteFloors(ctx context.Context) error
}

// Stats is how much a workspace holds.
type Stats struct {
	Series int   // written to lately
	Bytes  int64 // on disk, samples and derived; 0 where it is not known
	// Oldest and Newest are times of samples of collectors; zero where there is none.
	Oldest, Newest time.Time
	DiskFree       int64 // bytes; -1 where it is not known
	DiskFull       bool  // samples are refused for want of room
}

// Spaces are the metrics of all workspaces: *Directory or *RemoteSpaces.
type Spaces interface {
	// Workspace opens the metrics of a workspace, or gives those that are open. The id is letters,
	// digits, - and _.
	Workspace(ctx context.Context, id string) (Metrics, error)
	// Delete removes all metrics of a workspace. Nobody may use them any more.
	Delete(ctx context.Context, id string) error
	Close() error
}
