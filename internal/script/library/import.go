package library

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/state"
)

// Importing is how a file is taken.
type Importing struct {
	Check   bool // say what would change, and change nothing
	By      string
	Secrets bool // whoever imports may add and change secrets
}

// ImportItem is what became, or would become, of a part of a file.
type ImportItem struct {
	Kind    string // set, script, trigger or variable
	Name    string
	Action  string // added, updated or unchanged; empty where there is a problem
	Problem string
}

// errChecked takes a trial back.
var errChecked = errors.New("nothing is changed")

// Import takes a file: what has the same name is updated, what the file does not name stays. Nothing is
// changed where one item has a problem, or where it is a check.
func (l *Library) Import(ctx context.Context, workspaceID string, f Archive, how Importing) ([]ImportItem, error) {
	functions, items := l.loadFile(ctx, workspaceID, f)
	wrong := len(items)
	err := l.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		i := &importing{l: l, ctx: ctx, tx: tx, workspace: workspaceID, how: how, functions: functions, sets: map[string]state.ScriptSet{}}
		if err := i.all(f); err != nil {
			return err
		}
		items = append(items[:wrong:wrong], i.items...)
		if how.Check || slices.ContainsFunc(items, func(i ImportItem) bool { return i.Problem != "" }) {
			return errChecked
		}
		return nil
	})
	if errors.Is(err, errChecked) {
		err = nil
	}
	return items, err
}

// loadFile loads each script of a file, those of the file in place of those that are published. It is
// done before the transaction: it may take long.
func (l *Library) loadFile(ctx context.Context, workspaceID string, f Archive) (map[string][]script.Function, []ImportItem) {
	own := map[string]string{}
	for _, set := range f.Sets {
		for _, s := range set.Scripts {
			if s.Code != "" {
				own[FullName(set.Name, s.Name)] = s.Code
			}
		}
	}
	functions := map[string][]script.Function{}
	var items []ImportItem
	for _, name := range slices.Sorted(maps.Keys(own)) {
		set, file, _ := strings.Cut(name, "__")
		list, err := l.load(ctx, l.o.DB.Queries, workspaceID, own[name], set, file, own)
		if err != nil {
			items = append(items, ImportItem{Kind: "script", Name: name, Problem: err.Error()})
			continue
		}
		functions[name] = list
	}
	return functions, items
}

// importing is one attempt at taking a file.
type importing struct {
	l         *Library
	ctx       context.Context //nolint:containedctx // it lives as long as one call
	tx        *state.Tx
	workspace string
	how       Importing
	functions map[string][]script.Function // of the scripts that load
	sets      map[string]state.ScriptSet
	items     []ImportItem
}

func (i *importing) all(f Archive) error {
	for _, s := range f.Sets {
		if err := i.set(s); err != nil {
			return err
		}
	}
	for _, v := range f.Variables {
		if err := i.note("variable", variableName(v.Set, v.Name), func() (string, error) { return i.variable(v) }); err != nil {
			return err
		}
	}
	for _, t := range f.Triggers {
		if err := i.note("trigger", t.Script+"."+t.Function, func() (string, error) { return i.trigger(t) }); err != nil {
			return err
		}
	}
	return nil
}

// variableName is SET.NAME of a variable of a set, and NAME of one of the workspace.
func variableName(set, name string) string {
	if set == "" {
		return name
	}
	return set + "." + name
}

// What becomes of an item.
const (
	added     = "added"
	updated   = "updated"
	unchanged = "unchanged"
)

// note keeps what became of an item. What was wrong with it is a problem of the item; other errors end
// the import.
func (i *importing) note(kind, name string, take func() (string, error)) error {
	action, err := take()
	var wrong *Refusal
	if err != nil && !errors.As(err, &wrong) {
		return fmt.Errorf("import %s %s: %w", kind, name, err)
	}
	item := ImportItem{Kind: kind, Name: name, Action: action}
	if err != nil {
		item.Action, item.Problem = "", err.Error()
	}
	i.items = append(i.items, item)
	return nil
}

func (i *importing) set(f ArchiveSet) error {
	var set state.ScriptSet
	err := i.note("set", f.Name, func() (action string, err error) {
		set, action, err = i.putSet(f)
		return action, err
	})
	if err != nil || set.ID == "" {
		return err
	}
	i.sets[f.Name] = set
	for _, s := range f.Scripts {
		name := FullName(f.Name, s.Name)
		functions, loads := i.functions[name]
		if s.Code != "" && !loads {
			continue // its problem is told already
		}
		if err := i.note("script", name, func() (string, error) { return i.script(set, s, functions) }); err != nil {
			return err
		}
	}
	return nil
}

func (i *importing) putSet(f ArchiveSet) (state.ScriptSet, string, error) {
	set, err := i.tx.ScriptSetByName(i.ctx, i.workspace, f.Name)
	switch {
	case errors.Is(err, state.ErrNotFound):
		if err := CheckSetName(f.Name); err != nil {
			return set, "", err
		}
		set = state.ScriptSet{WorkspaceID: i.workspace, Name: f.Name, Title: f.Title, Description: f.Description, CreatedBy: i.how.By, CreatedAt: i.now()}
		return set, added, i.tx.AddScriptSet(i.ctx, &set)
	case err != nil:
		return set, "", err
	case set.Title == f.Title && set.Description == f.Description:
		return set, unchanged, nil
	}
	set.Title, set.Description, set.UpdatedAt = f.Title, f.Description, i.now()
	return set, updated, i.tx.UpdateScriptSet(i.ctx, &set)
}

func (i *importing) now() time.Time { return i.l.o.Clock().UTC() }

func (i *importing) script(set state.ScriptSet, f ArchiveScript, functions []script.Function) (string, error) {
	s, there, err := scriptNamed(i.ctx, i.tx, set, f.Name)
	if err != nil {
		return "", err
	}
	draft := f.Code
	if f.Draft != nil {
		draft = *f.Draft
	}
	action := updated
	switch {
	case !there:
		if err := CheckScriptName(set.Name, f.Name); err != nil {
			return "", err
		}
		action = added
		s = state.Script{WorkspaceID: i.workspace, SetID: set.ID, Name: f.Name, Title: f.Title, DraftBy: i.how.By, CreatedBy: i.how.By, CreatedAt: i.now()}
		if err := i.tx.AddScript(i.ctx, &s); err != nil {
			return "", err
		}
	case s.Title == f.Title && s.Draft == draft && (f.Code == "" || s.Code == f.Code):
		return unchanged, nil
	}
	s.Title = f.Title
	if f.Code != "" && f.Code != s.Code {
		s.Draft, s.DraftBy, s.DraftAt = f.Code, i.how.By, i.now()
		if err := i.l.publish(i.ctx, i.tx, &s, functions, "imported", i.how.By); err != nil {
			return "", err
		}
	}
	s.Draft, s.DraftBy, s.DraftAt = draft, i.how.By, i.now()
	return action, i.tx.UpdateScript(i.ctx, &s)
}

func scriptNamed(ctx context.Context, tx *state.Tx, set state.ScriptSet, name string) (state.Script, bool, error) {
	scripts, err := state.Every(func(p state.Page) ([]state.Script, string, error) {
		return tx.Scripts(ctx, set.WorkspaceID, state.ScriptFilter{SetID: set.ID, Page: p})
	})
	at := slices.IndexFunc(scripts, func(s state.Script) bool { return s.Name == name })
	if err != nil || at < 0 {
		return state.Script{}, false, err
	}
	return scripts[at], true, nil
}

// setNamed is a set of the file or of the workspace.
func (i *importing) setNamed(name, field string) (state.ScriptSet, error) {
	if s, ok := i.sets[name]; ok {
		return s, nil
	}
	s, err := i.tx.ScriptSetByName(i.ctx, i.workspace, name)
	if errors.Is(err, state.ErrNotFound) {
		return s, refuse(field, "neither the file nor the workspace has a set %s", name)
	}
	return s, err
}

func (i *importing) variable(f ArchiveVariable) (string, error) {
	setID := ""
	if f.Set != "" {
		set, err := i.setNamed(f.Set, "set")
		if err != nil {
			return "", err
		}
		setID = set.ID
	}
	rows, err := i.tx.VariablesOf(i.ctx, i.workspace, setID)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(rows, func(v state.Variable) bool { return v.SetID == setID && v.Name == f.Name })
	v := state.Variable{WorkspaceID: i.workspace, SetID: setID, Name: f.Name, CreatedBy: i.how.By, CreatedAt: i.now()}
	action := added
	if at >= 0 {
		v, action = rows[at], updated
		isSecret := f.Kind == Secret && v.Kind == Secret && len(f.Value) == 0
		if v.Note == f.Note && (isSecret || v.Kind == f.Kind && f.Kind != Secret && sameJSON(v.Value, f.Value)) {
			return unchanged, nil
		}
	}
	if (f.Kind == Secret || v.Kind == Secret) && !i.how.Secrets {
		return "", refuse("kind", "it is a secret: owners alone add and change those")
	}
	sealed := v.Sealed
	kept := v.Kind == Secret && f.Kind == Secret && len(f.Value) == 0
	v.Kind, v.Note = f.Kind, f.Note
	if err := i.l.FillVariable(&v, f.Value); err != nil {
		return "", err
	}
	if kept {
		v.Sealed = sealed
	}
	if action == added {
		return action, i.tx.AddVariable(i.ctx, &v)
	}
	v.UpdatedAt = i.now()
	return action, i.tx.UpdateVariable(i.ctx, &v)
}

// sameJSON compares values as they are written, but for white space.
func sameJSON(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, orNull(a)) != nil || json.Compact(&y, orNull(b)) != nil {
		return false
	}
	return x.String() == y.String()
}

func orNull(v json.RawMessage) json.RawMessage {
	if len(v) == 0 {
		return json.RawMessage("null")
	}
	return v
}

func (i *importing) trigger(f ArchiveTrigger) (string, error) {
	setName, name, _ := strings.Cut(f.Script, "__")
	set, err := i.setNamed(setName, "script")
	if err != nil {
		return "", err
	}
	s, there, err := scriptNamed(i.ctx, i.tx, set, name)
	if err != nil {
		return "", err
	}
	if !there {
		return "", refuse("script", "neither the file nor the workspace has a script %s", f.Script)
	}
	rows, err := state.Every(func(p state.Page) ([]state.Trigger, string, error) {
		return i.tx.Triggers(i.ctx, i.workspace, state.TriggerFilter{ScriptID: s.ID, Page: p})
	})
	if err != nil {
		return "", err
	}
	// A trigger has no name: it is the one of the function that has the same arguments.
	at := slices.IndexFunc(rows, func(t state.Trigger) bool { return t.Function == f.Function && sameJSON(t.Args, f.Args) })
	t := state.Trigger{WorkspaceID: i.workspace, ScriptID: s.ID, Function: f.Function, CreatedBy: i.how.By, CreatedAt: i.now()}
	if at >= 0 {
		t = rows[at]
	}
	before := t
	t.Args, t.Schedule, t.TimeZone, t.Timeout = f.Args, f.Schedule, f.TimeZone, time.Duration(f.TimeoutSeconds)*time.Second
	t.Enabled, t.Note, t.Tags, t.Keep, t.ExpiresAt = f.Enabled, f.Note, f.Tags, f.Keep, time.Time{}
	if f.ExpiresAt != nil {
		t.ExpiresAt = *f.ExpiresAt
	}
	if at < 0 {
		return added, i.l.AddTrigger(i.ctx, i.tx, &t)
	}
	if err := i.l.checkTrigger(i.ctx, i.tx, &t); err != nil {
		return "", err
	}
	if t.Schedule == before.Schedule && t.TimeZone == before.TimeZone && t.Timeout == before.Timeout && t.Enabled == before.Enabled &&
		t.Note == before.Note && slices.Equal(t.Tags, before.Tags) && t.Keep == before.Keep && t.ExpiresAt.Equal(before.ExpiresAt) {
		return unchanged, nil
	}
	return updated, i.l.UpdateTrigger(i.ctx, i.tx, &t)
}
