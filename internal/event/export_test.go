package event

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestExportHasTheNamesTypesAndUnitsOfThePlatform(t *testing.T) {
	e := open(t, leaking(midnight))
	e.Silenced = true
	begun, ended := midnight.Unix(), midnight.Add(3*time.Hour).Unix()
	over := RecoverByHand(e, "ann", "restarted", midnight.Add(3*time.Hour)).Event
	gone := over
	gone.Recovery = NoData
	for _, c := range []struct {
		name  string
		event Event
		want  map[string]any
	}{
		{"open", e, map[string]any{
			"df_event_id": "e1", "df_status": "error", "df_sub_status": "error", "df_source": "monitor", "df_monitor_id": "i",
			"df_monitor_name": "Memory", "df_monitor_type": "bot_obs", "df_monitor_ref_key": "i", "df_fault_id": "e1", "df_fault_status": "fault",
			"df_date_range": int64(21600), "df_check_range_start": begun - 21600, "df_check_range_end": begun,
			"df_issue_start_time": begun, "df_issue_duration": int64(0), "df_is_silent": "true", "date": begun,
			"df_dimension_tags": `{"culprit":"java","host":"web-1","kind":"host"}`, "host": "web-1",
		}},
		{"over by hand", over, map[string]any{
			"df_status": "ok", "df_sub_status": "manual_ok", "df_fault_status": "ok", "df_fault_duration": int64(3 * 3600), "date": ended,
		}},
		{"its data ended", gone, map[string]any{"df_status": "ok", "df_sub_status": "nodata_as_ok"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Export(c.event, []Entry{{EventID: "e1", Seq: 1, Change: Opened}}, "zh")
			for key, want := range c.want {
				if got[key] != want {
					t.Errorf("%s is %v (%T), want %v (%T)", key, got[key], got[key], want, want)
				}
			}
			for _, key := range []string{"df_title", "df_message"} {
				if s, ok := got[key].(string); !ok || !strings.Contains(s, "java") {
					t.Errorf("%s is %v", key, got[key])
				}
			}
			var detail struct {
				History []Entry
				Curve   Curve
			}
			text, _ := got["df_event_detail"].(string)
			if err := json.Unmarshal([]byte(text), &detail); err != nil || len(detail.History) != 1 || len(detail.Curve.Values) != 360 {
				t.Errorf("detail %.100s: %v", text, err)
			}
		})
	}
}

func TestExportOfWhatAScriptReported(t *testing.T) {
	o := Options{WorkspaceID: "w", InspectionID: "i", Inspection: "Disks", NewID: func() string { return "e1" }}
	r := Report{Title: "Full", Message: "**92 %**", Level: Info, Dimensions: map[string]string{"host": "web-1", "disk": "/var"}}
	opened := AdvanceReports(nil, []Report{r}, midnight, midnight, o)
	if len(opened) != 1 {
		t.Fatalf("%d events", len(opened))
	}
	got := Export(opened[0].Event, opened[0].Entries, "en")
	for key, want := range map[string]any{
		"df_title": "Full", "df_message": "**92 %**", "df_status": "info", "df_date_range": int64(0), "disk": "/var", "host": "web-1",
		"df_check_range_start": midnight.Unix(), "df_dimension_tags": `{"disk":"/var","host":"web-1","kind":"check"}`,
	} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
}
