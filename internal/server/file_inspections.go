package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/state"
)

// applyFile makes the first workspace's inspections of the file what the file says, but for what
// people changed in the app; one that is no longer in the file is deleted. All or nothing.
func (p *parts) applyFile(ctx context.Context, list []config.Inspection) error {
	ws := p.first.WorkspaceID
	return p.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		sources := map[string]string{}
		rows, _, err := tx.Sources(ctx, ws, state.Page{Limit: 1000})
		if err != nil {
			return err
		}
		for _, s := range rows {
			sources[s.Name] = s.ID
		}
		listed := map[string]bool{}
		for _, f := range list {
			listed[f.Name] = true
			if err := p.applyOne(ctx, tx, f, sources); err != nil {
				return fmt.Errorf("configuration, line %d: inspection %q: %w", f.Line, f.Name, err)
			}
		}
		return deleteUnlisted(ctx, tx, ws, listed)
	})
}

func (p *parts) applyOne(ctx context.Context, tx *state.Tx, f config.Inspection, sources map[string]string) error {
	in, err := api.InputOfFile(f, sources)
	if err != nil {
		return err
	}
	i, err := tx.InspectionByOrigin(ctx, p.first.WorkspaceID, state.FromFile, f.Name)
	if errors.Is(err, state.ErrNotFound) {
		i = state.Inspection{WorkspaceID: p.first.WorkspaceID, Origin: state.FromFile, OriginKey: f.Name, CreatedBy: "file"}
		if err := in.Apply(&i, p.o.Clock()); err != nil {
			return err
		}
		return tx.AddInspection(ctx, &i)
	}
	if err != nil {
		return err
	}
	if in, err = api.Overridden(in, i.Overrides); err != nil {
		return err
	}
	due, before := i.NextRunAt, i
	if err := in.Apply(&i, p.o.Clock()); err != nil {
		return err
	}
	if i.Enabled && before.Enabled && i.Schedule == before.Schedule && i.TimeZone == before.TimeZone {
		i.NextRunAt = due // a run that was missed while everything was down is still made up
	}
	return tx.UpdateInspection(ctx, &i)
}

func deleteUnlisted(ctx context.Context, tx *state.Tx, ws string, listed map[string]bool) error {
	rows, _, err := tx.Inspections(ctx, ws, state.InspectionFilter{Origin: state.FromFile, Page: state.Page{Limit: 1000}})
	if err != nil {
		return err
	}
	for _, i := range rows {
		if !listed[i.OriginKey] {
			if err := tx.DeleteInspection(ctx, ws, i.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
