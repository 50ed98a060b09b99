package api

import (
	"net/http"
	"time"
)

// Curves are the memory of an object over time, decimated for a chart.
type Curves struct {
	Object    Object          `json:"object"`
	Unit      string          `json:"unit" enum:"percent,bytes"`
	From      time.Time       `json:"from"`
	To        time.Time       `json:"to"`
	Capacity  float64         `json:"capacity,omitempty" doc:"Limit in the unit; absent where unknown."`
	Total     float64         `json:"total_bytes,omitempty" doc:"Memory of the host in bytes."`
	Window    Curve           `json:"window" doc:"Samples of the part that was asked for; where there are more than points, the lowest and the highest of each step stay."`
	Floors    Curve           `json:"floors" doc:"Lowest sample of each 15 minutes, up to 7 days."`
	Fit       *Line           `json:"fit,omitempty" doc:"The slope that was fitted, from the onset to the end of the window."`
	Forecast  *Band           `json:"forecast,omitempty" doc:"How it goes on, until the limit is reached or the time ends."`
	Onset     time.Time       `json:"onset,omitzero"`
	Workloads []WorkloadCurve `json:"workloads" doc:"Largest first, in bytes."`
	Events    []Mark          `json:"events" doc:"Events of the object in the time shown."`
}

// Line is a straight one.
type Line struct {
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	FromValue float64   `json:"from_value"`
	ToValue   float64   `json:"to_value"`
}

// Band is a forecast with the ends of its interval, all from the same point on.
type Band struct {
	From     time.Time `json:"from"`
	Value    float64   `json:"value" doc:"At from."`
	PerHour  float64   `json:"per_hour"`
	LowHour  float64   `json:"low_per_hour"`
	HighHour float64   `json:"high_per_hour"`
	At       time.Time `json:"at,omitzero" doc:"When the limit is reached."`
	Earliest time.Time `json:"earliest,omitzero"`
	Latest   time.Time `json:"latest,omitzero"`
	Killed   time.Time `json:"killed,omitzero" doc:"When it ends by a kill, of a leak that is killed and leaks again."`
}

// WorkloadCurve is the memory of one workload.
type WorkloadCurve struct {
	Object      Object `json:"object"`
	Owner       string `json:"owner,omitempty"`
	Bytes       int64  `json:"bytes" doc:"At the end."`
	GrowthBytes int64  `json:"growth_bytes" doc:"In the window."`
	Curve       Curve  `json:"curve"`
}

// Mark is an event on a chart.
type Mark struct {
	ID          string    `json:"id"`
	Title       string    `json:"title"`
	Level       string    `json:"level" enum:"critical,error,warning,ok"`
	OpenedAt    time.Time `json:"opened_at"`
	RecoveredAt time.Time `json:"recovered_at,omitzero"`
}

// CurveRange is the part of a curve that a chart shows.
type CurveRange struct {
	From      time.Time `query:"from" doc:"Absent: six hours before the end."`
	To        time.Time `query:"to" doc:"Absent: for an event the end of the window that showed it first; for a host now."`
	Points    int       `query:"points" minimum:"10" maximum:"5000" default:"720" doc:"Samples at most in each curve."`
	Workloads int       `query:"workloads" minimum:"0" maximum:"100" default:"10" doc:"How many of the largest workloads."`
}

type eventCurvesInput struct {
	ByID
	CurveRange
}

type hostCurvesInput struct {
	HostPath
	CurveRange
}

func (a *API) curveRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}/series", id: "event-series", access: reads, tag: "Events",
		summary: "The curve of an event's object, with floors, fit, forecast and workloads", errors: []int{http.StatusNotFound, http.StatusBadGateway},
		description: "Read from the source of the inspection; what is no longer kept there is missing, and the snapshot of the event has the curve of its opening.",
	}, a.eventCurves)
	handle(a, route{
		method: http.MethodGet, path: "/hosts/{host}/series", id: "host-series", access: reads, tag: "Hosts",
		summary: "The curve of a host, with floors, workloads and events", errors: []int{http.StatusNotFound, http.StatusBadGateway},
	}, a.hostCurves)
}
