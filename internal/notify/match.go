package notify

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// match finds the policy of the event's inspection, and the first of its rules that matches.
func match(p *passage) (target.Words, bool) {
	if p.policy = p.policies.of(p.event); p.policy == nil {
		return words("its inspection names no policy, and there is no default", "巡检未指定告警策略，且没有默认策略"), false
	}
	p.rule = Match(p.policy, p.event, p.now)
	if p.rule < 0 {
		return words(fmt.Sprintf("policy %q: no rule matches", p.policy.Name), fmt.Sprintf("策略“%s”：没有规则匹配", p.policy.Name)), false
	}
	r := &p.policy.Rules[p.rule]
	p.targets = r.Targets
	name := RuleName(r, p.rule)
	if len(r.Targets) == 0 {
		return words(fmt.Sprintf("policy %q: rule %q matches, and tells nobody", p.policy.Name, name), fmt.Sprintf("策略“%s”：匹配规则“%s”，该规则不通知任何人", p.policy.Name, name)), false
	}
	return words(fmt.Sprintf("policy %q: rule %q matches", p.policy.Name, name), fmt.Sprintf("策略“%s”：匹配规则“%s”", p.policy.Name, name)), true
}

// Match is the index of the first rule of a policy that matches an event at a time; -1 where none.
func Match(p *state.Policy, e *event.Event, at time.Time) int {
	zone := location(p.TimeZone)
	for i := range p.Rules {
		r := &p.Rules[i]
		if (len(r.Levels) == 0 || slices.Contains(r.Levels, e.Level)) && Matches(&r.Matcher, e) && inOneOf(r.Times, zone, at) {
			return i
		}
	}
	return -1
}

// RuleName is what a rule is called: its name, or its number from 1.
func RuleName(r *state.Rule, index int) string {
	if r.Name != "" {
		return r.Name
	}
	return fmt.Sprintf("#%d", index+1)
}

func inOneOf(times []state.Period, zone *time.Location, at time.Time) bool {
	return len(times) == 0 || slices.ContainsFunc(times, func(t state.Period) bool {
		_, _, in := Within(t, zone, at)
		return in
	})
}

// Matches tells whether a matcher chooses an event.
func Matches(m *state.Matcher, e *event.Event) bool {
	if len(m.Inspections) > 0 && !slices.Contains(m.Inspections, e.InspectionID) {
		return false
	}
	if len(m.Objects) > 0 && !slices.ContainsFunc(m.Objects, func(glob string) bool { return isObject(glob, e) }) {
		return false
	}
	for _, c := range m.Attributes {
		if holds(&c, e) == c.Not {
			return false
		}
	}
	return true
}

// isObject compares a glob with the names that an event's object has.
func isObject(glob string, e *event.Event) bool {
	names := []string{e.Object.Host}
	if e.Object.Kind != leak.KindHost {
		names = append(names, e.Object.Name, e.Object.Host+"/"+e.Object.Name)
		if e.Object.Namespace != "" {
			names = append(names, e.Object.Namespace+"/"+e.Object.Name)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool { return like(glob, name) })
}

// holds tells whether a dimension or attribute has one of a condition's values. One that is not there
// has the empty value, as in Prometheus' matchers.
func holds(c *state.Condition, e *event.Event) bool {
	value, ok := e.Dimensions[c.Key]
	if !ok {
		value = e.Attributes[c.Key]
	}
	return slices.ContainsFunc(c.Values, func(glob string) bool { return like(glob, value) })
}

// like compares a name with a glob: * is any text, ? one character, […] one of some.
func like(glob, name string) bool {
	if glob == name {
		return true
	}
	if !strings.ContainsAny(glob, `*?[\`) {
		return false
	}
	// A star meets slashes too: names such as deployment/cart have them.
	ok, err := path.Match(strings.ReplaceAll(glob, "/", "\x00"), strings.ReplaceAll(name, "/", "\x00"))
	return err == nil && ok
}
