package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
)

type eventNoteInput struct {
	ByID
	Guard
	Body struct {
		Note string `json:"note,omitempty" maxLength:"10000"`
	}
}

type notLeakInput struct {
	ByID
	Guard
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"10000" example:"the cache of the nightly import, bounded at 4 GiB" doc:"Kept for measuring the detector."`
	}
}

type recoverManyInput struct {
	Body struct {
		IDs  []string `json:"ids" minItems:"1" maxItems:"1000" doc:"Events; those that have recovered already are passed over."`
		Note string   `json:"note,omitempty" maxLength:"10000"`
	}
}

// Recovered says what became of events that were to be recovered by hand.
type Recovered struct {
	Recovered []string       `json:"recovered" doc:"Identifiers."`
	Already   []string       `json:"already" doc:"Had recovered before."`
	Failed    []FailedChange `json:"failed"`
}

// FailedChange is an event that could not be changed.
type FailedChange struct {
	ID      string `json:"id"`
	Problem string `json:"problem"`
}

func (a *API) eventChangeRoutes() {
	missing := []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed}
	handle(a, route{
		method: http.MethodPost, path: "/events/recover", id: "recover-events", access: edits, tag: "Events",
		summary: "Recover several events by hand", audit: "event.recover",
	}, a.recoverEvents)
	handle(a, route{
		method: http.MethodPost, path: "/events/{id}/recover", id: "recover-event", access: edits, tag: "Events",
		summary: "Recover an event by hand", audit: "event.recover", errors: missing,
		description: "If it leaks on, the next run opens a new event.",
	}, a.recoverEvent)
	handle(a, route{
		method: http.MethodPost, path: "/events/{id}/acknowledge", id: "acknowledge-event", access: edits, tag: "Events",
		summary: "Say that somebody takes care of it", audit: "event.acknowledge", errors: missing,
	}, a.acknowledgeEvent)
	handle(a, route{
		method: http.MethodPost, path: "/events/{id}/not-a-leak", id: "deny-event", access: edits, tag: "Events",
		summary: "Say that it is no leak", audit: "event.not_a_leak", errors: missing,
		description: "Nobody is told of it any more until it has recovered, and the reason is kept for measuring the detector.",
	}, a.denyEvent)
}

// eventChange is a change that a person makes, as the package event has it.
type eventChange func(e event.Event, by, text string, now time.Time) event.Transition

func (a *API) recoverEvent(ctx context.Context, in *eventNoteInput) (*versioned[Event], error) {
	return a.changeEvent(ctx, in.ID, in.Guard, in.Body.Note, true, event.RecoverByHand)
}

func (a *API) acknowledgeEvent(ctx context.Context, in *eventNoteInput) (*versioned[Event], error) {
	return a.changeEvent(ctx, in.ID, in.Guard, in.Body.Note, true, event.Acknowledge)
}

func (a *API) denyEvent(ctx context.Context, in *notLeakInput) (*versioned[Event], error) {
	return a.changeEvent(ctx, in.ID, in.Guard, in.Body.Reason, false, event.Deny)
}

var errRecovered = problem(http.StatusConflict, "the event has recovered already: there is nothing to do")

// changeEvent makes the change, keeps its line of history and what is to be told in one
// transaction. With openOnly an event that has recovered is refused.
func (a *API) changeEvent(ctx context.Context, id string, g Guard, text string, openOnly bool, change eventChange) (*versioned[Event], error) {
	ws := workspaceOf(ctx)
	var changed event.Event
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		e, err := tx.Event(ctx, ws, id)
		if err != nil {
			return err
		}
		if err := g.check(e.Version); err != nil {
			return err
		}
		if openOnly && e.Status == event.Recovered {
			return errRecovered
		}
		t := change(e, personOf(ctx), text, a.Clock())
		if err := tx.UpdateEvent(ctx, &t.Event); err != nil {
			return err
		}
		if err := tx.AppendEntries(ctx, ws, t.Entries); err != nil {
			return err
		}
		changed = t.Event
		return a.Notify.Notices(ctx, tx, []event.Transition{t})
	})
	if err != nil {
		return nil, err
	}
	a.Hub.Publish(ws, schedule.Change{Kind: "event", ID: id, InspectionID: changed.InspectionID, Status: string(changed.Status)})
	note(ctx, id, map[string]string{"title": changed.Title, "note": text})
	return a.getEvent(ctx, &ByID{ID: id})
}

// personOf names who asks, as histories show it.
func personOf(ctx context.Context) string {
	if id := who(ctx); id.Key == nil && id.User != nil {
		return id.User.Name
	}
	return actor(ctx)
}

func (a *API) recoverEvents(ctx context.Context, in *recoverManyInput) (*bodyOutput[Recovered], error) {
	out := Recovered{Recovered: []string{}, Already: []string{}, Failed: []FailedChange{}}
	for _, id := range in.Body.IDs {
		switch _, err := a.changeEvent(ctx, id, Guard{}, in.Body.Note, true, event.RecoverByHand); {
		case err == nil:
			out.Recovered = append(out.Recovered, id)
		case errors.Is(err, errRecovered):
			out.Already = append(out.Already, id)
		case ctx.Err() != nil:
			return nil, err
		default:
			out.Failed = append(out.Failed, FailedChange{ID: id, Problem: languageOf(ctx).say(a.problemOf(ctx, err).Error())})
		}
	}
	note(ctx, "", map[string]any{"recovered": out.Recovered, "note": in.Body.Note})
	return body(out), nil
}
