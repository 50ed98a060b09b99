package server

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/state"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// firstInspection is what each workspace begins with.
var firstInspection = api.InspectionInput{
	Name: "memory leaks",
	Help: "Looks each hour at the last six hours of every host's memory, says which leak, and names the " +
		"processes, containers and pods that grow.\n\nWhen it finds one: look at the culprit's curve, restart it " +
		"if there is little time left, and give its owner the event.",
	Schedule:       "0 * * * *",
	TimeoutSeconds: 900,
	Enabled:        true,
}

// firstStart makes workspace, administrator and keys, the inspection of memory leaks, and takes
// over the inspections of the file.
func (p *parts) firstStart(ctx context.Context) error {
	p.auth.AtFirst = func(ctx context.Context, tx *state.Tx, workspaceID string) error {
		return addFirstInspection(ctx, tx.Queries, workspaceID, "memseep", p.o.Clock())
	}
	var err error
	if p.first, err = p.auth.EnsureFirst(ctx, p.o.First); err != nil {
		return err
	}
	p.showMade()
	if p.first.WorkspaceID == "" {
		return errors.New("there is no workspace any more: restore a backup, or begin with an empty data directory")
	}
	if err := p.everyoneHasAPolicy(ctx); err != nil {
		return err
	}
	return p.applyFile(ctx, p.o.Config.Inspections)
}

// everyoneHasAPolicy gives workspaces that have no default policy one.
func (p *parts) everyoneHasAPolicy(ctx context.Context) error {
	for at := (state.Page{Limit: 1000}); ; {
		workspaces, next, err := p.db.Workspaces(ctx, at)
		if err != nil {
			return err
		}
		for _, w := range workspaces {
			if _, err := notify.EnsureDefaultPolicy(ctx, p.db, w.ID); err != nil {
				return err
			}
		}
		if at.Cursor = next; next == "" {
			return nil
		}
	}
}

// addFirstInspection gives a new workspace its inspection of memory leaks.
func addFirstInspection(ctx context.Context, q *state.Queries, workspaceID, by string, now time.Time) error {
	i := state.Inspection{WorkspaceID: workspaceID, Origin: state.FromApp, CreatedBy: by}
	if err := firstInspection.Apply(&i, now); err != nil {
		return fmt.Errorf("make the first inspection: %w", err)
	}
	return q.AddInspection(ctx, &i)
}

// newWorkspace adds a workspace with what each begins with, its policy last: the next start makes up for one that is missing.
func (p *parts) newWorkspace(ctx context.Context, w *state.Workspace, by string) error {
	err := p.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		made := *w
		if err := tx.AddWorkspace(ctx, &made); err != nil {
			return err
		}
		*w = made
		return addFirstInspection(ctx, tx.Queries, made.ID, by, p.o.Clock())
	})
	if err != nil {
		return err
	}
	_, err = notify.EnsureDefaultPolicy(ctx, p.db, w.ID)
	return err
}
