package client

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/memseep/memseep/internal/api"
)

// Scripts lists all, without their code.
func (c *Client) Scripts(ctx context.Context) ([]api.ScriptSummary, error) {
	return all[api.ScriptSummary](ctx, c, "/scripts", url.Values{}, 0)
}

// PublishScript publishes code as SET__SCRIPT; set and script are added where they are not there.
func (c *Client) PublishScript(ctx context.Context, name, code, note string) (api.Script, error) {
	setName, scriptName, whole := strings.Cut(name, "__")
	if !whole || setName == "" || scriptName == "" {
		return api.Script{}, fmt.Errorf("%q is no name of a script: write SET__SCRIPT", name)
	}
	id, err := c.draft(ctx, setName, scriptName, code)
	if err != nil {
		return api.Script{}, err
	}
	return one[api.Script](ctx, c, "POST", "/scripts/"+url.PathEscape(id)+"/publish", map[string]string{"note": note})
}

// draft writes the draft of a script and returns its identifier.
func (c *Client) draft(ctx context.Context, setName, scriptName, code string) (string, error) {
	scripts, err := c.Scripts(ctx)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(scripts, func(s api.ScriptSummary) bool { return s.Set == setName && s.Name == scriptName })
	if at >= 0 {
		s, err := one[api.Script](ctx, c, "PUT", "/scripts/"+url.PathEscape(scripts[at].ID), map[string]string{"title": scripts[at].Title, "draft": code})
		return s.ID, err
	}
	sets, err := all[api.ScriptSet](ctx, c, "/scripts/sets", url.Values{}, 0)
	if err != nil {
		return "", err
	}
	setID := ""
	for _, s := range sets {
		if s.Name == setName {
			setID = s.ID
		}
	}
	if setID == "" {
		set, err := one[api.ScriptSet](ctx, c, "POST", "/scripts/sets", map[string]string{"name": setName})
		if err != nil {
			return "", err
		}
		setID = set.ID
	}
	s, err := one[api.Script](ctx, c, "POST", "/scripts", map[string]string{"set_id": setID, "name": scriptName, "draft": code})
	return s.ID, err
}

// Triggers lists all.
func (c *Client) Triggers(ctx context.Context) ([]api.Trigger, error) {
	return all[api.Trigger](ctx, c, "/triggers", url.Values{}, 0)
}

// Trigger finds one by its identifier, or as SET__SCRIPT.FUNCTION where that has one alone.
func (c *Client) Trigger(ctx context.Context, name string) (api.Trigger, error) {
	list, err := c.Triggers(ctx)
	if err != nil {
		return api.Trigger{}, err
	}
	list = slices.DeleteFunc(list, func(t api.Trigger) bool { return t.ID != name && t.Script+"."+t.Function != name })
	switch len(list) {
	case 0:
		return api.Trigger{}, fmt.Errorf("there is no trigger %q: `memseep trigger list` names them", name)
	case 1:
		return list[0], nil
	}
	return api.Trigger{}, fmt.Errorf("%q has %d triggers: name one by its identifier, as `memseep trigger list` has it", name, len(list))
}

// SwitchTrigger enables or disables one.
func (c *Client) SwitchTrigger(ctx context.Context, id string, on bool) (api.Trigger, error) {
	to := map[bool]string{true: "enable", false: "disable"}[on]
	return one[api.Trigger](ctx, c, "POST", "/triggers/"+url.PathEscape(id)+"/"+to, nil)
}

// RunTrigger runs one now.
func (c *Client) RunTrigger(ctx context.Context, id string) (api.Run, error) {
	return one[api.Run](ctx, c, "POST", "/triggers/"+url.PathEscape(id)+"/run", nil)
}
