package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/state"
)

type inspectionFileInput struct {
	ID []string `query:"id,explode" maxItems:"1000" doc:"Those to export; absent is all."`
}

type importInput struct {
	DryRun  bool   `query:"dry_run" doc:"Say what would change, and change nothing."`
	RawBody []byte `contentType:"application/yaml" doc:"YAML as the export writes it."`
}

// Import is what importing changed, or would change.
type Import struct {
	Added     []string `json:"added" doc:"Names."`
	Updated   []string `json:"updated"`
	Unchanged []string `json:"unchanged"`
}

func (a *API) exportInspections(ctx context.Context, in *inspectionFileInput) (*streamOutput, error) {
	rows, err := a.everyInspection(ctx)
	if err != nil {
		return nil, err
	}
	sources, err := a.sourceNames(ctx)
	if err != nil {
		return nil, err
	}
	var list []config.Inspection
	for _, i := range rows {
		if len(in.ID) == 0 || slices.Contains(in.ID, i.ID) {
			list = append(list, fileForm(i, sources))
		}
	}
	text, err := config.FormatInspections(list)
	if err != nil {
		return nil, err
	}
	write := func(c huma.Context) {
		c.SetHeader("Content-Disposition", `attachment; filename="inspections.yaml"`)
		if _, err := c.BodyWriter().Write(text); err != nil {
			a.Logger.DebugContext(ctx, "answer not sent", "error", err)
		}
	}
	return &streamOutput{ContentType: "application/yaml", Body: write}, nil
}

// sourceNames are the names of the workspace's sources by identifier.
func (a *API) sourceNames(ctx context.Context) (map[string]string, error) {
	rows, err := state.Every(func(p state.Page) ([]state.Source, string, error) { return a.DB.Sources(ctx, workspaceOf(ctx), p) })
	names := map[string]string{}
	for _, s := range rows {
		names[s.ID] = s.Name
	}
	return names, err
}

func fileForm(i state.Inspection, sources map[string]string) config.Inspection {
	history, enabled := config.Duration(i.History), i.Enabled
	in := InputOf(i)
	f := config.Inspection{
		Name: i.Name, Help: i.Help, Hosts: config.Lines(i.Hosts), Source: sources[i.SourceID],
		Window: config.Duration(i.Window), History: &history, HealthyRuns: i.HealthyRuns, NoDataRuns: i.NoDataRuns,
		Policy: i.PolicyID, Schedule: i.Schedule, TimeZone: i.TimeZone, Timeout: config.Duration(i.Timeout),
		Enabled: &enabled, Expires: in.ExpiresAt, Tags: i.Tags,
	}
	if in.Levels != nil {
		t := config.Thresholds(*in.Levels)
		f.Levels = &t
	}
	return f
}

// InputOfFile turns what a file says into an input; sources maps names to identifiers.
func InputOfFile(f config.Inspection, sources map[string]string) (InspectionInput, error) {
	in := InspectionInput{
		Name: f.Name, Help: f.Help, Hosts: string(f.Hosts), WindowSeconds: wholeSeconds(f.Window),
		HealthyRuns: f.HealthyRuns, NoDataRuns: f.NoDataRuns, PolicyID: f.Policy, Schedule: f.Schedule, TimeZone: f.TimeZone,
		TimeoutSeconds: wholeSeconds(f.Timeout), Enabled: f.Enabled == nil || *f.Enabled, ExpiresAt: f.Expires, Tags: f.Tags,
	}
	if f.History != nil {
		h := wholeSeconds(*f.History)
		in.HistorySeconds = &h
	}
	if f.Levels != nil {
		l := Levels(*f.Levels)
		in.Levels = &l
	}
	if f.Source != "" {
		id, ok := sources[f.Source]
		if !ok {
			return in, fmt.Errorf("there is no source named %q: add it first, or leave source out for the workspace's own store", f.Source)
		}
		in.SourceID = id
	}
	return in, in.checkBounds()
}

func wholeSeconds(d config.Duration) int64 { return int64(time.Duration(d).Seconds()) }

// checkBounds holds what came from a file to the bounds that the API states.
func (in InspectionInput) checkBounds() error {
	switch {
	case in.WindowSeconds != 0 && (in.WindowSeconds < 2*3600 || in.WindowSeconds > 6*3600):
		return errors.New("window has to lie between 2h and 6h")
	case in.HistorySeconds != nil && (*in.HistorySeconds < 0 || *in.HistorySeconds > 7*24*3600):
		return errors.New("history has to lie between 0s and 7d")
	case in.TimeoutSeconds < 0 || in.TimeoutSeconds > 3600:
		return errors.New("timeout has to lie between 1s and 1h")
	case in.ExpiresAt != nil && !canBeWritten(*in.ExpiresAt):
		return errors.New("expires has to lie in the years 1 to 9999")
	case in.HealthyRuns < 0 || in.HealthyRuns > 100 || in.NoDataRuns < 0 || in.NoDataRuns > 1000:
		return errors.New("healthy_runs has to lie between 1 and 100, no_data_runs between 1 and 1000")
	}
	return nil
}

func (a *API) importInspections(ctx context.Context, in *importInput) (*bodyOutput[Import], error) {
	list, err := config.ParseInspections(in.RawBody)
	if err != nil {
		return nil, invalid("body", err.Error())
	}
	sources, err := a.sourceNames(ctx)
	if err != nil {
		return nil, err
	}
	byName := map[string]string{}
	for id, name := range sources {
		byName[name] = id
	}
	out := Import{Added: []string{}, Updated: []string{}, Unchanged: []string{}}
	err = a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		out = Import{Added: []string{}, Updated: []string{}, Unchanged: []string{}}
		for _, f := range list {
			if err := a.importOne(ctx, tx, f, byName, &out); err != nil {
				return invalid("body", fmt.Sprintf("line %d: inspection %q: %v", f.Line, f.Name, err))
			}
		}
		if in.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return nil, err
	}
	note(ctx, "", out)
	return body(out), nil
}

// errDryRun rolls a trial back.
var errDryRun = errors.New("nothing is changed")

func (a *API) importOne(ctx context.Context, tx *state.Tx, f config.Inspection, sources map[string]string, out *Import) error {
	in, err := InputOfFile(f, sources)
	if err != nil {
		return err
	}
	ws := workspaceOf(ctx)
	rows, err := state.Every(func(p state.Page) ([]state.Inspection, string, error) {
		return tx.Inspections(ctx, ws, state.InspectionFilter{Page: p})
	})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(rows, func(i state.Inspection) bool { return i.Name == f.Name })
	if at < 0 {
		i := state.Inspection{WorkspaceID: ws, Origin: state.FromApp, CreatedBy: personOf(ctx)}
		if err := in.Apply(&i, a.Clock()); err != nil {
			return err
		}
		out.Added = append(out.Added, f.Name)
		return tx.AddInspection(ctx, &i)
	}
	i := rows[at]
	before := InputOf(i)
	if err := in.Apply(&i, a.Clock()); err != nil {
		return err
	}
	was, err := fieldsOf(before)
	if err != nil {
		return err
	}
	is, err := fieldsOf(InputOf(i))
	if err != nil {
		return err
	}
	if fmt.Sprint(was) == fmt.Sprint(is) {
		out.Unchanged = append(out.Unchanged, f.Name)
		return nil
	}
	if err := overridden(&i, before); err != nil {
		return err
	}
	i.UpdatedAt = a.Clock()
	out.Updated = append(out.Updated, f.Name)
	return tx.UpdateInspection(ctx, &i)
}

// CheckFile refuses inspections of a file that a server could not take, as far as that shows without
// its records.
func CheckFile(list []config.Inspection) error {
	for _, f := range list {
		sources := map[string]string{f.Source: "named"}
		in, err := InputOfFile(f, sources)
		if err == nil {
			err = in.Apply(&state.Inspection{}, time.Unix(0, 0))
		}
		if err != nil {
			return fmt.Errorf("line %d: inspection %q: %w", f.Line, f.Name, err)
		}
	}
	return nil
}
