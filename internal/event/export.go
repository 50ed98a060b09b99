package event

import (
	"encoding/json"
	"time"

	"github.com/memseep/memseep/leak"
)

// Export writes an event with the names that the platform's key events have, so that what reads
// those reads these: times and durations are whole seconds, the dimensions and the detail are JSON in
// a string, whether it is silenced is "true" or "false". A dimension stands beside them by its own
// name too.
func Export(e Event, entries []Entry, lang string) map[string]any {
	at := e.UpdatedAt
	end := e.Verdict.At
	if e.Status == Open && e.LastSeenAt.After(at) {
		at = e.LastSeenAt
	}
	if e.Status == Recovered {
		at, end = e.RecoveredAt, e.CheckedAt
	}
	start := end.Add(-windowOf(&e))
	lasted := max(at.Sub(e.OpenedAt), 0)
	status, detail := exportStatus(&e)
	fault := "fault"
	if e.Status == Recovered {
		fault = "ok"
	}
	out := map[string]any{
		"date":                 at.Unix(),
		"timestamp":            at.Unix(),
		"df_event_id":          e.ID,
		"df_title":             Title(e, lang),
		"df_message":           Overview(e, lang),
		"df_status":            status,
		"df_sub_status":        detail,
		"df_source":            "monitor",
		"df_monitor_id":        e.InspectionID,
		"df_monitor_name":      e.Inspection,
		"df_monitor_type":      "bot_obs",
		"df_monitor_ref_key":   e.InspectionID,
		"df_dimension_tags":    jsonText(e.Dimensions),
		"df_date_range":        int64(windowOf(&e) / time.Second),
		"df_check_range_start": start.Unix(),
		"df_check_range_end":   end.Unix(),
		"df_issue_start_time":  e.OpenedAt.Unix(),
		"df_issue_duration":    int64(lasted / time.Second),
		"df_fault_id":          e.ID,
		"df_fault_status":      fault,
		"df_fault_start_time":  e.OpenedAt.Unix(),
		"df_fault_duration":    int64(lasted / time.Second),
		"df_event_detail":      jsonText(exportDetail(&e, entries, lang)),
		"df_is_silent":         map[bool]string{true: "true", false: "false"}[e.Silenced],
		"df_language":          lang,
		"df_workspace_uuid":    e.WorkspaceID,
	}
	for key, value := range e.Dimensions {
		if _, taken := out[key]; !taken {
			out[key] = value
		}
	}
	return out
}

// exportStatus are the status and what it is in detail: an event that is over is ok, and the detail
// tells how it came to be.
func exportStatus(e *Event) (status, detail string) {
	if e.Status == Open {
		return string(e.Level), string(e.Level)
	}
	switch e.Recovery {
	case NoData:
		return string(leak.OK), "nodata_as_ok"
	case ByHand:
		return string(leak.OK), "manual_ok"
	}
	return string(leak.OK), string(leak.OK)
}

// windowOf is the length of the window that the snapshot shows; six hours where it shows none. What a
// script reports is of a moment.
func windowOf(e *Event) time.Duration {
	if e.Object.Kind == KindCheck {
		return 0
	}
	if c := e.Snapshot.Curve; len(c.Values) > 1 {
		return time.Duration(int64(len(c.Values))*c.Step) * time.Second
	}
	return 6 * time.Hour
}

// exportDetail is what the platform has no field for.
func exportDetail(e *Event, entries []Entry, lang string) map[string]any {
	reasons := []string{}
	for _, r := range e.Verdict.Reasons {
		reasons = append(reasons, leak.Reason{Code: r.Code, Value: r.Value, Points: r.Points}.Text(lang))
	}
	if entries == nil {
		entries = []Entry{}
	}
	return map[string]any{
		"object": e.Object, "verdict": e.Verdict, "reasons": reasons, "suspects": e.Suspects, "top": e.Snapshot.Top,
		"curve": e.Snapshot.Curve, "attributes": e.Attributes, "incident_id": e.IncidentID, "history": entries,
	}
}

// jsonText is a value as JSON in a string. What is exported holds finite numbers and strings alone,
// which always can be written.
func jsonText(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "{}"
	}
	return string(text)
}
