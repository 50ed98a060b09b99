package inspect

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// Filter keeps a host by returning true. Filters run once a host, before anything is read.
type Filter func(leak.Host) bool

// UnknownHostsError says that hosts were asked for by name which the source does not have.
type UnknownHostsError struct{ Names []string }

func (e *UnknownHostsError) Error() string {
	const show = 5
	names := e.Names
	more := ""
	if len(names) > show {
		more = fmt.Sprintf(" and %d more", len(names)-show)
		names = names[:show]
	}
	return fmt.Sprintf("the source has no host named %s%s: check the spelling, or list what it has by inspecting with --all",
		strings.Join(names, ", "), more)
}

// FutureError says that the time asked for has not come yet.
type FutureError struct{ At, Newest time.Time }

func (e *FutureError) Error() string {
	return fmt.Sprintf("%s lies in the future: the newest sample is of %s; leave --at out to inspect up to it",
		e.At.UTC().Format(time.RFC3339), e.Newest.UTC().Format(time.RFC3339))
}

// chooseHosts returns the names that o's list and filters keep, or nil where o keeps every host.
func (o Options) chooseHosts(ctx context.Context, src Source, at time.Time) ([]string, error) {
	if len(o.Hosts) == 0 && len(o.Filters) == 0 {
		return nil, nil
	}
	for _, pattern := range o.Hosts {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("host pattern %q: %w", pattern, err)
		}
	}
	listed := newHostList(o.Hosts)
	if o.Absent && len(o.Filters) == 0 && len(listed.globs) == 0 {
		return listed.unmatched(), nil
	}
	all, err := src.Hosts(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("list hosts: %w", err)
	}
	chosen := []string{}
	for _, h := range all {
		if listed.has(h.Name) && keeps(o.Filters, h) {
			chosen = append(chosen, h.Name)
		}
	}
	if o.Absent {
		for name, ok := range listed.exact {
			if !ok {
				chosen = append(chosen, name)
			}
		}
		clear(listed.exact)
		slices.Sort(chosen)
	}
	if unknown := listed.unmatched(); len(unknown) > 0 {
		return nil, &UnknownHostsError{Names: unknown}
	}
	return chosen, nil
}

func keeps(filters []Filter, h leak.Host) bool {
	for _, f := range filters {
		if !f(h) {
			return false
		}
	}
	return true
}

// hostList matches names against a list of exact names and globs, and remembers which matched.
type hostList struct {
	exact map[string]bool // name → matched
	globs map[string]bool
}

func newHostList(patterns []string) hostList {
	l := hostList{exact: map[string]bool{}, globs: map[string]bool{}}
	for _, p := range patterns {
		if strings.ContainsAny(p, `*?[\`) {
			l.globs[p] = false
		} else {
			l.exact[p] = false
		}
	}
	return l
}

func (l hostList) has(name string) bool {
	if len(l.exact)+len(l.globs) == 0 {
		return true
	}
	found := false
	if _, ok := l.exact[name]; ok {
		l.exact[name], found = true, true
	}
	for g := range l.globs {
		if ok, _ := path.Match(g, name); ok { // the pattern was checked before
			l.globs[g], found = true, true
		}
	}
	return found
}

func (l hostList) unmatched() []string {
	var names []string
	for n, ok := range l.exact {
		if !ok {
			names = append(names, n)
		}
	}
	for n, ok := range l.globs {
		if !ok {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}
