package script

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/python"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// Function is what a script defines at its top, and what its decorators say of it.
type Function struct {
	Name         string   `json:"name"`
	Line         int      `json:"line"`
	Parameters   []string `json:"parameters"` // as written, without annotations and default values
	Doc          string   `json:"doc,omitempty"`
	Title        string   `json:"title,omitempty"` // of @DFF.API, and what follows too
	Category     string   `json:"category,omitempty"`
	Tags         []string `json:"tags,omitempty"`
	Timeout      int      `json:"timeout,omitempty"` // seconds; 0 is not said
	FixedCrontab string   `json:"fixed_crontab,omitempty"`
	IsHidden     bool     `json:"is_hidden,omitempty"`
	Registered   bool     `json:"registered"` // whether it is an inspection
}

// loadLimits are those of Load where none are given.
var loadLimits = sandbox.Limits{Wall: 15 * time.Second, CPU: 10 * time.Second, Steps: 100_000_000}

// Load loads a script in a sandbox, without running a function of it, and tells its functions in their order. Placeholders stand in for
// values of the account that are absent; what a script asks of the world meanwhile is refused. A script that would not load is a
// *Problem; another error says that it could not be tried.
func Load(ctx context.Context, job Job, limits sandbox.Limits) ([]Function, error) {
	if limits == (sandbox.Limits{}) {
		limits = loadLimits
	}
	mask := newMask(job.secrets())
	outcome, err := sandbox.Run(ctx, order{Job: job, Load: true}, limits, job.calls(), func(sandbox.Line) {})
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", job.Name, err)
	}
	var loaded loaded
	switch f := outcome.Failure; {
	case f != nil:
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("load %s: %w", job.Name, err)
		}
		return nil, &Problem{File: job.Name, Line: max(1, f.Line), Column: max(1, f.Column), Message: mask.Replace(f.Message)}
	default:
		if err := json.Unmarshal([]byte(mask.Replace(string(outcome.Result))), &loaded); err != nil {
			return nil, fmt.Errorf("load %s: %w", job.Name, err)
		}
	}
	if p := loaded.Problem; p != nil {
		p.File = job.Name
		return nil, p
	}
	return loaded.Functions, nil
}

// loaded is what a child gives back of a script that it loaded.
type loaded struct {
	Functions []Function `json:"functions"`
	Problem   *Problem   `json:"problem,omitempty"`
}

// functions describes those of a script that was loaded.
func functions(p *python.Program, set *modules.Set) []Function {
	list := make([]Function, len(p.Functions))
	for i, f := range p.Functions {
		api, registered := set.Described(f.Name)
		list[i] = Function{
			Name: f.Name, Line: f.Line, Parameters: append([]string{}, f.Parameters...), Doc: f.Doc, Registered: registered,
			Title: api.Title, Category: api.Category, Tags: slices.Clone(api.Tags), Timeout: api.Timeout, FixedCrontab: api.Crontab, IsHidden: api.Hidden,
		}
	}
	return list
}

// unreachable is the world of a script that is loaded.
type unreachable struct{}

// Call refuses.
func (unreachable) Call(name string, _, _ any) error {
	return &sandbox.CallError{Message: "the script asks for " + name + " while it is loaded: do that in a function"}
}
