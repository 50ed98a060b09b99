package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
)

func (a *API) listInspections(ctx context.Context, in *listInspectionsInput) (*pageOutput[Inspection], error) {
	rows, err := a.everyInspection(ctx)
	if err != nil {
		return nil, err
	}
	out := []Inspection{}
	for _, i := range rows {
		if !in.keeps(i) {
			continue
		}
		v, err := a.inspectionView(ctx, i)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return page(out, ""), nil
}

func (in *listInspectionsInput) keeps(i state.Inspection) bool {
	text := strings.ToLower(strings.Join(append([]string{i.Name, i.Help, i.Hosts}, i.Tags...), "\n"))
	return strings.Contains(text, strings.ToLower(in.Text)) &&
		(in.Enabled == "" || (in.Enabled == "true") == i.Enabled) &&
		(in.Tag == "" || slices.Contains(i.Tags, in.Tag))
}

func (a *API) answerInspection(ctx context.Context, i state.Inspection) (*versioned[Inspection], error) {
	v, err := a.inspectionView(ctx, i)
	return withETag(i.Version, v), err
}

func (a *API) addInspection(ctx context.Context, in *addInspectionInput) (*versioned[Inspection], error) {
	i := state.Inspection{WorkspaceID: workspaceOf(ctx), Origin: state.FromApp, CreatedBy: personOf(ctx)}
	if err := a.write(ctx, &i, in.Body); err != nil {
		return nil, err
	}
	if err := a.DB.AddInspection(ctx, &i); err != nil {
		return nil, err
	}
	a.told(ctx, i)
	return a.answerInspection(ctx, i)
}

// write applies the input and checks what it refers to.
func (a *API) write(ctx context.Context, i *state.Inspection, in InspectionInput) error {
	if in.SourceID != "" {
		_, err := a.DB.Source(ctx, i.WorkspaceID, in.SourceID)
		if isMissing(err) {
			return invalid("body.source_id", "there is no such source in the workspace: leave it out for the workspace's own store")
		}
		if err != nil {
			return err
		}
	}
	if in.PolicyID != "" {
		_, err := a.DB.Policy(ctx, i.WorkspaceID, in.PolicyID)
		if isMissing(err) {
			return invalid("body.policy_id", "there is no such policy in the workspace: leave it out for the workspace's default")
		}
		if err != nil {
			return err
		}
	}
	return in.Apply(i, a.Clock())
}

// told lets the audit log and the stream know of a changed inspection.
func (a *API) told(ctx context.Context, i state.Inspection) {
	note(ctx, i.ID, map[string]any{"name": i.Name, "enabled": i.Enabled, "schedule": i.Schedule})
	a.Hub.Publish(i.WorkspaceID, schedule.Change{Kind: "inspection", ID: i.ID, InspectionID: i.ID})
}

func (a *API) getInspection(ctx context.Context, in *ByID) (*versioned[Inspection], error) {
	i, err := a.DB.Inspection(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return a.answerInspection(ctx, i)
}

func (a *API) updateInspection(ctx context.Context, in *inspectionChange) (*versioned[Inspection], error) {
	return a.changeInspection(ctx, in.ID, in.Guard, func(i *state.Inspection) error {
		if err := in.Body.checkTrigger(*i); err != nil {
			return err
		}
		return a.write(ctx, i, in.Body)
	})
}

func (a *API) enableInspection(ctx context.Context, in *ByID) (*versioned[Inspection], error) {
	return a.changeInspection(ctx, in.ID, Guard{}, func(i *state.Inspection) error { return SetEnabled(i, true, a.Clock()) })
}

func (a *API) disableInspection(ctx context.Context, in *ByID) (*versioned[Inspection], error) {
	return a.changeInspection(ctx, in.ID, Guard{}, func(i *state.Inspection) error { return SetEnabled(i, false, a.Clock()) })
}

func (a *API) changeInspection(ctx context.Context, id string, g Guard, change func(*state.Inspection) error) (*versioned[Inspection], error) {
	i, err := a.DB.Inspection(ctx, workspaceOf(ctx), id)
	if err != nil {
		return nil, err
	}
	if err := g.check(i.Version); err != nil {
		return nil, err
	}
	before := InputOf(i)
	if err := change(&i); err != nil {
		return nil, err
	}
	if err := overridden(&i, before); err != nil {
		return nil, err
	}
	i.UpdatedAt = a.Clock()
	if i.PolicyID == before.PolicyID {
		err = a.DB.UpdateInspection(ctx, &i)
	} else { // other silences are about its events
		written := i
		err = a.keepMarked(ctx, i.WorkspaceID, func(ctx context.Context, tx *state.Tx) error {
			written = i // what a transaction that is run again has not written yet
			return tx.UpdateInspection(ctx, &written)
		})
		i = written
	}
	if err != nil {
		return nil, err
	}
	a.told(ctx, i)
	return a.answerInspection(ctx, i)
}

// deleteInspection ends its open events with it: nothing would look at them any more.
func (a *API) deleteInspection(ctx context.Context, in *ByID) (*struct{}, error) {
	ws := workspaceOf(ctx)
	var gone state.Inspection
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		var err error
		if gone, err = tx.Inspection(ctx, ws, in.ID); err != nil {
			return err
		}
		open, err := tx.OpenEvents(ctx, ws, in.ID, nil)
		if err != nil {
			return err
		}
		var changed []event.Transition
		for _, e := range open {
			t := event.RecoverByHand(e, personOf(ctx), "the inspection was deleted", a.Clock())
			if err := tx.UpdateEvent(ctx, &t.Event); err != nil {
				return err
			}
			if err := tx.AppendEntries(ctx, ws, t.Entries); err != nil {
				return err
			}
			changed = append(changed, t)
		}
		if len(changed) > 0 {
			if err := a.Notify.Notices(ctx, tx, changed); err != nil {
				return err
			}
		}
		return tx.DeleteInspection(ctx, ws, in.ID)
	})
	if err != nil {
		return nil, err
	}
	a.told(ctx, gone)
	return nil, nil
}

func (a *API) duplicateInspection(ctx context.Context, in *ByID) (*versioned[Inspection], error) {
	from, err := a.DB.Inspection(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	copied := InputOf(from)
	copied.Name, copied.Enabled = from.Name+" (copy)", false
	return a.addInspection(ctx, &addInspectionInput{Body: copied})
}

func (a *API) runNow(ctx context.Context, in *ByID) (*bodyOutput[Run], error) {
	r, err := a.Schedule.RunNow(ctx, workspaceOf(ctx), in.ID, personOf(ctx))
	if errors.Is(err, schedule.ErrRunning) {
		return nil, problem(http.StatusConflict, "a run of this inspection is going: wait until it has ended")
	}
	if err != nil {
		return nil, err
	}
	note(ctx, in.ID, map[string]string{"run": r.ID})
	return body(a.runView(languageOf(ctx), r)), nil
}
