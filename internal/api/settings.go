package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

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
	}, a.getSettings)
	handle(a, route{
		method: http.MethodPut, path: "/settings", id: "update-settings", access: owns, tag: "Settings",
		summary: "Change the workspace's settings", audit: "settings.update", errors: []int{http.StatusPreconditionFailed},
	}, a.updateSettings)
}

// settings reads those of the workspace, with defaults for what was never set.
func (a *API) settings(ctx context.Context) (Settings, state.Workspace, error) {
	w, err := a.DB.Workspace(ctx, workspaceOf(ctx))
	if err != nil {
		return Settings{}, w, err
	}
	s, err := SettingsOf(w)
	return s, w, err
}

// SettingsOf reads the settings that a workspace keeps.
func SettingsOf(w state.Workspace) (Settings, error) {
	s := Settings{Levels: Levels(leak.DefaultThresholds)}
	if len(w.Settings) > 0 {
		if err := json.Unmarshal(w.Settings, &s); err != nil {
			return s, fmt.Errorf("read the settings of workspace %s: %w", w.Name, err)
		}
	}
	if s.Links == nil {
		s.Links = []LinkTemplate{}
	}
	return s, nil
}

func (a *API) getSettings(ctx context.Context, _ *noInput) (*versioned[Settings], error) {
	s, w, err := a.settings(ctx)
	return withETag(w.Version, s), err
}

func (a *API) updateSettings(ctx context.Context, in *settingsChange) (*versioned[Settings], error) {
	_, w, err := a.settings(ctx)
	if err != nil {
		return nil, err
	}
	note(ctx, w.ID, nil)
	if err := in.check(w.Version); err != nil {
		return nil, err
	}
	if err := in.Body.Levels.check("body.levels"); err != nil {
		return nil, err
	}
	for i, l := range in.Body.Links {
		if err := checkLink(fmt.Sprintf("body.links[%d].url", i), l.URL); err != nil {
			return nil, err
		}
	}
	// Other parts keep settings of their own in the same object.
	all := map[string]any{}
	if len(w.Settings) > 0 {
		if err := json.Unmarshal(w.Settings, &all); err != nil {
			return nil, fmt.Errorf("read the settings of workspace %s: %w", w.Name, err)
		}
	}
	all["levels"], all["links"], all["setup_done"] = in.Body.Levels, in.Body.Links, in.Body.SetupDone
	if w.Settings, err = json.Marshal(all); err != nil {
		return nil, fmt.Errorf("write the settings of workspace %s: %w", w.Name, err)
	}
	if err := a.DB.UpdateWorkspace(ctx, &w); err != nil {
		return nil, err
	}
	note(ctx, w.ID, in.Body)
	return a.getSettings(ctx, nil)
}

// check refuses levels that cross.
func (l Levels) check(at string) error {
	if l.ErrorHours < l.CriticalHours || l.ErrorPercent > l.CriticalPercent {
		return invalid(at, "error_hours must not be below critical_hours, and error_percent not above critical_percent")
	}
	return nil
}
