package api

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

func (a *API) listTargetKinds(ctx context.Context, _ *noInput) (*pageOutput[TargetKind], error) {
	l := string(languageOf(ctx))
	return pageOf(target.Kinds, "", func(k target.Kind) TargetKind {
		v := TargetKind{
			Name: k.Name, Title: k.Title.In(l), Fields: make([]TargetField, len(k.Fields)),
			Bytes: k.Limits.Bytes, Messages: k.Limits.Messages, PerSeconds: inSeconds(k.Limits.Per),
			Pictures: k.Pictures || k.Charts || k.PictureLinks, Resolves: k.Resolves, Deduplicates: k.Deduplicates,
		}
		for i, f := range k.Fields {
			v.Fields[i] = TargetField{
				Name: f.Name, Title: f.Title.In(l), Help: f.Help.In(l), Secret: f.Secret, Required: f.Required,
				Long: f.Long, Choices: listOf(f.Choices), Default: f.Default,
			}
		}
		return v
	}), nil
}

func (a *API) targetView(l language, t state.Target, policies []state.Policy) Target {
	v := Target{
		ID: t.ID, Name: t.Name, Kind: t.Kind, Language: t.Language, Settings: t.Settings, SecretsSet: []string{},
		Templates: TargetTemplates(t.Templates), Enabled: t.Enabled, State: stateOf(t),
		FailingSince: t.FailingSince, DisabledAt: t.DisabledAt, DisabledWhy: l.say(t.DisabledWhy), LastSentAt: t.LastSentAt, LastError: l.say(t.LastError),
		Policies: []Named{}, CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
	if v.Settings == nil {
		v.Settings = map[string]string{}
	}
	set, err := a.Notify.SecretsSet(&t)
	if err != nil {
		v.Problem = l.say(err.Error())
	}
	v.SecretsSet = append(v.SecretsSet, slices.Sorted(maps.Keys(set))...)
	for _, p := range policies {
		if slices.Contains(p.TargetIDs(), t.ID) {
			v.Policies = append(v.Policies, Named{ID: p.ID, Name: p.Name})
		}
	}
	return v
}

func stateOf(t state.Target) string {
	switch {
	case !t.Enabled && !t.DisabledAt.IsZero():
		return "disabled_by_failing"
	case !t.Enabled:
		return "disabled"
	case !t.FailingSince.IsZero():
		return "failing"
	}
	return "ok"
}

func (a *API) listTargets(ctx context.Context, _ *noInput) (*pageOutput[Target], error) {
	all, err := state.Every(func(p state.Page) ([]state.Target, string, error) { return a.DB.Targets(ctx, workspaceOf(ctx), p) })
	if err != nil {
		return nil, err
	}
	policies, err := a.everyPolicy(ctx)
	return pageOf(all, "", func(t state.Target) Target { return a.targetView(languageOf(ctx), t, policies) }), err
}

func (a *API) answerTarget(ctx context.Context, t state.Target) (*versioned[Target], error) {
	policies, err := a.everyPolicy(ctx)
	return withETag(t.Version, a.targetView(languageOf(ctx), t, policies)), err
}

func (a *API) getTarget(ctx context.Context, in *ByID) (*versioned[Target], error) {
	t, err := a.DB.Target(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return a.answerTarget(ctx, t)
}

// whereTo are the settings that say where secrets are sent to.
var whereTo = []string{"url", "host", "port", "api", "tls"}

// fillTarget writes what was given into the record, and seals its secrets.
func (a *API) fillTarget(t *state.Target, in TargetInput) error {
	if in.Kind != t.Kind && t.ID != "" {
		return invalid("body.kind", "the kind of a target stays: add a new one instead")
	}
	if in.ForgetSecrets {
		t.Sealed = nil
	}
	before := t.Settings
	t.Name, t.Kind, t.Language, t.Enabled = strings.TrimSpace(in.Name), in.Kind, in.Language, in.Enabled
	if t.Language == "" {
		t.Language = "en"
	}
	t.Templates = state.Templates(in.Templates)
	if err := notify.CheckTemplates(t.Templates); err != nil {
		return invalid("body.templates", err.Error())
	}
	if err := a.secretsStay(t, before, in.Settings); err != nil {
		return err
	}
	if err := a.Notify.SetSettings(t, in.Settings); err != nil {
		return invalid("body.settings", err.Error())
	}
	return nil
}

// secretsStay refuses to send secrets that are kept to another address than they were given for.
func (a *API) secretsStay(t *state.Target, before, given map[string]string) error {
	kept, err := a.Notify.SecretsSet(t)
	if err != nil {
		return nil //nolint:nilerr // of another key: they cannot be sent anywhere, and have to be given again
	}
	for _, name := range whereTo {
		if given[name] == before[name] { // one that is secret itself is neither shown nor given where it stays
			continue
		}
		for _, secret := range slices.Sorted(maps.Keys(kept)) {
			if given[secret] == "" {
				return invalid("body.settings", fmt.Sprintf("%s changes: give %s again, so that it goes nowhere else unasked", name, secret))
			}
		}
	}
	return nil
}

func (a *API) addTarget(ctx context.Context, in *addTargetInput) (*versioned[Target], error) {
	t := state.Target{WorkspaceID: workspaceOf(ctx), CreatedBy: personOf(ctx)}
	if err := a.fillTarget(&t, in.Body); err != nil {
		return nil, err
	}
	if err := a.DB.AddTarget(ctx, &t); err != nil {
		return nil, err
	}
	noteTarget(ctx, t)
	return a.answerTarget(ctx, t)
}

// noteTarget tells the audit log what is no secret.
func noteTarget(ctx context.Context, t state.Target) {
	note(ctx, t.ID, map[string]any{"name": t.Name, "kind": t.Kind, "settings": t.Settings, "enabled": t.Enabled})
}

func (a *API) updateTarget(ctx context.Context, in *targetChange) (*versioned[Target], error) {
	return a.changeTarget(ctx, in.ID, in.Guard, func(t *state.Target) error { return a.fillTarget(t, in.Body) })
}

func (a *API) enableTarget(ctx context.Context, in *ByID) (*versioned[Target], error) {
	return a.changeTarget(ctx, in.ID, Guard{}, func(t *state.Target) error { t.Enabled = true; return nil })
}

func (a *API) disableTarget(ctx context.Context, in *ByID) (*versioned[Target], error) {
	return a.changeTarget(ctx, in.ID, Guard{}, func(t *state.Target) error { t.Enabled = false; return nil })
}

// changeTarget makes the change. One that is enabled begins anew: what it failed before does not
// count towards disabling it again.
func (a *API) changeTarget(ctx context.Context, id string, g Guard, change func(*state.Target) error) (*versioned[Target], error) {
	var t state.Target
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		var err error
		if t, err = tx.LockTarget(ctx, workspaceOf(ctx), id); err != nil {
			return err
		}
		if err := g.check(t.Version); err != nil {
			return err
		}
		was := t.Enabled
		if err := change(&t); err != nil {
			return err
		}
		t.UpdatedAt = a.Clock()
		if err := tx.UpdateTarget(ctx, &t); err != nil || !t.Enabled || was {
			return err
		}
		t.FailingSince, t.DisabledAt, t.DisabledWhy, t.LastError = time.Time{}, time.Time{}, "", ""
		return tx.SetTargetHealth(ctx, &t)
	})
	if err != nil {
		return nil, err
	}
	noteTarget(ctx, t)
	return a.answerTarget(ctx, t)
}

func (a *API) deleteTarget(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.DB.DeleteTarget(ctx, workspaceOf(ctx), in.ID)
}

func (a *API) testKeptTarget(ctx context.Context, in *ByID) (*bodyOutput[TargetAnswer], error) {
	t, err := a.DB.Target(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return body(a.tryTarget(ctx, t)), nil
}

func (a *API) testTarget(ctx context.Context, in *tryTargetInput) (*bodyOutput[TargetAnswer], error) {
	t := state.Target{WorkspaceID: workspaceOf(ctx)}
	if in.Body.ID != "" {
		var err error
		if t, err = a.DB.Target(ctx, workspaceOf(ctx), in.Body.ID); err != nil {
			return nil, err
		}
	}
	if err := a.fillTarget(&t, in.Body.TargetInput); err != nil {
		return nil, err
	}
	return body(a.tryTarget(ctx, t)), nil
}

// tryTarget sends a test message.
func (a *API) tryTarget(ctx context.Context, t state.Target) TargetAnswer {
	begun := time.Now()
	answer, err := a.Notify.Test(ctx, t)
	out := TargetAnswer{OK: err == nil, Status: answer.Status, Body: answer.Body, TookMS: time.Since(begun).Milliseconds()}
	if err == nil {
		return out
	}
	out.Problem = languageOf(ctx).say(err.Error())
	var e *target.Error
	if errors.As(err, &e) {
		out.Status, out.Body, out.Retry = e.Answer.Status, e.Answer.Body, e.Retry
	}
	note(ctx, t.ID, map[string]any{"name": t.Name, "kind": t.Kind, "problem": err.Error()})
	return out
}
