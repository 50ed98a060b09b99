package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/internal/state"
)

// Functions are those of code that need not be kept: a wrong one is a *script.Problem.
func (l *Library) Functions(ctx context.Context, workspaceID, code, setName, scriptName string) ([]script.Function, error) {
	return l.load(ctx, l.o.DB.Queries, workspaceID, code, setName, scriptName, nil)
}

// load checks code by loading it. own are sources that come before those that are published, by
// SET__SCRIPT.
func (l *Library) load(ctx context.Context, q *state.Queries, workspaceID, code, set, name string, own map[string]string) ([]script.Function, error) {
	setID := ""
	switch s, err := q.ScriptSetByName(ctx, workspaceID, set); {
	case err == nil:
		setID = s.ID
	case !errors.Is(err, state.ErrNotFound):
		return nil, err
	}
	g, err := l.given(ctx, q, workspaceID, setID)
	if err != nil {
		return nil, err
	}
	sources, err := l.sources(ctx, q, workspaceID, code, own)
	if err != nil {
		return nil, err
	}
	return script.Load(ctx, script.Job{
		Name: fileName(set, name), Source: code, Account: g.account, Variables: g.variables, Secrets: g.secrets, Modules: sources, Now: l.o.Clock(),
	}, sandbox.Limits{})
}

// fileName is what messages and tracebacks call a script.
func fileName(set, script string) string {
	switch {
	case script == "":
		return "script"
	case set == "":
		return script
	}
	return FullName(set, script)
}

// FunctionsOf are those of a script's published code.
func FunctionsOf(s state.Script) ([]script.Function, error) {
	var list []script.Function
	if len(s.Functions) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(s.Functions, &list); err != nil {
		return nil, fmt.Errorf("read the functions of script %s: %w", s.Name, err)
	}
	return list, nil
}

func functionOf(s state.Script, name string) (script.Function, bool, error) {
	list, err := FunctionsOf(s)
	i := slices.IndexFunc(list, func(f script.Function) bool { return f.Name == name })
	if err != nil || i < 0 {
		return script.Function{}, false, err
	}
	return list[i], true, nil
}

// imported finds names that may be a script's.
var imported = regexp.MustCompile(`\b[A-Za-z_]\w*?__\w+\b`)

// sources are the scripts that code may import, and those that they may, by SET__SCRIPT.
func (l *Library) sources(ctx context.Context, q *state.Queries, workspaceID, code string, own map[string]string) (map[string]string, error) {
	wanted := candidates(code)
	if len(wanted) == 0 {
		return nil, nil
	}
	published, err := l.published(ctx, q, workspaceID)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		source, there := own[name]
		if !there {
			source, there = published[name]
		}
		if _, seen := found[name]; seen || !there {
			continue
		}
		found[name] = source
		wanted = append(wanted, candidates(source)...)
	}
	return found, nil
}

func candidates(code string) []string {
	return slices.DeleteFunc(imported.FindAllString(code, -1), func(name string) bool { return modules.Names(name) != nil })
}

// published are the published scripts of a workspace, by SET__SCRIPT.
func (l *Library) published(ctx context.Context, q *state.Queries, workspaceID string) (map[string]string, error) {
	sets, err := state.Every(func(p state.Page) ([]state.ScriptSet, string, error) { return q.ScriptSets(ctx, workspaceID, p) })
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range sets {
		names[s.ID] = s.Name
	}
	scripts, err := state.Every(func(p state.Page) ([]state.Script, string, error) {
		return q.Scripts(ctx, workspaceID, state.ScriptFilter{Published: true, Page: p})
	})
	found := map[string]string{}
	for _, s := range scripts {
		found[FullName(names[s.SetID], s.Name)] = s.Code
	}
	return found, err
}
