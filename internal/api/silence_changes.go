package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func (a *API) silenceView(s state.Silence) Silence {
	v := Silence{
		ID: s.ID, Events: s.Events, CreatedBy: s.CreatedBy, CreatedAt: s.CreatedAt,
		SilenceInput: SilenceInput{
			Name: s.Name, Policies: listOf(s.Policies), Match: matcherView(s.Matcher), TimeZone: s.TimeZone, Period: periodView(s.Period),
			NoticeBeforeSeconds: inSeconds(s.NoticeBefore), NoticeTargets: listOf(s.NoticeTargets),
		},
	}
	is, begins, ends := notify.StateOf(&s, a.Clock())
	v.State, v.Begins, v.Ends = string(is), begins, ends
	return v
}

func (a *API) listSilences(ctx context.Context, in *listSilencesInput) (*pageOutput[Silence], error) {
	all, err := state.Every(func(p state.Page) ([]state.Silence, string, error) {
		return a.DB.Silences(ctx, workspaceOf(ctx), state.SilenceFilter{Page: p})
	})
	if err != nil {
		return nil, err
	}
	out := []Silence{}
	for _, s := range all {
		if v := a.silenceView(s); len(in.State) == 0 || slices.Contains(in.State, v.State) {
			out = append(out, v)
		}
	}
	return page(out, ""), nil
}

func (a *API) answerSilence(ctx context.Context, id string) (*versioned[Silence], error) {
	s, err := a.DB.Silence(ctx, workspaceOf(ctx), id)
	return withETag(s.Version, a.silenceView(s)), err
}

func (a *API) getSilence(ctx context.Context, in *ByID) (*versioned[Silence], error) {
	return a.answerSilence(ctx, in.ID)
}

// writeSilence applies the input and checks it, with what it refers to.
func (a *API) writeSilence(ctx context.Context, s *state.Silence, in SilenceInput) error {
	s.Name, s.Policies, s.Matcher, s.TimeZone, s.Period = strings.TrimSpace(in.Name), listOf(in.Policies), in.Match.record(), in.TimeZone, in.Period.record()
	if s.Period.Cron == "" && s.Period.From.IsZero() {
		s.Period.From = a.Clock().UTC()
	}
	s.NoticeBefore, s.NoticeTargets = seconds(in.NoticeBeforeSeconds, 0), listOf(in.NoticeTargets)
	if err := notify.CheckSilence(s); err != nil {
		return invalid("body", err.Error())
	}
	for _, id := range s.Policies {
		_, err := a.DB.Policy(ctx, s.WorkspaceID, id)
		if isMissing(err) {
			return invalid("body.policies", fmt.Sprintf("there is no policy %q in the workspace: GET /policies lists them", id))
		}
		if err != nil {
			return err
		}
	}
	if err := a.knowsInspections(ctx, "body.match.inspections", s.Matcher); err != nil {
		return err
	}
	return a.knowsTargets(ctx, "body.notice_targets", s.NoticeTargets)
}

func (a *API) addSilence(ctx context.Context, in *addSilenceInput) (*versioned[Silence], error) {
	s := state.Silence{ID: state.NewID(), WorkspaceID: workspaceOf(ctx), CreatedBy: personOf(ctx)}
	if err := a.writeSilence(ctx, &s, in.Body); err != nil {
		return nil, err
	}
	if err := a.keepSilence(ctx, s, (*state.Tx).AddSilence); err != nil {
		return nil, err
	}
	note(ctx, s.ID, in.Body)
	return a.answerSilence(ctx, s.ID)
}

func (a *API) updateSilence(ctx context.Context, in *silenceChange) (*versioned[Silence], error) {
	s, err := a.DB.Silence(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(s.Version); err != nil {
		return nil, err
	}
	if err := a.writeSilence(ctx, &s, in.Body); err != nil {
		return nil, err
	}
	if err := a.keepSilence(ctx, s, (*state.Tx).UpdateSilence); err != nil {
		return nil, err
	}
	note(ctx, s.ID, in.Body)
	return a.answerSilence(ctx, s.ID)
}

func (a *API) endSilence(ctx context.Context, in *ByID) (*versioned[Silence], error) {
	s, err := a.DB.Silence(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	now := a.Clock().UTC()
	switch is, _, _ := notify.StateOf(&s, now); {
	case is == notify.SilenceExpired:
		return nil, problem(http.StatusConflict, "the silence has ended already")
	case s.Period.From.After(now):
		return nil, problem(http.StatusConflict, "the silence has not begun yet: delete it instead")
	}
	s.Period.To = now
	if err := a.keepSilence(ctx, s, (*state.Tx).UpdateSilence); err != nil {
		return nil, err
	}
	note(ctx, s.ID, map[string]string{"name": s.Name})
	return a.answerSilence(ctx, s.ID)
}

func (a *API) deleteSilence(ctx context.Context, in *ByID) (*struct{}, error) {
	gone := state.Silence{ID: in.ID, WorkspaceID: workspaceOf(ctx)}
	return nil, a.keepSilence(ctx, gone, func(tx *state.Tx, ctx context.Context, s *state.Silence) error {
		return tx.DeleteSilence(ctx, s.WorkspaceID, s.ID)
	})
}

// keepSilence keeps a change of a silence, and marks open events as silences have it then.
func (a *API) keepSilence(ctx context.Context, s state.Silence, keep func(*state.Tx, context.Context, *state.Silence) error) error {
	return a.keepMarked(ctx, s.WorkspaceID, func(ctx context.Context, tx *state.Tx) error {
		one := s // what a transaction that is run again has not written yet
		return keep(tx, ctx, &one)
	})
}

// draftFor is how long a silence that is made from an event lasts where nothing else is said.
const draftFor = 4 * time.Hour

func (a *API) draftSilence(ctx context.Context, in *draftSilenceInput) (*bodyOutput[SilenceInput], error) {
	e, err := a.DB.Event(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return body(draft(e, in.By, draftFor, a.Clock(), languageOf(ctx))), nil
}

// draft is a silence of what an event is about, from now on.
func draft(e event.Event, by string, lasts time.Duration, now time.Time, l language) SilenceInput {
	now = now.UTC().Truncate(time.Second)
	in := SilenceInput{
		Name: event.Title(e, string(l)), Policies: []string{}, NoticeTargets: []string{},
		Period: Period{From: now, To: now.Add(lasts)},
	}
	culprit := e.Attributes[event.AttrCulprit]
	switch {
	case by == "inspection":
		in.Match.Inspections = []string{e.InspectionID}
	case by == "culprit" && culprit != "":
		in.Match.Attributes = []Condition{{Key: event.AttrCulprit, Values: []string{literally(culprit)}}}
	case e.Object.Kind == leak.KindHost:
		in.Match.Objects = []string{literally(e.Object.Host)}
	default:
		in.Match.Objects = []string{literally(e.Object.Host) + "/" + literally(e.Object.Name)}
	}
	return in
}

// literally is a glob that matches a text alone.
func literally(text string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(text)
}

func (a *API) silenceEvent(ctx context.Context, in *silenceEventInput) (*versioned[Silence], error) {
	e, err := a.DB.Event(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	written := draft(e, in.Body.By, seconds(in.Body.ForSeconds, draftFor), a.Clock(), languageOf(ctx))
	if name := strings.TrimSpace(in.Body.Name); name != "" {
		written.Name = name
	}
	if len(written.Name) > 200 {
		written.Name = e.Object.String()
	}
	return a.addSilence(ctx, &addSilenceInput{Body: written})
}
