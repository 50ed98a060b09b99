package library

import (
	"context"
	"encoding/json"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/state"
)

// job is a run of a function of code, with all that it is given.
func (l *Library) job(ctx context.Context, set state.ScriptSet, s state.Script, code, function string, args json.RawMessage) (script.Job, error) {
	g, err := l.given(ctx, l.o.DB.Queries, set.WorkspaceID, set.ID)
	if err != nil {
		return script.Job{}, err
	}
	sources, err := l.sources(ctx, l.o.DB.Queries, set.WorkspaceID, code, nil)
	if err != nil {
		return script.Job{}, err
	}
	return script.Job{
		Name: FullName(set.Name, s.Name), Source: code, Function: function, Args: args,
		Account: g.account, Variables: g.variables, Secrets: g.secrets, Modules: sources, Now: l.o.Clock(),
	}, nil
}

// parameters are what the page of an inspection says of a call.
func parameters(i state.Inspection) (json.RawMessage, error) {
	if len(i.HostLines()) == 0 {
		return nil, nil
	}
	return json.Marshal(map[string]string{"configs": i.Hosts})
}
