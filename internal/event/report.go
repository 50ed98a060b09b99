package event

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// Report is what a check of a script says of one object.
type Report struct {
	Title      string
	Message    string            // Markdown
	Level      leak.Level        // Info, leak.Warning, leak.Error or leak.Critical; leak.OK recovers what is open
	Dimensions map[string]string // name the object, and never change; "host" is the host's name
}

// AdvanceReports takes what a check has reported in: the open events of its inspection that were
// reported, and reports, become transitions, one for each event that changed.
//
// at is the time of the run, now when it is told. An object is what its dimensions say; where there
// are none, what the title says. Its event goes on until a report of OK ends it: what is reported no
// more stays open. Of several reports on one object the last one counts. A run that is taken in again
// changes nothing, and neither does one that is older than what the event knows.
func AdvanceReports(open []Event, reports []Report, at, now time.Time, o Options) []Transition {
	byPrint := map[string]Event{}
	for _, e := range open {
		if e.Status == Open && e.Object.Kind == KindCheck {
			byPrint[e.Fingerprint] = e
		}
	}
	var out []Transition
	for _, r := range lastReports(reports, o) {
		t, changed := Transition{}, false
		if e, isOpen := byPrint[r.fingerprint]; isOpen {
			t, changed = r.goOn(e, at.UTC(), now)
		} else if r.Level != leak.OK {
			t, changed = r.begin(at.UTC(), now, o)
		}
		if changed {
			out = append(out, t)
		}
	}
	return out
}

// ReportFingerprint is who a reported event is about: the workspace, the id of the inspection and the
// dimensions, or the title where there are none.
func ReportFingerprint(workspace, inspection string, r Report) string {
	parts := []string{workspace, inspection, string(KindCheck)}
	if len(r.Dimensions) == 0 {
		parts = append(parts, "", r.Title)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Dimensions)) {
		parts = append(parts, key, r.Dimensions[key])
	}
	return digest(parts)
}

// report is a Report on an object.
type report struct {
	Report
	fingerprint string
}

// lastReports are the last reports on each object, in the order in which the objects came.
func lastReports(reports []Report, o Options) []report {
	var out []report
	place := map[string]int{}
	for _, r := range reports {
		r.Title = strings.TrimSpace(r.Title)
		one := report{Report: r, fingerprint: ReportFingerprint(o.WorkspaceID, o.InspectionID, r)}
		if n, again := place[one.fingerprint]; again {
			out[n] = one
			continue
		}
		place[one.fingerprint] = len(out)
		out = append(out, one)
	}
	return out
}

// begin opens an event, unless this very run had its word on one that is closed since.
func (r *report) begin(at, now time.Time, o Options) (Transition, bool) {
	attributes := map[string]string{}
	if earlier := earlierOf(o.Earlier, r.fingerprint, at); earlier != nil {
		if !earlier.CheckedAt.Before(at) {
			return Transition{}, false
		}
		attributes[AttrEarlier] = earlier.ID
	}
	verdict := Verdict{At: at, Level: r.Level, Reasons: []Reason{}}
	e := Event{
		ID: o.NewID(), WorkspaceID: o.WorkspaceID, InspectionID: o.InspectionID, Inspection: o.Inspection,
		Fingerprint: r.fingerprint, Object: r.object(), Title: r.Title, Message: r.Message,
		Status: Open, Level: r.Level, OpenedAt: at, UpdatedAt: at, LastSeenAt: at, CheckedAt: at,
		Verdict: verdict, Suspects: []Suspect{}, Dimensions: r.dimensions(), Attributes: attributes,
		Snapshot: Snapshot{Verdict: verdict, Suspects: []Workload{}, Top: []Workload{}, Curve: Curve{Values: []*float64{}}},
	}
	t := Transition{Event: e, New: true}
	t.add(Opened, now, "", "")
	return t, true
}

// goOn takes a report into its event.
func (r *report) goOn(e Event, at, now time.Time) (Transition, bool) {
	if at.Before(e.CheckedAt) {
		return Transition{}, false
	}
	t := Transition{Event: e}
	is := &t.Event
	is.CheckedAt = at
	if r.Level == leak.OK {
		is.Message = cmp.Or(r.Message, is.Message)
		t.close(ByItself, at, now)
		return t, true
	}
	again := e.CheckedAt.Equal(at) && e.Level == r.Level && e.Title == r.Title && e.Message == r.Message
	is.LastSeenAt, is.Level, is.Title, is.Message = at, r.Level, r.Title, r.Message
	is.Verdict.At, is.Verdict.Level = at, r.Level
	if e.Title != r.Title || e.Message != r.Message || e.Level != r.Level {
		is.UpdatedAt = at
	}
	if d := rankOf(r.Level) - rankOf(e.Level); e.NotLeak != "" {
		return t, !again
	} else if d > 0 {
		t.add(LevelRose, now, "", string(e.Level))
	} else if d < 0 {
		t.add(LevelFell, now, "", string(e.Level))
	}
	return t, !again
}

// object names what was reported: the host where a dimension does, and what the others say.
func (r *report) object() leak.Object {
	o := leak.Object{Kind: KindCheck, Host: r.Dimensions["host"], Name: r.Title}
	if len(r.Dimensions) == 0 {
		return o
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(r.Dimensions)) {
		if key != "host" {
			parts = append(parts, key+":"+r.Dimensions[key])
		}
	}
	o.Name = strings.Join(parts, ", ")
	return o
}

// dimensions are those of the report, and what rules match every event by.
func (r *report) dimensions() map[string]string {
	m := with(r.Dimensions, "kind", string(KindCheck))
	maps.Copy(m, r.Dimensions)
	return m
}
