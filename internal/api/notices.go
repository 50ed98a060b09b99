package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// Notice is one message to one target, with what became of it.
type Notice struct {
	ID           string    `json:"id"`
	Status       string    `json:"status" enum:"pending,sending,sent,failed,dropped" doc:"sent: taken; or handed over twice to a target without a key, and no answer kept, which error says. failed: refused, or not taken for a day. dropped: its target was disabled or deleted."`
	Reason       string    `json:"reason" doc:"opened, level_rose, reminder, recovered, withdrawn, not_recovered, not_acknowledged, silence_begins or target_disabled."`
	ReasonText   string    `json:"reason_text" doc:"The same in the language of Accept-Language."`
	Level        string    `json:"level" enum:"critical,error,warning,info,ok,"`
	Title        string    `json:"title" doc:"As it was sent."`
	TargetID     string    `json:"target_id"`
	Target       string    `json:"target" doc:"Its name at the time."`
	Kind         string    `json:"kind" doc:"Of the target."`
	Recipient    string    `json:"recipient,omitempty" doc:"Of an SMS: the number; each has a notice of its own."`
	PolicyID     string    `json:"policy_id,omitempty"`
	Policy       string    `json:"policy,omitempty"`
	EventID      string    `json:"event_id,omitempty" doc:"The most urgent; absent where it is about none."`
	Events       int       `json:"events" doc:"How many it is about."`
	Tries        int       `json:"tries"`
	Unconfirmed  int       `json:"unconfirmed,omitempty" doc:"Tries after which the process was killed before it could keep an answer."`
	Answer       string    `json:"answer,omitempty" doc:"Of the other side to the last try."`
	AnswerStatus int       `json:"answer_status,omitempty"`
	Error        string    `json:"error,omitempty" doc:"What went wrong at the last try and what to do."`
	CreatedAt    time.Time `json:"created_at"`
	TriedAt      time.Time `json:"tried_at,omitzero"`
	NextTryAt    time.Time `json:"next_try_at,omitzero"`
	EndedAt      time.Time `json:"ended_at,omitzero" doc:"Since when it is sent, failed or dropped."`
}

// NoticeWithContent is a notice with what was sent and what it is about.
type NoticeWithContent struct {
	Notice
	Message MessageView    `json:"message"`
	About   []EventSummary `json:"about" doc:"The events, at most 100."`
}

// MessageView is a message as it is rendered. Links to acknowledge are left out: they need no key.
type MessageView struct {
	Language string `json:"language" enum:"en,zh"`
	Short    string `json:"short" doc:"The first line, for a phone."`
	Title    string `json:"title"`
	Markdown string `json:"markdown" doc:"Without the title."`
	Text     string `json:"text" doc:"The same without marks."`
	URL      string `json:"url,omitempty"`
}

type listNoticesInput struct {
	Paging
	EventID  string    `query:"event_id" maxLength:"200"`
	TargetID string    `query:"target_id" maxLength:"200"`
	PolicyID string    `query:"policy_id" maxLength:"200"`
	Status   []string  `query:"status,explode" enum:"pending,sending,sent,failed,dropped"`
	From     time.Time `query:"from" doc:"Made at or after."`
	To       time.Time `query:"to" doc:"Made before."`
}

type eventNoticesInput struct {
	ByID
	Paging
}

func (a *API) noticeRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/notices", id: "list-notices", access: reads, tag: "Alerts",
		summary: "What was told, to whom, and what became of it, the newest first",
	}, a.listNotices)
	handle(a, route{
		method: http.MethodGet, path: "/notices/{id}", id: "get-notice", access: reads, tag: "Alerts",
		summary: "One notice with its content", errors: []int{http.StatusNotFound},
	}, a.getNotice)
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}/notices", id: "list-event-notices", access: reads, tag: "Alerts",
		summary: "What was told of an event, the newest first", errors: []int{http.StatusNotFound},
	}, a.eventNotices)
}

func (a *API) listNotices(ctx context.Context, in *listNoticesInput) (*pageOutput[Notice], error) {
	rows, next, err := a.DB.Notices(ctx, workspaceOf(ctx), state.NoticeFilter{
		EventID: in.EventID, TargetID: in.TargetID, PolicyID: in.PolicyID, Statuses: named[state.NoticeStatus](in.Status),
		From: in.From, To: in.To, Page: state.Page{Limit: in.Limit, Cursor: in.Cursor},
	})
	return pageOf(rows, next, languageOf(ctx).notice), err
}

func (a *API) eventNotices(ctx context.Context, in *eventNoticesInput) (*pageOutput[Notice], error) {
	if _, err := a.DB.Event(ctx, workspaceOf(ctx), in.ID); err != nil {
		return nil, err
	}
	return a.listNotices(ctx, &listNoticesInput{Paging: in.Paging, EventID: in.ID})
}

func (l language) notice(n state.Notice) Notice {
	return Notice{
		ID: n.ID, Status: string(n.Status), Reason: n.Reason, ReasonText: notify.Reason(n.Reason).Name(string(l)), Level: string(n.Level),
		Title: n.Title, TargetID: n.TargetID, Target: n.Target, Kind: n.Kind, Recipient: n.Recipient, PolicyID: n.PolicyID, Policy: n.Policy,
		EventID: n.EventID, Events: n.Events, Tries: n.Tries, Unconfirmed: n.Unconfirmed, Answer: n.Answer, AnswerStatus: n.AnswerStatus, Error: l.say(n.Error),
		CreatedAt: n.CreatedAt, TriedAt: n.TriedAt, NextTryAt: n.NextTryAt, EndedAt: n.EndedAt,
	}
}

// aboutMost is how many events of a notice are answered with it.
const aboutMost = 100

func (a *API) getNotice(ctx context.Context, in *ByID) (*bodyOutput[NoticeWithContent], error) {
	ws := workspaceOf(ctx)
	n, err := a.DB.Notice(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	events, err := a.DB.NoticeEvents(ctx, ws, n.ID, "", aboutMost)
	if err != nil {
		return nil, err
	}
	l := languageOf(ctx)
	out := NoticeWithContent{Notice: l.notice(n), About: eventViews(a, l, events)}
	if out.Message, err = contentOf(n); err != nil {
		return nil, err
	}
	return body(out), nil
}

func eventViews(a *API, l language, events []event.Event) []EventSummary {
	out := make([]EventSummary, len(events))
	for i, e := range events {
		out[i] = a.summary(l, e)
	}
	return out
}

// contentOf is the message of a notice as it was rendered.
func contentOf(n state.Notice) (MessageView, error) {
	var m target.Message
	if len(n.Content) == 0 {
		return MessageView{}, nil
	}
	if err := json.Unmarshal(n.Content, &m); err != nil {
		return MessageView{}, fmt.Errorf("read the message of notice %s: %w", n.ID, err)
	}
	return messageView(m), nil
}
