package api

import (
	"context"
	"time"

	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/state"
)

type explainInput struct {
	ByID
	AsNew bool `query:"as_new" doc:"As if nothing had been told of the event yet: what the rules would do with one like it."`
}

// Explanation is what would be told of an event, and how that was decided.
type Explanation struct {
	Steps       []ExplainedStep `json:"steps" doc:"In order, up to the one that stops."`
	Tells       bool            `json:"tells"`
	Reason      string          `json:"reason,omitempty" doc:"Why it is told: opened, level_rose, reminder, recovered, withdrawn."`
	ReasonText  string          `json:"reason_text,omitempty" doc:"The same in the language of Accept-Language."`
	Targets     []Named         `json:"targets" doc:"Who is told."`
	Due         time.Time       `json:"due,omitzero" doc:"When."`
	Policy      *Named          `json:"policy,omitempty"`
	Rule        int             `json:"rule" doc:"Index of the rule that matches; -1 where none does."`
	RuleName    string          `json:"rule_name,omitempty"`
	Silence     *Named          `json:"silence,omitempty" doc:"Which keeps quiet about it."`
	Group       []string        `json:"group" doc:"What the events of one message share, as field=value."`
	Escalations []Escalation    `json:"escalations" doc:"Of the rule."`
}

// ExplainedStep is what one stage said of an event.
type ExplainedStep struct {
	Stage  string `json:"stage" enum:"life,match,silence,limit,group"`
	GoesOn bool   `json:"goes_on"`
	Said   string `json:"said" doc:"In the language of Accept-Language."`
}

func (a *API) explainEvent(ctx context.Context, in *explainInput) (*bodyOutput[Explanation], error) {
	x, err := a.Notify.Explain(ctx, workspaceOf(ctx), in.ID, in.AsNew)
	if err != nil {
		return nil, err
	}
	l := string(languageOf(ctx))
	out := Explanation{
		Steps: make([]ExplainedStep, len(x.Steps)), Tells: x.Tells, Reason: string(x.Reason), Due: x.Due,
		Rule: x.Rule, Group: listOf(x.Group), Escalations: escalationViews(x.Escalations),
	}
	if x.Reason != "" {
		out.ReasonText = x.Why.In(l)
	}
	for i, s := range x.Steps {
		out.Steps[i] = ExplainedStep{Stage: s.Stage, GoesOn: s.GoesOn, Said: s.Said.In(l)}
	}
	if out.Targets, err = a.namedTargets(ctx, x.Targets); err != nil {
		return nil, err
	}
	if err := a.nameParts(ctx, x, &out); err != nil {
		return nil, err
	}
	return body(out), nil
}

// nameParts adds the names of policy, rule and silence.
func (a *API) nameParts(ctx context.Context, x notify.Explanation, out *Explanation) error {
	if x.Policy != "" {
		p, err := a.DB.Policy(ctx, workspaceOf(ctx), x.Policy)
		if err != nil && !isMissing(err) {
			return err
		}
		out.Policy = &Named{ID: x.Policy, Name: p.Name}
		if x.Rule >= 0 && x.Rule < len(p.Rules) {
			out.RuleName = notify.RuleName(&p.Rules[x.Rule], x.Rule)
		}
	}
	if x.Silence != "" {
		s, err := a.DB.Silence(ctx, workspaceOf(ctx), x.Silence)
		if err != nil && !isMissing(err) {
			return err
		}
		out.Silence = &Named{ID: x.Silence, Name: s.Name}
	}
	return nil
}

// namedTargets are targets by their names, in the order of the identifiers.
func (a *API) namedTargets(ctx context.Context, ids []string) ([]Named, error) {
	found, err := a.DB.TargetsByID(ctx, workspaceOf(ctx), ids)
	out := make([]Named, len(ids))
	for i, id := range ids {
		out[i] = Named{ID: id, Name: nameOf(found[id], id)}
	}
	return out, err
}

func nameOf(t state.Target, otherwise string) string {
	if t.Name == "" {
		return otherwise // it was deleted
	}
	return t.Name
}
