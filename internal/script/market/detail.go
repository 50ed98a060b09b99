package market

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/memseep/memseep/internal/state"
)

// Detail is all that a person reads of a package before and after it is installed.
type Detail struct {
	Listed
	Manifest
	Changelog, ChangelogZH string
	Contents               []Content
	StartupCode            string
	Set                    map[string]bool // placeholders whose value is there already
	Existing               *Existing       // the startup script that is there; nil where none is
}

// Content is a file of a package.
type Content struct {
	Name   string
	Bytes  int
	SHA256 string
}

// Existing is a startup script that is there.
type Existing struct {
	ScriptID  string
	TriggerID string // empty where it has none
	Diff      string // to what the package has; empty where they are the same
}

// Detail reads a package of a source, or, of the source "installed", what is remembered of it.
func (m *Market) Detail(ctx context.Context, workspaceID, sourceID, name string) (Detail, error) {
	installed, err := m.installed(ctx, m.DB.Queries, workspaceID)
	if err != nil {
		return Detail{}, err
	}
	var d Detail
	if sourceID == InstalledSource {
		in, err := m.Installed(ctx, workspaceID, name)
		if err != nil {
			return d, err
		}
		d = Detail{
			Listed:   Listed{Offer: in.offer(), SourceID: InstalledSource, SourceName: in.SourceName, Installed: in},
			Manifest: in.Manifest, Changelog: in.Changelog, ChangelogZH: in.ChangelogZH, StartupCode: in.StartupCode,
		}
	} else {
		p, s, err := m.get(ctx, workspaceID, sourceID, name)
		if err != nil {
			return d, err
		}
		d = Detail{Listed: listed(s, p.offer(), installed), Manifest: p.Manifest}
		d.Changelog, d.ChangelogZH = p.Changelog()
		for _, name := range slices.Sorted(maps.Keys(p.Files)) {
			d.Contents = append(d.Contents, Content{name, len(p.Files[name]), digestOf(p.Files[name])})
		}
		if p.Startup != nil {
			d.StartupCode = string(p.Files[p.Startup.File])
		}
	}
	return d, m.startup(ctx, workspaceID, &d)
}

// startup tells what is there of the package's startup script.
func (m *Market) startup(ctx context.Context, workspaceID string, d *Detail) error {
	d.Set = map[string]bool{}
	if d.Startup == nil {
		return nil
	}
	set, err := m.DB.ScriptSetByName(ctx, workspaceID, d.Startup.Set)
	if err != nil && !errors.Is(err, state.ErrNotFound) {
		return err
	}
	there, err := m.DB.VariablesOf(ctx, workspaceID, set.ID)
	if err != nil {
		return err
	}
	for _, p := range d.Placeholders {
		d.Set[p.Name] = isSet(there, p.Name)
	}
	if set.ID == "" {
		return nil
	}
	scripts, err := scriptsOf(ctx, m.DB.Queries, workspaceID, set.ID)
	i := slices.IndexFunc(scripts, func(s state.Script) bool { return s.Name == d.Startup.Name })
	if err != nil || i < 0 {
		return err
	}
	d.Existing = &Existing{ScriptID: scripts[i].ID, Diff: diff(scripts[i], &Installed{Manifest: d.Manifest, StartupCode: d.StartupCode})}
	triggers, _, err := m.DB.Triggers(ctx, workspaceID, state.TriggerFilter{ScriptID: scripts[i].ID, Page: state.Page{Limit: 1}})
	if err == nil && len(triggers) > 0 {
		d.Existing.TriggerID = triggers[0].ID
	}
	return err
}
