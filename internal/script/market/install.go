package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

// Install installs a package, or installs it again, upgrades it, and with force downgrades it or
// overwrites what was edited. All of it is there afterwards, or nothing of it.
func (m *Market) Install(ctx context.Context, workspaceID, sourceID, name string, force bool, by string) (Installed, error) {
	p, s, err := m.get(ctx, workspaceID, sourceID, name)
	if err != nil {
		return Installed{}, err
	}
	in := m.record(p, s, by)
	text, err := json.Marshal(in)
	if err != nil {
		return Installed{}, fmt.Errorf("keep what was installed: %w", err)
	}
	err = m.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		set, err := m.target(ctx, tx, workspaceID, p, force, by)
		if err != nil {
			return err
		}
		set.Package, set.PackageName = text, p.Name
		set.Title, set.Description, set.UpdatedAt = p.Title, p.Description, m.Clock()
		if err := p.loads(ctx, tx.Queries, workspaceID); err != nil {
			return &SourceError{s.Name, fmt.Errorf("%s %s: %w", p.Name, p.Version, err)}
		}
		if err := m.Library.PutSet(ctx, tx, set, p.scripts(), p.Name+" "+p.Version, by); err != nil {
			return fmt.Errorf("install %s %s: %w", p.Name, p.Version, err)
		}
		in.SetID = set.ID
		return nil
	})
	return in, err
}

// loads says what keeps a script from running here: it may import the package's own scripts, and
// those of the packages that it requires.
func (p *Package) loads(ctx context.Context, q *state.Queries, workspaceID string) error {
	modules := map[string]string{}
	for _, r := range p.Requires {
		name, _, _ := strings.Cut(r, "@")
		_, set, err := find(ctx, q, workspaceID, name)
		if err != nil || set == nil {
			return err
		}
		scripts, err := scriptsOf(ctx, q, workspaceID, set.ID)
		if err != nil {
			return err
		}
		for _, s := range scripts {
			modules[library.FullName(name, s.Name)] = s.Code
		}
	}
	for _, f := range p.scripts() {
		modules[library.FullName(p.Name, f.Name)] = f.Code
	}
	for _, file := range p.sources() {
		job := script.Job{Name: path.Base(file), Source: string(p.Files[file]), Modules: modules}
		if _, err := job.Check(); err != nil {
			return err
		}
	}
	return nil
}

// record is what is remembered of an installation.
func (m *Market) record(p *Package, s state.PackageSource, by string) Installed {
	in := Installed{
		Manifest: p.Manifest, SourceID: s.ID, SourceName: s.Name, Digest: p.Digest, Signed: p.Signed,
		Files: map[string]string{}, At: m.Clock(), By: by,
	}
	for _, f := range p.scripts() {
		in.Files[f.Name] = digestOf([]byte(f.Code))
	}
	if p.Startup != nil {
		in.StartupCode = string(p.Files[p.Startup.File])
	}
	in.Changelog, in.ChangelogZH = p.Changelog()
	return in
}

// target is the set that a package goes to, where nothing stands in the way.
func (m *Market) target(ctx context.Context, tx *state.Tx, workspaceID string, p *Package, force bool, by string) (*state.ScriptSet, error) {
	if err := m.requirements(ctx, tx, workspaceID, p); err != nil {
		return nil, err
	}
	old, set, err := find(ctx, tx.Queries, workspaceID, p.Name)
	switch {
	case err != nil:
		return nil, err
	case old == nil:
		return m.newSet(ctx, tx, workspaceID, p.Name, by)
	case compare(p.Version, old.Version) < 0 && !force:
		return nil, refuse("downgrade", "%s %s is installed, which is newer than %s: force it to go back", p.Name, old.Version, p.Version)
	case old.Edited && !force:
		return nil, refuse("edited", "the scripts of %s were edited: force it to lose what was changed, or copy the changes to a set of your own", p.Name)
	}
	return set, nil
}

func (m *Market) newSet(ctx context.Context, tx *state.Tx, workspaceID, name, by string) (*state.ScriptSet, error) {
	_, err := tx.ScriptSetByName(ctx, workspaceID, name)
	switch {
	case err == nil:
		return nil, refuse("name", "there is a script set %s of your own: rename it first, for the package's set is called so", name)
	case !errors.Is(err, state.ErrNotFound):
		return nil, err
	}
	return &state.ScriptSet{WorkspaceID: workspaceID, Name: name, CreatedBy: by, CreatedAt: m.Clock()}, nil
}

// requirements refuses a package whose requirements are not installed.
func (m *Market) requirements(ctx context.Context, tx *state.Tx, workspaceID string, p *Package) error {
	var missing []string
	for _, r := range p.Requires {
		name, least, _ := strings.Cut(r, "@")
		in, _, err := find(ctx, tx.Queries, workspaceID, name)
		if err != nil {
			return err
		}
		if in == nil || least != "" && compare(in.Version, least) < 0 {
			missing = append(missing, strings.TrimSpace(name+" "+least))
		}
	}
	if len(missing) > 0 {
		return refuse("requires", "%s needs %s: install that first", p.Name, strings.Join(missing, " and "))
	}
	return nil
}

// Remove deletes a package with its scripts and their triggers. Startup scripts that were deployed
// are the user's: they stay.
func (m *Market) Remove(ctx context.Context, workspaceID, name string) error {
	return m.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		all, err := m.installed(ctx, tx.Queries, workspaceID)
		if err != nil {
			return err
		}
		for _, other := range all {
			if slices.ContainsFunc(other.Requires, func(r string) bool { n, _, _ := strings.Cut(r, "@"); return n == name }) {
				return refuse("requires", "%s needs %s: delete that first", other.Name, name)
			}
		}
		set, err := tx.InstalledPackage(ctx, workspaceID, name)
		if err != nil {
			return err
		}
		return tx.DeleteScriptSet(ctx, workspaceID, set.ID)
	})
}
