package api

import (
	"context"
	"errors"
	"path"

	"github.com/memseep/memseep/internal/state"
)

// matchSample is how many of the matching hosts an answer names.
const matchSample = 20

func (a *API) matchingHosts(ctx context.Context, in *matchingInput) (*bodyOutput[Matching], error) {
	i := state.Inspection{WorkspaceID: workspaceOf(ctx), Hosts: in.Body.Hosts, SourceID: in.Body.SourceID}
	lines := i.HostLines()
	if err := checkHosts(lines); err != nil {
		return nil, err
	}
	src, err := a.Source(ctx, i)
	if err != nil {
		return nil, badSource(err)
	}
	hosts, err := src.Hosts(ctx, a.Clock())
	var nothing interface{ NoSamples() bool } // as of a store that nobody has sent to yet
	if err != nil && !(errors.As(err, &nothing) && nothing.NoSamples()) {
		return nil, badSource(err)
	}
	out := Matching{Total: len(hosts), Sample: []string{}, Unmatched: []string{}}
	found := map[string]bool{}
	for _, h := range hosts {
		matched := len(lines) == 0
		for _, line := range lines {
			if ok, _ := path.Match(line, h.Name); ok || line == h.Name {
				matched, found[line] = true, true
			}
		}
		if matched {
			if out.Count++; out.Count <= matchSample {
				out.Sample = append(out.Sample, h.Name)
			}
		}
	}
	for _, line := range lines {
		if !found[line] {
			out.Unmatched = append(out.Unmatched, line)
		}
	}
	return body(out), nil
}

// checkHosts refuses a line that is no pattern.
func checkHosts(lines []string) error {
	for _, line := range lines {
		if _, err := path.Match(line, ""); err != nil {
			return invalid("body.hosts", "the line "+line+" is not a name or a glob: close its brackets, or write \\ before a * ? [ that is part of a name")
		}
	}
	return nil
}

// chosen tells whether lines of names and globs choose a host; no line chooses all.
func chosen(lines []string, host string) bool {
	if len(lines) == 0 {
		return true
	}
	for _, line := range lines {
		if ok, _ := path.Match(line, host); ok || line == host {
			return true
		}
	}
	return false
}
