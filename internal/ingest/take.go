package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/memseep/memseep/internal/store"
)

// protocol is what is particular to one way of sending samples.
type protocol struct {
	name      string   // in metrics, in the log and in Sender
	encodings []string // of the body that it may have; "" is as it is
	// speaks refuses a Content-Type before the body is read; nil takes any.
	speaks func(r *http.Request) error
	// decode puts what the body holds into the batch, and counts there what it has to leave out.
	// An error says that the body as a whole cannot be read; nothing of it is kept then.
	decode func(b *batch, r *http.Request, body []byte) error
	// answer tells the collector what became of its samples, so that it goes on.
	answer func(w http.ResponseWriter, r *http.Request, o *outcome)
	// fail tells the collector why nothing was kept.
	fail func(w http.ResponseWriter, r *http.Request, f *failure)
	// later is the status by which its collectors send the same again; too fast a collector gets it.
	later int
	// tooLarge is the status by which its collectors drop a body that is too large.
	tooLarge int
}

// take is the way of every request: authorize, read, decode, check, append, answer.
func (in *Ingest) take(w http.ResponseWriter, r *http.Request, p *protocol) {
	started := time.Now()
	var o outcome
	status := http.StatusOK
	if err := in.deliver(r, p, &o); err != nil {
		f := failureOf(err)
		status = f.status
		p.tell(w, r, f)
		in.failed(p, &o, f)
	} else {
		w.Header().Set("X-Memseep-Samples-Stored", strconv.Itoa(o.kept()))
		w.Header().Set("X-Memseep-Samples-Refused", strconv.Itoa(o.refused.total()))
		p.answer(w, r, &o)
	}
	in.metrics.request(p.name, status, &o, time.Since(started))
}

// deliver does all but the answer. What it learns on its way it writes to o, also where it fails.
func (in *Ingest) deliver(r *http.Request, p *protocol, o *outcome) error {
	workspace, key, err := in.o.Authorize(withCredentials(r))
	if err != nil {
		return denied(err)
	}
	now := in.o.Clock()
	limits := in.o.Limits(workspace).orDefault()
	sp := in.space(workspace)
	o.sender = sp.senders.of(p.name, key, r, now)

	if p.speaks != nil {
		if err := p.speaks(r); err != nil {
			return err
		}
	}
	body, err := in.readBody(r, p, limits)
	if err != nil {
		return err
	}
	defer body.release()
	o.received, o.decoded = len(body.raw), len(body.bytes)

	b := takeBatch(limits, now)
	defer b.release()
	if err := decode(p, b, r, body.bytes); err != nil {
		return err
	}
	if err := sp.admit(b, limits, now, p.later); err != nil {
		return err
	}
	o.newest, o.refused, o.problem = b.newest, b.refused, b.problem
	o.histograms, o.exemplars = b.histograms, b.exemplars
	if len(b.series) > 0 {
		if err := in.append(r.Context(), workspace, b, o); err != nil {
			return err
		}
	}
	in.told(p, workspace, o, now)
	return nil
}

// decode calls the protocol's decoder. That of a library may have a fault that only a broken body
// shows: it costs that body and nothing else.
func decode(p *protocol, b *batch, r *http.Request, body []byte) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = refuse(http.StatusBadRequest, "the body could not be read as %s: %v", p.name, fault)
		}
	}()
	if err := p.decode(b, r, body); err != nil {
		var f *failure
		if errors.As(err, &f) {
			return err
		}
		return refuse(http.StatusBadRequest, "the body could not be read as %s: %v", p.name, err)
	}
	return nil
}

// append hands the batch to the workspace's store.
func (in *Ingest) append(ctx context.Context, workspace string, b *batch, o *outcome) error {
	m, err := in.o.Spaces.Workspace(ctx, workspace)
	if err != nil {
		return unavailable(err)
	}
	result, err := m.Append(ctx, b.series)
	if err != nil {
		return unavailable(err)
	}
	o.stored, o.duplicate = result.Stored, result.Duplicate
	o.refused[TooOld] += result.TooOld
	o.refused[TooNew] += result.TooNew
	o.refused[Invalid] += result.Invalid
	o.refused[OverLimit] += result.Limited
	return nil
}

// failure is why nothing of a request was kept.
type failure struct {
	status int
	retry  time.Duration // after which the collector may send the same again; 0 is never
	text   string
}

func (f *failure) Error() string { return f.text }

func refuse(status int, format string, args ...any) *failure {
	return &failure{status: status, text: fmt.Sprintf(format, args...)}
}

// notSpoken refuses the request's Content-Type.
func notSpoken(r *http.Request, spoken string) error {
	return refuse(http.StatusUnsupportedMediaType, "Content-Type %s is not taken here: send %s", shown(r.Header.Get("Content-Type")), spoken)
}

// denied is the answer to a request without a key that may write here.
func denied(err error) *failure {
	status := http.StatusUnauthorized
	var carried interface{ Status() int }
	if errors.As(err, &carried) {
		status = carried.Status()
	}
	f := &failure{status: status, text: err.Error()}
	if status >= http.StatusInternalServerError { // its text is for the log alone: whoever asks may be anybody
		f.status, f.retry, f.text = http.StatusServiceUnavailable, retryBusy, "the key could not be checked for now: send it again"
	}
	return f
}

// How long a collector should wait before it sends the same again.
const (
	retryBusy = 5 * time.Second
	retryDisk = time.Minute
)

// unavailable is the answer where the store cannot take samples for now.
func unavailable(err error) *failure {
	f := &failure{status: http.StatusServiceUnavailable, retry: retryBusy, text: "the samples could not be kept for now: " + err.Error()}
	if errors.Is(err, store.ErrDiskFull) {
		f.retry = retryDisk
	}
	return f
}

// failureOf finds the failure in an error.
func failureOf(err error) *failure {
	var f *failure
	if !errors.As(err, &f) {
		f = unavailable(err)
	}
	return f
}

// tell answers a failure.
func (p *protocol) tell(w http.ResponseWriter, r *http.Request, f *failure) {
	if f.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.retry.Seconds())))
	}
	if f.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="memseep", Basic realm="memseep"`)
	}
	p.fail(w, r, f)
}
