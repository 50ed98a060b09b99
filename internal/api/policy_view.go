package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func (a *API) policyView(p state.Policy, inspections []state.Inspection) Policy {
	v := Policy{
		ID: p.ID, CreatedBy: p.CreatedBy, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Inspections: []Named{},
		PolicyInput: PolicyInput{
			Name: p.Name, Description: p.Description, TimeZone: p.TimeZone, IsDefault: p.IsDefault,
			AgainSeconds: inSeconds(p.Again), WindowSeconds: inSeconds(p.Window), GroupBy: listOf(p.GroupBy),
			Rules: make([]Rule, len(p.Rules)),
		},
	}
	for i, r := range p.Rules {
		v.Rules[i] = ruleView(r)
	}
	for _, i := range inspections {
		if i.PolicyID == p.ID || p.IsDefault && i.PolicyID == "" {
			v.Inspections = append(v.Inspections, Named{ID: i.ID, Name: i.Name})
		}
	}
	return v
}

func ruleView(r state.Rule) Rule {
	v := Rule{
		Name: r.Name, Levels: []string{}, Match: matcherView(r.Matcher), Times: make([]Period, len(r.Times)),
		Targets: listOf(r.Targets), Escalations: escalationViews(r.Escalations),
	}
	for _, l := range r.Levels {
		v.Levels = append(v.Levels, string(l))
	}
	for i, t := range r.Times {
		v.Times[i] = periodView(t)
	}
	return v
}

func escalationViews(es []state.Escalation) []Escalation {
	out := make([]Escalation, len(es))
	for i, e := range es {
		out[i] = Escalation{AfterSeconds: inSeconds(e.After), Unless: string(e.Unless), Targets: listOf(e.Targets)}
	}
	return out
}

func matcherView(m state.Matcher) Matcher {
	v := Matcher{Inspections: m.Inspections, Objects: m.Objects}
	for _, c := range m.Attributes {
		v.Attributes = append(v.Attributes, Condition(c))
	}
	return v
}

func periodView(p state.Period) Period {
	return Period{Cron: p.Cron, ForSeconds: inSeconds(p.For), From: p.From, To: p.To}
}

func inSeconds(d time.Duration) int64 { return int64(d / time.Second) }

func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// apply writes the input into the record and says what is wrong with it.
func (in PolicyInput) apply(p *state.Policy) error {
	p.Name, p.Description, p.TimeZone, p.IsDefault = strings.TrimSpace(in.Name), in.Description, in.TimeZone, in.IsDefault
	p.Again, p.Window, p.GroupBy = seconds(in.AgainSeconds, 0), seconds(in.WindowSeconds, 0), listOf(in.GroupBy)
	p.Rules = make([]state.Rule, len(in.Rules))
	for i, r := range in.Rules {
		p.Rules[i] = r.record()
	}
	if err := notify.CheckPolicy(p); err != nil {
		return invalid("body", err.Error())
	}
	return nil
}

func (r Rule) record() state.Rule {
	out := state.Rule{Name: r.Name, Levels: named[leak.Level](r.Levels), Matcher: r.Match.record(), Targets: listOf(r.Targets)}
	for _, t := range r.Times {
		out.Times = append(out.Times, t.record())
	}
	for _, e := range r.Escalations {
		out.Escalations = append(out.Escalations, state.Escalation{After: seconds(e.AfterSeconds, 0), Unless: state.Unless(e.Unless), Targets: e.Targets})
	}
	return out
}

func (m Matcher) record() state.Matcher {
	out := state.Matcher{Inspections: m.Inspections, Objects: m.Objects}
	for _, c := range m.Attributes {
		out.Attributes = append(out.Attributes, state.Condition(c))
	}
	return out
}

func (p Period) record() state.Period {
	return state.Period{Cron: strings.TrimSpace(p.Cron), For: seconds(p.ForSeconds, 0), From: p.From.UTC(), To: p.To.UTC()}
}

// knowsTargets refuses identifiers of targets that the workspace does not have.
func (a *API) knowsTargets(ctx context.Context, field string, ids []string) error {
	found, err := a.DB.TargetsByID(ctx, workspaceOf(ctx), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, ok := found[id]; !ok {
			return invalid(field, fmt.Sprintf("there is no target %q in the workspace: GET /targets lists them", id))
		}
	}
	return nil
}

// knowsInspections refuses identifiers of inspections that the workspace does not have.
func (a *API) knowsInspections(ctx context.Context, field string, m state.Matcher) error {
	for _, id := range m.Inspections {
		_, err := a.DB.Inspection(ctx, workspaceOf(ctx), id)
		if isMissing(err) {
			return invalid(field, fmt.Sprintf("there is no inspection %q in the workspace: GET /inspections lists them", id))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
