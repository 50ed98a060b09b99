package notify

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// CheckPolicy says what is wrong with a policy, with the number of the rule; nil where nothing is.
func CheckPolicy(p *state.Policy) error {
	if strings.TrimSpace(p.Name) == "" {
		return errors.New("a policy needs a name")
	}
	if err := CheckZone(p.TimeZone); err != nil {
		return err
	}
	if p.Window < 0 || p.Window > MaxWindow {
		return errors.New("events can be gathered for 0 to 30 minutes")
	}
	if p.Again < 0 {
		return errors.New("the silence period is 0, for never again, or longer")
	}
	for i := range p.Rules {
		if err := checkRule(&p.Rules[i]); err != nil {
			return fmt.Errorf("rule %s: %w", RuleName(&p.Rules[i], i), err)
		}
	}
	return nil
}

func checkRule(r *state.Rule) error {
	for _, l := range r.Levels {
		if urgency(l) < 1 {
			return fmt.Errorf("level %q is none: critical, error and warning are", l)
		}
	}
	if err := checkMatcher(&r.Matcher); err != nil {
		return err
	}
	for _, t := range r.Times {
		if err := CheckPeriod(t); err != nil {
			return fmt.Errorf("time: %w", err)
		}
	}
	if len(r.Escalations) > MaxEscalations {
		return fmt.Errorf("a rule may have %d escalations", MaxEscalations)
	}
	for _, e := range r.Escalations {
		switch {
		case e.After < minEscalation || e.After > maxEscalation:
			return errors.New("an escalation comes after a minute to 7 days")
		case e.Unless != state.UnlessRecovered && e.Unless != state.UnlessAcknowledged:
			return errors.New(`an escalation comes unless "recovered" or "acknowledged"`)
		case len(e.Targets) == 0:
			return errors.New("an escalation needs a target")
		}
	}
	return nil
}

func checkMatcher(m *state.Matcher) error {
	for _, glob := range m.Objects {
		if _, err := path.Match(glob, ""); err != nil {
			return fmt.Errorf("object %q: a bracket is not closed", glob)
		}
	}
	for _, c := range m.Attributes {
		if c.Key == "" || len(c.Values) == 0 {
			return errors.New("a condition needs an attribute and a value")
		}
		for _, glob := range c.Values {
			if _, err := path.Match(glob, ""); err != nil {
				return fmt.Errorf("value %q of %s: a bracket is not closed", glob, c.Key)
			}
		}
	}
	return nil
}

// CheckSilence says what is wrong with a silence; nil where nothing is.
func CheckSilence(s *state.Silence) error {
	if strings.TrimSpace(s.Name) == "" {
		return errors.New("a silence needs a name: what it is for")
	}
	if s.Period.Cron == "" && s.Period.From.IsZero() {
		return errors.New("a silence begins now, at a time, or again and again")
	}
	if s.NoticeBefore < 0 || s.NoticeBefore > 7*24*time.Hour {
		return errors.New("a silence is told at most 7 days before it begins")
	}
	return errors.Join(CheckZone(s.TimeZone), CheckPeriod(s.Period), checkMatcher(&s.Matcher))
}

// CheckTemplates says what is wrong with a target's templates; nil where nothing is.
func CheckTemplates(t state.Templates) error {
	for name, text := range map[string]string{"short": t.Short, "title": t.Title, "body": t.Body} {
		if _, err := target.ParseTemplate(text); err != nil {
			return fmt.Errorf("template %s: %w", name, err)
		}
	}
	return nil
}

// EnsureDefaultPolicy gives a workspace without a default policy one: it gathers what one bad release
// does for half a minute, and tells again after a day. It tells nobody until it is given targets.
func EnsureDefaultPolicy(ctx context.Context, db *state.DB, workspaceID string) (state.Policy, error) {
	p, err := db.DefaultPolicy(ctx, workspaceID)
	if !errors.Is(err, state.ErrNotFound) {
		return p, err
	}
	p = state.Policy{
		WorkspaceID: workspaceID, Name: "Default", IsDefault: true, Rules: []state.Rule{{Name: "Everything", Targets: []string{}}},
		Again: 24 * time.Hour, Window: 30 * time.Second, GroupBy: []string{ByInspection, ByCulprit}, CreatedBy: "system",
	}
	err = db.AddPolicy(ctx, &p)
	if errors.Is(err, state.ErrExists) { // another replica was faster
		return db.DefaultPolicy(ctx, workspaceID)
	}
	return p, err
}
