package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

type eventExportInput struct {
	EventFilter
	IDs    []string `query:"id,explode" maxItems:"1000" doc:"These alone; absent is all that the filter chooses."`
	Format string   `query:"format" enum:"csv,json,jsonl" default:"csv"`
	Form   string   `query:"form" enum:"own,df" default:"own" doc:"Names of fields: our own, or df_…"`
}

// exportLimit is how many events one file may hold.
const exportLimit = 100_000

func (a *API) exportEvents(ctx context.Context, in *eventExportInput) (*streamOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	media := map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json", "jsonl": "application/x-ndjson"}[in.Format]
	write := func(c huma.Context) {
		c.SetHeader("Content-Disposition", `attachment; filename="events.`+in.Format+`"`)
		if err := a.writeEvents(ctx, c.BodyWriter(), in, f); err != nil && ctx.Err() == nil {
			a.Logger.ErrorContext(ctx, "export of events ended early", "error", err)
		}
	}
	return &streamOutput{ContentType: media, Body: write}, nil
}

func (a *API) writeEvents(ctx context.Context, w io.Writer, in *eventExportInput, f state.EventFilter) error {
	out := exportFormats[in.Format](w)
	err := a.eachExported(ctx, in.IDs, f, func(e event.Event) error {
		if in.Form == "df" {
			entries, err := a.DB.Entries(ctx, e.WorkspaceID, e.ID)
			if err != nil {
				return err
			}
			return out.write(event.Export(e, entries, string(languageOf(ctx))))
		}
		row, err := ownFields(a.summary(languageOf(ctx), e))
		if err != nil {
			return err
		}
		row["message"] = e.Message
		return out.write(row)
	})
	return errors.Join(err, out.end())
}

func (a *API) eachExported(ctx context.Context, ids []string, f state.EventFilter, each func(event.Event) error) error {
	ws := workspaceOf(ctx)
	for _, id := range ids {
		e, err := a.DB.Event(ctx, ws, id)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := each(e); err != nil {
			return err
		}
	}
	if len(ids) > 0 {
		return nil
	}
	f.Page = state.Page{Limit: 1000}
	for n := 0; n < exportLimit; n += 1000 {
		rows, next, err := a.DB.Events(ctx, ws, f)
		if err != nil {
			return err
		}
		for _, e := range rows {
			if err := each(e); err != nil {
				return err
			}
		}
		if f.Cursor = next; next == "" {
			break
		}
	}
	return nil
}

// ownFields are those of the API's lists.
func ownFields(s EventSummary) (map[string]any, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write event %s: %w", s.ID, err)
	}
	row := map[string]any{}
	return row, json.Unmarshal(text, &row)
}

// exporter writes one event after the other.
type exporter interface {
	write(row map[string]any) error
	end() error
}

var exportFormats = map[string]func(io.Writer) exporter{
	"csv":   func(w io.Writer) exporter { return &csvExport{w: csv.NewWriter(w)} },
	"json":  func(w io.Writer) exporter { return &jsonExport{w: w} },
	"jsonl": func(w io.Writer) exporter { return lineExport{json.NewEncoder(w)} },
}

type lineExport struct{ e *json.Encoder }

func (l lineExport) write(row map[string]any) error { return l.e.Encode(row) }
func (lineExport) end() error                       { return nil }

type jsonExport struct {
	w       io.Writer
	written bool
}

func (j *jsonExport) write(row map[string]any) error {
	text, err := json.Marshal(row)
	if err != nil {
		return err
	}
	before := ",\n"
	if !j.written {
		before, j.written = "[\n", true
	}
	_, err = io.WriteString(j.w, before+string(text))
	return err
}

func (j *jsonExport) end() error {
	after := "\n]\n"
	if !j.written {
		after = "[]\n"
	}
	_, err := io.WriteString(j.w, after)
	return err
}

// csvExport has the columns of ownColumns, or for another form those of its first event.
type csvExport struct {
	w       *csv.Writer
	columns []string
}

// ownColumns are the fields of a list that fit into a cell, in the order of reading.
var ownColumns = []string{
	"id", "status", "level", "title", "object.kind", "object.host", "object.namespace", "object.name", "owner",
	"culprit.kind", "culprit.name", "culprit.share", "culprit.growth_bytes", "cause", "onset", "opened_at", "recovered_at", "recovery",
	"duration_seconds", "unit", "value", "slope_per_hour", "exhaustion", "left_seconds", "confidence",
	"inspection", "incident_id", "acknowledged_by", "acknowledged_at", "not_leak", "attributes",
}

func (c *csvExport) write(row map[string]any) error {
	if c.columns == nil {
		c.columns = ownColumns
		if _, own := row["opened_at"]; !own {
			c.columns = slices.Sorted(maps.Keys(row))
		}
		if err := c.w.Write(c.columns); err != nil {
			return err
		}
	}
	cells := make([]string, len(c.columns))
	for i, name := range c.columns {
		cells[i] = cell(field(row, name))
	}
	return c.w.Write(cells)
}

func (c *csvExport) end() error {
	if c.columns == nil {
		if err := c.w.Write(ownColumns); err != nil {
			return err
		}
	}
	c.w.Flush()
	return c.w.Error()
}

func field(row map[string]any, path string) any {
	name, rest, nested := strings.Cut(path, ".")
	v := row[name]
	if inner, ok := v.(map[string]any); nested && ok {
		return field(inner, rest)
	} else if nested {
		return nil
	}
	return v
}

// cell writes a value for a table. What a spreadsheet would take for a formula is marked as text.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
			return "'" + v
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return strings.Trim(string(text), `"`)
}
