package api

import "net/http"

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
		Reason  string `json:"reason" minLength:"1" maxLength:"10000" example:"the cache of the nightly import, bounded at 4 GiB" doc:"Kept for measuring the detector."`
		Silence bool   `json:"silence,omitempty" default:"true" doc:"Tell nobody of this pattern on this object any more."`
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
	}, unbuilt[recoverManyInput, bodyOutput[Recovered]])
	handle(a, route{
		method: http.MethodPost, path: "/events/{id}/recover", id: "recover-event", access: edits, tag: "Events",
		summary: "Recover an event by hand", audit: "event.recover", errors: missing,
		description: "If it leaks on, the next run opens a new event.",
	}, unbuilt[eventNoteInput, versioned[Event]])
	handle(a, route{
		method: http.MethodPost, path: "/events/{id}/acknowledge", id: "acknowledge-event", access: edits, tag: "Events",
		summary: "Say that somebody takes care of it", audit: "event.acknowledge", errors: missing,
	}, unbuilt[eventNoteInput, versioned[Event]])
	handle(a, route{
		method: http.MethodPost, path: "/events/{id}/not-a-leak", id: "deny-event", access: edits, tag: "Events",
		summary: "Say that it is no leak", audit: "event.not_a_leak", errors: missing,
	}, unbuilt[notLeakInput, versioned[Event]])
}
