package api

import "net/http"

// Settings are those of the workspace.
type Settings struct {
	Levels    Levels         `json:"levels" doc:"For inspections that have none of their own."`
	Links     []LinkTemplate `json:"links" maxItems:"50"`
	SetupDone bool           `json:"setup_done" doc:"The first steps have been gone through."`
}

// LinkTemplate leads from an event to what else is known about its object.
type LinkTemplate struct {
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Logs in Kibana"`
	For  string `json:"for" enum:"logs,metrics,traces,containers,processes,security,visits,availability,ci,other" doc:"What it leads to."`
	URL  string `json:"url" minLength:"1" maxLength:"4000" example:"https://grafana.example.com/d/host?var-host={host}&from={from_ms}&to={to_ms}" doc:"http or https. Variables: {host} {kind} {name} {namespace} {owner} {culprit} {event} {inspection} {from} {to} (RFC 3339) {from_ms} {to_ms} (unix milliseconds), and {attribute:KEY}."`
}

type settingsChange struct {
	Guard
	Body Settings
}

func (a *API) settingsRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/settings", id: "get-settings", access: reads, tag: "Settings",
		summary: "Levels, link templates and first steps of the workspace",
	}, unbuilt[noInput, versioned[Settings]])
	handle(a, route{
		method: http.MethodPut, path: "/settings", id: "update-settings", access: owns, tag: "Settings",
		summary: "Change the workspace's settings", audit: "settings.update", errors: []int{http.StatusPreconditionFailed},
	}, unbuilt[settingsChange, versioned[Settings]])
}
