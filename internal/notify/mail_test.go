package notify

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/memseep/memseep/internal/state"
)

// mailed is a leak that is told by mail to a server, and the notice of it.
func (b *bench) mailed(settings map[string]string) (notice string) {
	b.t.Helper()
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addKind("email", settings)}}}})
	b.change(b.leakOn("web-1", "java"))
	return b.notices(state.NoticePending)[0].ID
}

// A mail is kept as on its way when its server has taken the recipients: what kills meet before never left, and counts
// as no try.
func TestAMailIsClaimedWhenItsServerTakesIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var id string
	seen := map[string]state.NoticeStatus{}
	var mu sync.Mutex
	m := NewMailServer(t, func(stage string) error {
		mu.Lock()
		defer mu.Unlock()
		row, err := b.db.Notice(context.WithoutCancel(t.Context()), b.ws, id)
		seen[stage] = row.Status
		return err
	})
	kept := b.mailed(m.Settings)
	mu.Lock()
	id = kept
	mu.Unlock()
	next, err := b.deliver(t.Context(), b.ws, kept)
	must(t, err)
	if !next.IsZero() || len(m.Took()) != 1 {
		t.Errorf("%d mails came, the next try is at %s", len(m.Took()), next)
	}
	mu.Lock()
	defer mu.Unlock()
	for stage, want := range map[string]state.NoticeStatus{"greeted": state.NoticePending, "recipient": state.NoticePending, "data": state.NoticeSending} {
		if seen[stage] != want {
			t.Errorf("at %q the notice is %s, want %s", stage, seen[stage], want)
		}
	}
}

// A server that is away, or lets nobody in, has taken nothing: however often that is tried, no try is unconfirmed, and
// the mail goes when it is back.
func TestAMailServerThatIsAwayCostsNoTryThatLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var back atomic.Bool
	m := NewMailServer(t, func(stage string) error {
		if stage == "greeted" && !back.Load() {
			return &smtp.SMTPError{Code: 421, Message: "not now"}
		}
		return nil
	})
	id := b.mailed(m.Settings)
	for range 5 {
		ctx, stop := context.WithCancel(t.Context())
		try, _, err := b.look(ctx, b.ws, id)
		must(t, err)
		if _, err := b.handOver(ctx, try); err == nil || try.claimed { // and here it is killed
			t.Errorf("it is claimed: %v; error %v", try.claimed, err)
		}
		stop()
		next, err := b.deliver(t.Context(), b.ws, id)
		must(t, err)
		b.clock.set(next)
	}
	back.Store(true)
	_, err := b.deliver(t.Context(), b.ws, id)
	must(t, err)
	row, err := b.db.Notice(t.Context(), b.ws, id)
	must(t, err)
	if row.Status != state.NoticeSent || row.Unconfirmed != 0 || row.Tries != 6 || len(m.Took()) != 1 {
		t.Errorf("it is %s after %d tries, %d unconfirmed; %d mails came", row.Status, row.Tries, row.Unconfirmed, len(m.Took()))
	}
}

// After a stop no mail leaves, though its server was reached before.
func TestAMailStaysAfterAStop(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, stop := context.WithCancel(t.Context())
	m := NewMailServer(t, func(stage string) error {
		if stage == "recipient" {
			stop()
		}
		return nil
	})
	id := b.mailed(m.Settings)
	if _, err := b.deliver(ctx, b.ws, id); !errors.Is(err, context.Canceled) {
		t.Errorf("the stop is not told: %v", err)
	}
	row, err := b.db.Notice(t.Context(), b.ws, id)
	must(t, err)
	if row.Status != state.NoticePending || row.Tries != 0 || len(m.Took()) != 0 {
		t.Errorf("it is %s after %d tries; %d mails came", row.Status, row.Tries, len(m.Took()))
	}
}

// A mail that a kill meets after it has left comes once again, under the same identifier.
func TestAMailThatAKillMeetsComesOnceAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := NewMailServer(t, nil)
	id := b.mailed(m.Settings)
	for range 2 {
		try, _, err := b.look(t.Context(), b.ws, id)
		must(t, err)
		_, err = b.handOver(t.Context(), try) // and its answer is never kept
		must(t, err)
	}
	_, err := b.deliver(t.Context(), b.ws, id)
	must(t, err)
	row, err := b.db.Notice(t.Context(), b.ws, id)
	must(t, err)
	if row.Status != state.NoticeSent || row.Unconfirmed != 2 || len(m.Took()) != 2 {
		t.Errorf("it is %s, %d tries unconfirmed; %d mails came", row.Status, row.Unconfirmed, len(m.Took()))
	}
	for _, mail := range m.Took() {
		if !strings.Contains(mail, "Message-ID: <"+id+"@example.org>") {
			t.Errorf("its identifier is another: %.600s", mail)
		}
	}
}
