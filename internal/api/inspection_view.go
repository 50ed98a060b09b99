package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// What an inspection has that says nothing else.
const (
	defaultWindow      = 6 * time.Hour
	defaultHistory     = 7 * 24 * time.Hour
	defaultTimeout     = 900 * time.Second
	defaultHealthyRuns = event.DefaultHealthyRuns
	defaultNoDataRuns  = event.DefaultNoDataRuns
)

// Apply writes the input into the record, with defaults for what was left out, and sets when its
// trigger is due. Schedule, time zone and timeout of what a script has registered are its trigger's,
// and stay as they are. An error says which field is wrong.
func (in InspectionInput) Apply(i *state.Inspection, now time.Time) error {
	if i.Origin == state.FromScript {
		in.Schedule, in.TimeZone, in.TimeoutSeconds = i.Schedule, i.TimeZone, int64(i.Timeout.Seconds())
	}
	if err := schedule.CheckSchedule(in.Schedule, in.TimeZone); err != nil {
		return invalid("body.schedule", err.Error())
	}
	if in.Levels != nil {
		if err := in.Levels.check("body.levels"); err != nil {
			return err
		}
		i.Thresholds = leak.Thresholds(*in.Levels)
	} else {
		i.Thresholds = leak.Thresholds{}
	}
	i.Name, i.Help, i.Hosts = strings.TrimSpace(in.Name), in.Help, in.Hosts
	if err := checkHosts(i.HostLines()); err != nil {
		return err
	}
	i.SourceID, i.PolicyID = in.SourceID, in.PolicyID
	i.Window = seconds(in.WindowSeconds, defaultWindow)
	i.History = defaultHistory
	if in.HistorySeconds != nil {
		i.History = time.Duration(*in.HistorySeconds) * time.Second
	}
	i.HealthyRuns, i.NoDataRuns = in.HealthyRuns, in.NoDataRuns
	if i.HealthyRuns == 0 {
		i.HealthyRuns = defaultHealthyRuns
	}
	if i.NoDataRuns == 0 {
		i.NoDataRuns = defaultNoDataRuns
	}
	i.Schedule, i.TimeZone, i.Timeout = strings.TrimSpace(in.Schedule), in.TimeZone, seconds(in.TimeoutSeconds, defaultTimeout)
	i.ExpiresAt = time.Time{}
	if in.ExpiresAt != nil {
		i.ExpiresAt = *in.ExpiresAt
	}
	i.Tags = in.Tags
	return SetEnabled(i, in.Enabled, now)
}

func seconds(n int64, otherwise time.Duration) time.Duration {
	if n == 0 {
		return otherwise
	}
	return time.Duration(n) * time.Second
}

// checkTrigger refuses changes of what the trigger of a script's inspection says.
func (in InspectionInput) checkTrigger(i state.Inspection) error {
	if i.Origin != state.FromScript {
		return nil
	}
	field := ""
	switch is := InputOf(i); {
	case strings.TrimSpace(in.Schedule) != is.Schedule:
		field = "schedule"
	case in.TimeZone != is.TimeZone:
		field = "time_zone"
	case in.TimeoutSeconds != 0 && in.TimeoutSeconds != is.TimeoutSeconds:
		field = "timeout_seconds"
	case in.ExpiresAt != nil:
		field = "expires_at"
	default:
		return nil
	}
	made := library.MadeByScript(i)
	if made.TriggerID == "" {
		return invalid("body."+field, "a script registered this inspection, and what ran it is deleted: give its function "+made.Function+" a trigger, which has the "+field)
	}
	return invalid("body."+field, "a script registered this inspection, and its trigger has the "+field+": change trigger "+made.TriggerID+" (PUT /api/v1/triggers/"+made.TriggerID+")")
}

// SetEnabled switches an inspection, and its trigger with it.
func SetEnabled(i *state.Inspection, enabled bool, now time.Time) error {
	i.Enabled, i.NextRunAt = enabled, time.Time{}
	if i.Origin == state.FromScript {
		return nil // its trigger has the schedule
	}
	if !enabled || !i.ExpiresAt.IsZero() && !i.ExpiresAt.After(now) {
		return nil
	}
	next, err := schedule.NextRun(i.Schedule, i.TimeZone, now)
	if err != nil {
		return invalid("body.schedule", err.Error())
	}
	i.NextRunAt = next
	return nil
}

// InputOf is the input that would write the record.
func InputOf(i state.Inspection) InspectionInput {
	history := int64(i.History.Seconds())
	in := InspectionInput{
		Name: i.Name, Help: i.Help, Hosts: i.Hosts, SourceID: i.SourceID,
		WindowSeconds: int64(i.Window.Seconds()), HistorySeconds: &history,
		HealthyRuns: i.HealthyRuns, NoDataRuns: i.NoDataRuns, PolicyID: i.PolicyID,
		Schedule: i.Schedule, TimeZone: i.TimeZone, TimeoutSeconds: int64(i.Timeout.Seconds()),
		Enabled: i.Enabled, Tags: i.Tags,
	}
	if i.Thresholds != (leak.Thresholds{}) {
		l := Levels(i.Thresholds)
		in.Levels = &l
	}
	if !i.ExpiresAt.IsZero() {
		in.ExpiresAt = &i.ExpiresAt
	}
	return in
}

// fieldsOf are the fields of an input as JSON.
func fieldsOf(in InspectionInput) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("write inspection %s: %w", in.Name, err)
	}
	fields := map[string]json.RawMessage{}
	return fields, json.Unmarshal(text, &fields)
}

// overridden notes in the record which fields the app has changed of an inspection that a file or a
// script wrote. A field that was taken out is null.
func overridden(i *state.Inspection, before InspectionInput) error {
	if i.Origin == state.FromApp {
		return nil
	}
	was, err := fieldsOf(before)
	if err != nil {
		return err
	}
	is, err := fieldsOf(InputOf(*i))
	if err != nil {
		return err
	}
	changed := map[string]json.RawMessage{}
	if len(i.Overrides) > 0 {
		if err := json.Unmarshal(i.Overrides, &changed); err != nil {
			return fmt.Errorf("read what was changed of inspection %s: %w", i.Name, err)
		}
	}
	for name := range maps.Keys(union(was, is)) {
		if string(was[name]) == string(is[name]) {
			continue
		}
		if changed[name] = is[name]; changed[name] == nil {
			changed[name] = json.RawMessage("null")
		}
	}
	i.Overrides, err = json.Marshal(changed)
	return err
}

func union[K comparable, V any](a, b map[K]V) map[K]V {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// Overridden is the input of a file or a script with what the app changed of it.
func Overridden(in InspectionInput, overrides json.RawMessage) (InspectionInput, error) {
	if len(overrides) == 0 || string(overrides) == "null" {
		return in, nil
	}
	fields, err := fieldsOf(in)
	if err != nil {
		return in, err
	}
	if err := json.Unmarshal(overrides, &fields); err != nil {
		return in, fmt.Errorf("read what was changed of inspection %s: %w", in.Name, err)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return in, fmt.Errorf("write inspection %s: %w", in.Name, err)
	}
	var out InspectionInput
	return out, json.Unmarshal(text, &out)
}

func (a *API) everyInspection(ctx context.Context) ([]state.Inspection, error) {
	return state.Every(func(p state.Page) ([]state.Inspection, string, error) {
		return a.DB.Inspections(ctx, workspaceOf(ctx), state.InspectionFilter{Page: p})
	})
}

// inspectionView adds to the record how it goes.
func (a *API) inspectionView(ctx context.Context, i state.Inspection) (Inspection, error) {
	v := Inspection{
		ID: i.ID, InspectionInput: InputOf(i), Origin: string(i.Origin), OriginKey: i.OriginKey, Overridden: []string{},
		Script: len(i.Script) > 0 && string(i.Script) != "null", NextRunAt: i.NextRunAt,
		TriggerID: library.MadeByScript(i).TriggerID, CreatedBy: i.CreatedBy, CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt,
	}
	var changed map[string]json.RawMessage
	if len(i.Overrides) > 0 && json.Unmarshal(i.Overrides, &changed) == nil {
		v.Overridden = append(v.Overridden, slices.Sorted(maps.Keys(changed))...)
	}
	runs, _, err := a.DB.Runs(ctx, i.WorkspaceID, state.RunFilter{InspectionID: i.ID, Page: state.Page{Limit: 1}})
	if err != nil {
		return v, err
	}
	if len(runs) > 0 {
		r := a.runView(languageOf(ctx), runs[0])
		v.LastRun = &r
	}
	c, err := a.DB.EventCounts(ctx, i.WorkspaceID, state.EventFilter{InspectionID: i.ID, Status: event.Open})
	v.OpenEvents = c.Total
	return v, err
}
