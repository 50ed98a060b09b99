package api

import (
	"context"

	"github.com/memseep/memseep/internal/state"
)

func (a *API) everyPolicy(ctx context.Context) ([]state.Policy, error) {
	return state.Every(func(p state.Page) ([]state.Policy, string, error) { return a.DB.Policies(ctx, workspaceOf(ctx), p) })
}

func (a *API) listPolicies(ctx context.Context, _ *noInput) (*pageOutput[Policy], error) {
	all, err := a.everyPolicy(ctx)
	if err != nil {
		return nil, err
	}
	inspections, err := a.everyInspection(ctx)
	return pageOf(all, "", func(p state.Policy) Policy { return a.policyView(p, inspections) }), err
}

func (a *API) answerPolicy(ctx context.Context, p state.Policy) (*versioned[Policy], error) {
	inspections, err := a.everyInspection(ctx)
	return withETag(p.Version, a.policyView(p, inspections)), err
}

func (a *API) getPolicy(ctx context.Context, in *ByID) (*versioned[Policy], error) {
	p, err := a.DB.Policy(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return a.answerPolicy(ctx, p)
}

// writePolicy applies the input and checks what it refers to.
func (a *API) writePolicy(ctx context.Context, p *state.Policy, in PolicyInput) error {
	if err := in.apply(p); err != nil {
		return err
	}
	for _, r := range p.Rules {
		if err := a.knowsInspections(ctx, "body.rules", r.Matcher); err != nil {
			return err
		}
	}
	return a.knowsTargets(ctx, "body.rules", p.TargetIDs())
}

func (a *API) addPolicy(ctx context.Context, in *addPolicyInput) (*versioned[Policy], error) {
	p := state.Policy{WorkspaceID: workspaceOf(ctx), CreatedBy: personOf(ctx)}
	if err := a.writePolicy(ctx, &p, in.Body); err != nil {
		return nil, err
	}
	p.ID = state.NewID()
	if err := a.storePolicy(ctx, &p, (*state.Tx).AddPolicy); err != nil {
		return nil, err
	}
	note(ctx, p.ID, in.Body)
	return a.answerPolicy(ctx, p)
}

func (a *API) updatePolicy(ctx context.Context, in *policyChange) (*versioned[Policy], error) {
	p, err := a.DB.Policy(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	if err := in.check(p.Version); err != nil {
		return nil, err
	}
	if p.IsDefault && !in.Body.IsDefault {
		return nil, invalid("body.is_default", "a workspace keeps a default: make another policy the default instead")
	}
	if err := a.writePolicy(ctx, &p, in.Body); err != nil {
		return nil, err
	}
	return a.keepPolicy(ctx, p)
}

func (a *API) makeDefaultPolicy(ctx context.Context, in *ByID) (*versioned[Policy], error) {
	p, err := a.DB.Policy(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	p.IsDefault = true
	return a.keepPolicy(ctx, p)
}

func (a *API) keepPolicy(ctx context.Context, p state.Policy) (*versioned[Policy], error) {
	p.UpdatedAt = a.Clock()
	if err := a.storePolicy(ctx, &p, (*state.Tx).UpdatePolicy); err != nil {
		return nil, err
	}
	out, err := a.answerPolicy(ctx, p)
	if err == nil {
		note(ctx, p.ID, out.Body.PolicyInput)
	}
	return out, err
}

// storePolicy writes a policy. With another default, other silences are about the events of inspections
// that name none.
func (a *API) storePolicy(ctx context.Context, p *state.Policy, write func(*state.Tx, context.Context, *state.Policy) error) error {
	written := *p
	err := a.keepMarked(ctx, p.WorkspaceID, func(ctx context.Context, tx *state.Tx) error {
		written = *p // what a transaction that is run again has not written yet
		return write(tx, ctx, &written)
	})
	*p = written
	return err
}

func (a *API) deletePolicy(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.DB.DeletePolicy(ctx, workspaceOf(ctx), in.ID)
}
