package client

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"github.com/memseep/memseep/internal/api"
)

// all follows a list's cursor until limit items are there; 0 is all.
func all[T any](ctx context.Context, c *Client, path string, q url.Values, limit int) ([]T, error) {
	out := []T{}
	for {
		var page api.Page[T]
		if err := c.Call(ctx, "GET", path+"?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if limit > 0 && len(out) >= limit {
			return out[:limit], nil
		}
		if page.Next == "" {
			return out, nil
		}
		q.Set("cursor", page.Next)
	}
}

func one[T any](ctx context.Context, c *Client, method, path string, in any) (T, error) {
	var out T
	return out, c.Call(ctx, method, path, in, &out)
}

// Events lists events; q has the filters of the API.
func (c *Client) Events(ctx context.Context, q url.Values, limit int) ([]api.EventSummary, error) {
	return all[api.EventSummary](ctx, c, "/events", q, limit)
}

// Event reads one.
func (c *Client) Event(ctx context.Context, id string) (api.Event, error) {
	return one[api.Event](ctx, c, "GET", "/events/"+url.PathEscape(id), nil)
}

// RecoverEvents ends events by hand.
func (c *Client) RecoverEvents(ctx context.Context, ids []string, note string) (api.Recovered, error) {
	return one[api.Recovered](ctx, c, "POST", "/events/recover", map[string]any{"ids": ids, "note": note})
}

// Inspections lists all.
func (c *Client) Inspections(ctx context.Context) ([]api.Inspection, error) {
	return all[api.Inspection](ctx, c, "/inspections", url.Values{}, 0)
}

// Inspection finds one by its identifier or its name.
func (c *Client) Inspection(ctx context.Context, name string) (api.Inspection, error) {
	list, err := c.Inspections(ctx)
	if err != nil {
		return api.Inspection{}, err
	}
	for _, i := range list {
		if i.ID == name || i.Name == name {
			return i, nil
		}
	}
	return api.Inspection{}, fmt.Errorf("there is no inspection %q: `memseep inspection list` names them", name)
}

// SwitchInspection enables or disables one.
func (c *Client) SwitchInspection(ctx context.Context, id string, on bool) (api.Inspection, error) {
	to := map[bool]string{true: "enable", false: "disable"}[on]
	return one[api.Inspection](ctx, c, "POST", "/inspections/"+url.PathEscape(id)+"/"+to, nil)
}

// RunInspection runs one now.
func (c *Client) RunInspection(ctx context.Context, id string) (api.Run, error) {
	return one[api.Run](ctx, c, "POST", "/inspections/"+url.PathEscape(id)+"/run", nil)
}

// Run reads one with its log.
func (c *Client) Run(ctx context.Context, id string) (api.RunWithLog, error) {
	return one[api.RunWithLog](ctx, c, "GET", "/runs/"+url.PathEscape(id), nil)
}

// ExportInspections reads inspections as YAML; without identifiers all.
func (c *Client) ExportInspections(ctx context.Context, ids []string) ([]byte, error) {
	answer, err := c.Stream(ctx, "GET", "/inspections/export?"+url.Values{"id": ids}.Encode(), nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Close() }()
	return io.ReadAll(answer)
}

// ImportInspections takes inspections from YAML.
func (c *Client) ImportInspections(ctx context.Context, text []byte, dryRun bool) (api.Import, error) {
	return one[api.Import](ctx, c, "POST", fmt.Sprintf("/inspections/import?dry_run=%t", dryRun), text)
}

// Keys lists the keys of the workspace.
func (c *Client) Keys(ctx context.Context, revoked bool) ([]api.Key, error) {
	return all[api.Key](ctx, c, "/keys", url.Values{"revoked": {fmt.Sprint(revoked)}}, 0)
}

// AddKey makes a key; the answer has its secret.
func (c *Client) AddKey(ctx context.Context, body map[string]any) (api.NewKey, error) {
	return one[api.NewKey](ctx, c, "POST", "/keys", body)
}

// RevokeKey ends a key.
func (c *Client) RevokeKey(ctx context.Context, id string) error {
	return c.Call(ctx, "DELETE", "/keys/"+url.PathEscape(id), nil, nil)
}

// Hosts lists hosts; q has the filters of the API.
func (c *Client) Hosts(ctx context.Context, q url.Values, limit int) ([]api.Host, error) {
	return all[api.Host](ctx, c, "/hosts", q, limit)
}

// Host reads one.
func (c *Client) Host(ctx context.Context, name string) (api.Host, error) {
	return one[api.Host](ctx, c, "GET", "/hosts/"+url.PathEscape(name), nil)
}

// HostHealth reads what arrives of a host and what is missing.
func (c *Client) HostHealth(ctx context.Context, name string) (api.HostHealth, error) {
	return one[api.HostHealth](ctx, c, "GET", "/hosts/"+url.PathEscape(name)+"/health", nil)
}
