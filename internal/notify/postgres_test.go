package notify

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/state"
)

// The same stories on PostgreSQL, and what only several writers can do.
func TestOnPostgres(t *testing.T) {
	server := realserver.StartPostgres(t)
	empty := server.URL(t) // but for its tables, which each story has a copy of
	db, err := state.Open(t.Context(), state.Config{URL: empty, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	must(t, db.Close())
	emptyPostgres = func() string { return server.Copy(t, empty) }
	t.Cleanup(func() { emptyPostgres = nil }) // when the stories have ended, which run beside each other
	for name, story := range map[string]func(*testing.T){
		"a leak":          TestALeakIsToldOnceAgainWhenWorseAndWhenItIsOver,
		"a release":       TestOneBadReleaseOnManyHostsIsOneMessage,
		"a silence":       TestASilencedLeakIsToldWhenTheSilenceEnds,
		"escalations":     TestEscalationsStopWhenSomebodyTakesCare,
		"a service":       TestAServiceThatKeepsWhatIsOpenClosesAGroupWhenAllOfItIsOver,
		"a lost queue":    TestWhatTheQueueHasLostIsTold,
		"kills":           TestAMessageThatKillsMeetComesTwiceAtMost,
		"a claim":         TestANoticeIsClaimedOnce,
		"mail":            TestAMailIsClaimedWhenItsServerTakesIt,
		"numbers":         TestAnSMSThatFailsForOneNumberIsToldTwiceToNobody,
		"long names":      TestALongKeyGathersToo,
		"taken for ended": TestWhoIsTakenForEndedTellsOnceAgainAtMost,
		"many at once":    testManyAtOnce,
	} {
		t.Run(name, story)
	}
}

// Replicas keep events, end batches and recover events all at once: each event is told as opened
// exactly once, and as over where it was, unless it was over before it was told.
func testManyAtOnce(t *testing.T) {
	t.Parallel()
	const writers, each = 6, 15
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Window: time.Minute, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	ctx := t.Context()
	keep := func(e *event.Event) error {
		return b.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			write := tx.UpdateEvent
			if e.Version == 0 {
				write = tx.InsertEvent
			}
			kept := *e
			if err := write(ctx, &kept); err != nil {
				return err
			}
			if err := b.Notices(ctx, tx, []event.Transition{{Event: kept}}); err != nil {
				return err
			}
			*e = kept
			return nil
		})
	}
	var writing, telling sync.WaitGroup
	failed := make(chan error, 2*writers*each)
	done := make(chan struct{})
	telling.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			due, err := b.db.DueBatches(ctx, b.clock.now().Add(time.Hour), 100)
			for _, one := range due {
				if err == nil {
					err = b.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error { return b.tell(ctx, tx, one.WorkspaceID, one.ID) })
				}
			}
			if err != nil {
				failed <- err
				return
			}
		}
	})
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				e := b.leakOn(fmt.Sprintf("web-%d-%d", w, i), "cart")
				err := keep(e)
				if err == nil {
					b.recover(e)
					err = keep(e)
				}
				if err != nil {
					failed <- err
				}
			}
		})
	}
	writing.Wait()
	close(done)
	telling.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	b.after(time.Hour)
	opened, over := map[string]int{}, map[string]int{}
	for page := (state.NoticeFilter{Page: state.Page{Limit: 1000}}); ; {
		rows, next, err := b.db.Notices(ctx, b.ws, page)
		must(t, err)
		for _, row := range rows {
			events, err := b.db.NoticeEvents(ctx, b.ws, row.ID, "", 1000)
			must(t, err)
			for _, e := range events {
				if row.Reason == string(Opened) {
					opened[e.ID]++
				} else {
					over[e.ID]++
				}
			}
		}
		if page.Cursor = next; next == "" {
			break
		}
	}
	if len(opened) == 0 {
		t.Log("every event was over before it was told: this shows nothing this time")
	}
	for id, n := range opened {
		if n != 1 || over[id] != 1 {
			t.Errorf("an event was told %d times, and %d times as over", n, over[id])
		}
	}
	if len(over) != len(opened) {
		t.Errorf("%d were told as opened, %d as over", len(opened), len(over))
	}
	t.Logf("%d of %d were told before they were over", len(opened), writers*each)
}
