package api

import (
	"context"

	"github.com/memseep/memseep/internal/event"
)

// noticesWithEvent is how many notices an event is answered with.
const noticesWithEvent = 50

func (a *API) getEvent(ctx context.Context, in *ByID) (*versioned[Event], error) {
	ws := workspaceOf(ctx)
	e, err := a.DB.Event(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	entries, err := a.DB.Entries(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	notices, err := a.listNotices(ctx, &listNoticesInput{EventID: in.ID, Paging: Paging{Limit: noticesWithEvent}})
	if err != nil {
		return nil, err
	}
	settings, _, err := a.settings(ctx)
	if err != nil {
		return nil, err
	}
	l := languageOf(ctx)
	bare := e
	bare.Message = "" // it stands beside, with its marks
	out := Event{
		EventSummary: a.summary(l, e),
		Message:      e.Message,
		Overview:     event.Overview(bare, string(l)),
		Verdict:      l.verdict(e.Verdict),
		Suspects:     suspectViews(e.Suspects),
		NoSuspects:   event.WhyNobody(e, string(l)),
		Snapshot:     l.snapshot(e.Snapshot),
		Dimensions:   e.Dimensions,
		Note:         e.Note,
		Links:        filled(settings.Links, e, a.Clock()),
		History:      make([]Entry, len(entries)),
		Notices:      notices.Body.Items,
	}
	if out.Dimensions == nil {
		out.Dimensions = map[string]string{}
	}
	for i, entry := range entries {
		out.History[i] = entryView(entry)
	}
	return withETag(e.Version, out), nil
}

func entryView(e event.Entry) Entry {
	return Entry{
		Seq: e.Seq, At: e.At, Change: string(e.Change), Level: string(e.Level), Recovery: string(e.Recovery),
		By: e.By, Note: e.Note, DurationSeconds: int64(e.Duration.Seconds()),
	}
}

func (a *API) eventHistory(ctx context.Context, in *ByID) (*pageOutput[Entry], error) {
	entries, err := a.DB.Entries(ctx, workspaceOf(ctx), in.ID)
	return pageOf(entries, "", entryView), err
}
