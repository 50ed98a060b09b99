// Package notify tells the right person of a leak once, and that it is over.
//
// In go changes of events, within the transaction that keeps them; out come messages to targets,
// and notices that record what became of each. Read this file (how the stages stand together),
// then match.go, silence.go, limit.go and group.go (what is told: pure), tell.go (a batch becomes
// notices), deliver.go (a notice is sent: looked at, claimed, handed over, recorded).
package notify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// Sealer hides credentials at rest.
type Sealer interface {
	Seal(text []byte) ([]byte, error)
	Open(sealed []byte) ([]byte, error)
}

// Jobs is the process's queue of jobs.
type Jobs interface {
	InsertTx(ctx context.Context, tx *sql.Tx, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

// Options is what telling works with. DB, Sealer and SigningKey have to be there.
type Options struct {
	DB         *state.DB
	Sealer     Sealer
	SigningKey []byte // of links to acknowledge and to pictures; 32 random bytes that last
	BaseURL    string // of the web app, for links, without a slash at its end; empty leaves links out
	PictureURL string // what links to pictures begin with, where somebody has said how this is reached from elsewhere; empty leaves them out
	Network    target.Network

	// Published is told after a commit that notices of a workspace are not as they were.
	Published func(workspaceID string)

	// Marked is told after a commit that events of a workspace are silenced, or not any more, since the
	// time for it has come.
	Marked func(workspaceID string)

	Clock  func() time.Time // nil is time.Now
	Logger *slog.Logger     // nil is slog.Default()
}

// Notify makes notices of changes and sends them. It is safe for concurrent use.
type Notify struct {
	o     Options
	jobs  Jobs
	drawn *drawn
}

// New prepares telling. Before anything is told, Register has to have made the queue's workers, and
// Attach to have named the queue.
func New(o Options) (*Notify, error) {
	if o.DB == nil || o.Sealer == nil || len(o.SigningKey) < 16 {
		return nil, errors.New("telling needs a database, a sealer and a key to sign with")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Network.Clock == nil {
		o.Network.Clock = o.Clock
	}
	return &Notify{o: o, drawn: newDrawn()}, nil
}

// Queue is the name of the queue that notices are worked in.
const Queue = "notices"

// Queues is what the queue's client has to work for this package.
func Queues() map[string]river.QueueConfig {
	return map[string]river.QueueConfig{Queue: {MaxWorkers: 8, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 500 * time.Millisecond}}
}

// Register adds this package's workers.
func (n *Notify) Register(workers *river.Workers) {
	river.AddWorker(workers, &tellWorker{n: n})
	river.AddWorker(workers, &escalateWorker{n: n})
	river.AddWorker(workers, &deliverWorker{n: n})
}

// Attach names the queue that jobs are put into.
func (n *Notify) Attach(jobs Jobs) { n.jobs = jobs }

// insert puts a job into the queue, in the transaction.
func (n *Notify) insert(ctx context.Context, tx *state.Tx, args river.JobArgs, at time.Time) error {
	if n.jobs == nil {
		return errors.New("no queue is attached")
	}
	o := &river.InsertOpts{Queue: Queue, MaxAttempts: 25}
	if wait := at.Sub(n.now()); wait > 0 {
		o.ScheduledAt = time.Now().Add(wait) // the queue has a clock of its own
	}
	if _, err := n.jobs.InsertTx(ctx, tx.SQL(), args, o); err != nil {
		return fmt.Errorf("put a job into the queue: %w", err)
	}
	return nil
}

func (n *Notify) now() time.Time { return n.o.Clock().UTC().Truncate(time.Millisecond) }

func (n *Notify) published(workspaceID string) {
	if n.o.Published != nil {
		n.o.Published(workspaceID)
	}
}
