package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

// VariableInput is a variable as it is written.
type VariableInput struct {
	Name  string          `json:"name" minLength:"1" maxLength:"64" example:"account_api_key_id" doc:"account_api_key_id, account_api_key and account_guance_node fill account; the others are read by DFF.ENV."`
	SetID string          `json:"set_id,omitempty" maxLength:"200" doc:"Of the set whose scripts read it; absent is all of the workspace's."`
	Kind  string          `json:"kind" enum:"string,secret,integer,float,boolean,json,list" doc:"A secret is sealed, never answered, and masked in what scripts print. Owners alone add, change and delete one."`
	Value json.RawMessage `json:"value,omitempty" doc:"As its kind says. Absent in a change of a secret: the one that is kept stays."`
	Note  string          `json:"note,omitempty" maxLength:"2000"`
}

// Variable is a value that scripts read.
type Variable struct {
	ID string `json:"id"`
	VariableInput
	Set       bool      `json:"set" doc:"It has a value."`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type addVariableInput struct{ Body VariableInput }

type variableChange struct {
	ByID
	Guard
	Body VariableInput
}

func (a *API) variableRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/variables", id: "list-variables", access: reads, tag: "Variables",
		summary: "All variables of scripts; secrets without their values",
	}, a.listVariables)
	handle(a, route{
		method: http.MethodPost, path: "/variables", id: "add-variable", access: edits, tag: "Variables",
		summary: "Add a variable", status: http.StatusCreated, audit: "variable.add", errors: []int{http.StatusConflict},
	}, a.addVariable)
	handle(a, route{
		method: http.MethodGet, path: "/variables/{id}", id: "get-variable", access: reads, tag: "Variables",
		summary: "One variable", errors: []int{http.StatusNotFound},
	}, a.getVariable)
	handle(a, route{
		method: http.MethodPut, path: "/variables/{id}", id: "update-variable", access: edits, tag: "Variables",
		summary: "Change a variable", audit: "variable.update", errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, a.updateVariable)
	handle(a, route{
		method: http.MethodDelete, path: "/variables/{id}", id: "delete-variable", access: edits, tag: "Variables",
		summary: "Delete a variable", status: http.StatusNoContent, audit: "variable.delete", errors: []int{http.StatusNotFound},
	}, a.deleteVariable)
}

func variableView(v state.Variable) Variable {
	return Variable{
		ID: v.ID, VariableInput: VariableInput{Name: v.Name, SetID: v.SetID, Kind: v.Kind, Value: v.Value, Note: v.Note},
		Set: len(v.Value) > 0 || len(v.Sealed) > 0, CreatedBy: v.CreatedBy, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
}

func (a *API) listVariables(ctx context.Context, _ *noInput) (*pageOutput[Variable], error) {
	rows, err := state.Every(func(p state.Page) ([]state.Variable, string, error) { return a.DB.Variables(ctx, workspaceOf(ctx), p) })
	return pageOf(rows, "", variableView), err
}

// mayChange holds secrets to owners.
func mayChange(ctx context.Context, kinds ...string) error {
	for _, k := range kinds {
		if k == library.Secret {
			return who(ctx).May(state.ScopeAdmin)
		}
	}
	return nil
}

// fillVariable writes the input into the record.
func (a *API) fillVariable(ctx context.Context, v *state.Variable, in VariableInput) error {
	if in.SetID != "" {
		_, err := a.DB.ScriptSet(ctx, v.WorkspaceID, in.SetID)
		if isMissing(err) {
			return invalid("body.set_id", "there is no such set in the workspace: leave it out for a variable of all sets")
		}
		if err != nil {
			return err
		}
	}
	keeps := v.ID != "" && v.Kind == library.Secret && in.Kind == library.Secret && len(in.Value) == 0
	sealed := v.Sealed
	v.Name, v.SetID, v.Kind, v.Note = in.Name, in.SetID, in.Kind, in.Note
	if err := a.Scripts.FillVariable(v, in.Value); err != nil {
		return refused(err)
	}
	if keeps {
		v.Sealed = sealed
	}
	return nil
}

func (a *API) toldVariable(ctx context.Context, v state.Variable) *versioned[Variable] {
	note(ctx, v.ID, map[string]string{"name": v.Name, "kind": v.Kind})
	return withETag(v.Version, variableView(v))
}

func (a *API) addVariable(ctx context.Context, in *addVariableInput) (*versioned[Variable], error) {
	if err := mayChange(ctx, in.Body.Kind); err != nil {
		return nil, err
	}
	v := state.Variable{WorkspaceID: workspaceOf(ctx), CreatedBy: personOf(ctx), CreatedAt: a.Clock()}
	if err := a.fillVariable(ctx, &v, in.Body); err != nil {
		return nil, err
	}
	if err := a.DB.AddVariable(ctx, &v); err != nil {
		return nil, err
	}
	return a.toldVariable(ctx, v), nil
}

func (a *API) getVariable(ctx context.Context, in *ByID) (*versioned[Variable], error) {
	v, err := a.DB.Variable(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return withETag(v.Version, variableView(v)), nil
}

func (a *API) updateVariable(ctx context.Context, in *variableChange) (*versioned[Variable], error) {
	v, err := a.DB.Variable(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(v.Version); err != nil {
		return nil, err
	}
	if err := mayChange(ctx, v.Kind, in.Body.Kind); err != nil {
		return nil, err
	}
	if err := a.fillVariable(ctx, &v, in.Body); err != nil {
		return nil, err
	}
	v.UpdatedAt = a.Clock()
	if err := a.DB.UpdateVariable(ctx, &v); err != nil {
		return nil, err
	}
	return a.toldVariable(ctx, v), nil
}

func (a *API) deleteVariable(ctx context.Context, in *ByID) (*struct{}, error) {
	v, err := a.DB.Variable(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := mayChange(ctx, v.Kind); err != nil {
		return nil, err
	}
	note(ctx, v.ID, map[string]string{"name": v.Name, "kind": v.Kind})
	return nil, a.DB.DeleteVariable(ctx, v.WorkspaceID, v.ID)
}
