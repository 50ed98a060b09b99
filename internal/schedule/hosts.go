package schedule

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// chooseHosts lists the hosts that a run inspects, sorted: what the inspection's lines and filters
// keep of the source's, what is named exactly, and the hosts of events that are open, so that an
// event whose data has ended comes to its end. What a person has to be told is returned beside them.
func (s *Schedule) chooseHosts(ctx context.Context, src inspect.Source, i state.Inspection, at time.Time) (hosts, warnings []string, err error) {
	var filters []inspect.Filter
	if s.o.Filters != nil {
		if filters, err = s.o.Filters(ctx, i); err != nil {
			return nil, nil, fmt.Errorf("read the filters: %w", err)
		}
	}
	known, err := src.Hosts(ctx, at)
	if err != nil {
		return nil, nil, fmt.Errorf("list hosts: %w", err)
	}
	chosen, unmatched, err := matchHosts(known, i.HostLines(), filters)
	if err != nil {
		return nil, nil, err
	}
	open, err := s.openHosts(ctx, i)
	if err != nil {
		return nil, nil, err
	}
	maps.Copy(chosen, open)
	for _, u := range unmatched {
		warnings = append(warnings, unmatchedText(u))
	}
	return slices.Sorted(maps.Keys(chosen)), warnings, nil
}

// openHosts are the hosts of an inspection's open events.
func (s *Schedule) openHosts(ctx context.Context, i state.Inspection) (map[string]bool, error) {
	open, err := s.o.DB.OpenEvents(ctx, i.WorkspaceID, i.ID, nil)
	if err != nil {
		return nil, fmt.Errorf("read the open events: %w", err)
	}
	hosts := make(map[string]bool, len(open))
	for _, e := range open {
		hosts[e.Object.Host] = true
	}
	return hosts, nil
}

// matchHosts keeps the hosts that one of the lines names, all where there is no line, and that all
// filters keep. A name without * ? [ is inspected also where the source does not have it.
func matchHosts(known []leak.Host, lines []string, filters []inspect.Filter) (chosen map[string]bool, unmatched []string, err error) {
	matched := make(map[string]bool, len(lines))
	var globs []string
	for _, l := range lines {
		if !strings.ContainsAny(l, `*?[\`) {
			continue
		}
		if _, err := path.Match(l, ""); err != nil {
			return nil, nil, fmt.Errorf("host pattern %q: %w", l, err)
		}
		globs = append(globs, l)
	}
	names := make(map[string]bool, len(lines))
	for _, l := range lines {
		names[l] = true
	}
	chosen = make(map[string]bool, len(known))
	for _, h := range known {
		named := len(lines) == 0 || names[h.Name]
		if names[h.Name] {
			matched[h.Name] = true
		}
		for _, g := range globs {
			if ok, _ := path.Match(g, h.Name); ok { // the pattern was checked before
				named, matched[g] = true, true
			}
		}
		if named && !slices.ContainsFunc(filters, func(keeps inspect.Filter) bool { return !keeps(h) }) {
			chosen[h.Name] = true
		}
	}
	for _, l := range lines {
		if matched[l] || slices.Contains(unmatched, l) {
			continue
		}
		unmatched = append(unmatched, l)
		if !slices.Contains(globs, l) {
			chosen[l] = true
		}
	}
	return chosen, unmatched, nil
}

// fixed is a source that knows the hosts of a chunk alone: they were chosen before, and are neither
// listed again nor taken for patterns.
type fixed struct {
	inspect.Source
	hosts []string
}

// Hosts names the chunk's.
func (f fixed) Hosts(context.Context, time.Time) ([]leak.Host, error) {
	out := make([]leak.Host, len(f.hosts))
	for i, name := range f.hosts {
		out[i].Name = name
	}
	return out, nil
}

func keepAll(leak.Host) bool { return true }
