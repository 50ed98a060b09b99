package report

import (
	"math"
	"strconv"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// verdict is a finding as JSON. Fields that do not apply are absent; numbers are always finite.
type verdict struct {
	At           string          `json:"at"`
	Object       object          `json:"object"`
	Leak         bool            `json:"leak"`
	Wait         inspect.Wait    `json:"wait,omitempty"`
	Cause        leak.Cause      `json:"cause"`
	Reasons      []reason        `json:"reasons,omitempty"`
	Onset        string          `json:"onset,omitempty"`
	SlopePerHour *float64        `json:"slope_per_hour,omitempty"`
	SlopeLow     *float64        `json:"slope_low,omitempty"`
	SlopeHigh    *float64        `json:"slope_high,omitempty"`
	SlopeUnit    string          `json:"slope_unit,omitempty"`
	Exhaustion   *exhaustion     `json:"exhaustion,omitempty"`
	Restarts     *restarts       `json:"restarts,omitempty"`
	Confidence   float64         `json:"confidence"`
	Level        leak.Level      `json:"level"`
	Value        *float64        `json:"value,omitempty"`
	Suspects     []suspectObject `json:"suspects,omitempty"`
	Top          []usage         `json:"top,omitempty"`
	Unexplained  *int64          `json:"unexplained_bytes,omitempty"`
	Notes        []string        `json:"notes,omitempty"`
	Error        string          `json:"error,omitempty"`
}

type object struct {
	Kind      leak.Kind `json:"kind"`
	Host      string    `json:"host"`
	Name      string    `json:"name,omitempty"`
	Namespace string    `json:"namespace,omitempty"`
}

type reason struct {
	Code   string  `json:"code"`
	Text   string  `json:"text"`
	Value  float64 `json:"value"`
	Points float64 `json:"points"`
}

type exhaustion struct {
	At       string `json:"at"`
	Earliest string `json:"earliest,omitempty"`
	Latest   string `json:"latest,omitempty"`
}

type restarts struct {
	Count int      `json:"count"`
	First string   `json:"first"`
	Last  string   `json:"last"`
	Every int64    `json:"every_seconds,omitempty"`
	Peak  *float64 `json:"peak"`
	Next  string   `json:"next,omitempty"`
}

type suspectObject struct {
	Kind      leak.Kind `json:"kind"`
	Name      string    `json:"name"`
	Namespace string    `json:"namespace,omitempty"`
	Share     float64   `json:"share"`
	Growth    int64     `json:"growth_bytes"`
	Bytes     int64     `json:"bytes"`
	Count     int       `json:"count,omitempty"`
}

type usage struct {
	Kind      leak.Kind `json:"kind"`
	Name      string    `json:"name"`
	Namespace string    `json:"namespace,omitempty"`
	Bytes     int64     `json:"bytes"`
}

func newVerdict(f *inspect.Finding, lang string) verdict {
	v := &f.Verdict
	out := verdict{
		At:         rfc3339(f.At.Unix()),
		Object:     object{f.Object.Kind, f.Object.Host, f.Object.Name, f.Object.Namespace},
		Leak:       v.Leak,
		Wait:       f.Wait,
		Cause:      v.Cause,
		Confidence: orZero(v.Confidence),
		Level:      v.Level,
		Value:      inUnit(v.Value, f.Unit),
		Notes:      sentences(f.Notes, lang),
	}
	for _, r := range v.Reasons() {
		if value := finite(r.Value); value != nil {
			out.Reasons = append(out.Reasons, reason{r.Code, r.Text(lang), *value, orZero(r.Points)})
		}
	}
	if v.Onset != 0 {
		out.Onset = rfc3339(v.Onset)
	}
	if v.Leak {
		out.SlopePerHour, out.SlopeLow, out.SlopeHigh = inUnit(v.SlopePerHour, f.Unit), inUnit(v.SlopeLow, f.Unit), inUnit(v.SlopeHigh, f.Unit)
	}
	if out.Value != nil || out.SlopePerHour != nil {
		out.SlopeUnit = f.Unit.String()
	}
	if e := v.Exhaustion; e.At != 0 {
		out.Exhaustion = &exhaustion{At: rfc3339(e.At), Earliest: rfc3339OrNone(e.Earliest), Latest: rfc3339OrNone(e.Latest)}
	}
	if r := v.Restarts; r.Count > 0 {
		out.Restarts = &restarts{r.Count, rfc3339(r.First), rfc3339(r.Last), r.Every, inUnit(r.Peak, f.Unit), rfc3339OrNone(r.Next)}
	}
	for _, s := range f.Suspects {
		out.Suspects = append(out.Suspects, suspectObject{
			s.Kind, s.Name, s.Namespace, orZero(s.Share), wholeBytes(s.GrowthBytes), wholeBytes(s.Bytes), s.Count,
		})
	}
	for _, u := range f.Top {
		out.Top = append(out.Top, usage{u.Kind, u.Name, u.Namespace, wholeBytes(u.Bytes)})
	}
	if len(f.Suspects) > 0 && finite(f.Unexplained) != nil {
		bytes := wholeBytes(f.Unexplained)
		out.Unexplained = &bytes
	}
	if f.Err != nil {
		out.Error = f.Err.Error()
	}
	return out
}

// sentences says notes in the language of the report.
func sentences(notes []leak.Note, lang string) []string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Text(lang))
	}
	return out
}

func rfc3339(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }

func rfc3339OrNone(unix int64) string {
	if unix == 0 {
		return ""
	}
	return rfc3339(unix)
}

// inUnit is a percentage to seven digits, or whole bytes; nil where it is no number.
func inUnit(f float64, unit leak.Unit) *float64 {
	p := finite(f)
	if p != nil && unit == leak.Bytes {
		*p = math.Round(f)
	}
	return p
}

// finite is the number to seven digits, nil where it is none: more digits are noise to a reader.
func finite(f float64) *float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 7, 64), 64)
	if err != nil || short == 0 { // beyond the range, or minus zero
		short = 0
	}
	return &short
}

func orZero(f float64) float64 {
	if p := finite(f); p != nil {
		return *p
	}
	return 0
}

func wholeBytes(f float64) int64 {
	const most = 1 << 62
	if math.IsNaN(f) {
		return 0
	}
	return int64(math.Round(min(max(f, -most), most)))
}
