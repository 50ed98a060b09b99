package schedule

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// outcome is what an attempt found of one host.
type outcome struct {
	failed, noData bool
	leaks          int
}

// add counts the host in a summary.
func (o outcome) add(sum *inspect.Summary) {
	sum.Hosts++
	sum.Leaks += o.leaks
	switch {
	case o.failed:
		sum.Failed++
	case o.noData:
		sum.NoData++
	}
	if o.leaks > 0 {
		sum.LeakHosts++
	}
}

// outcomes are those of findings, by host.
func outcomes(findings []inspect.Finding) map[string]outcome {
	found := map[string]outcome{}
	for n := range findings {
		f := &findings[n]
		o := found[f.Object.Host]
		if f.Object.Kind == leak.KindHost {
			o.failed = f.Err != nil
			o.noData = f.Verdict.Cause == leak.NoData || f.Verdict.Cause == leak.TooShort
		}
		if f.Verdict.Leak {
			o.leaks++
		}
		found[f.Object.Host] = o
	}
	return found
}

// Inspect makes the memory-leak inspection of the hosts that configs names, by names and globs, all
// where it names none; where filtered, of those in keep alone. Chunk by chunk what follows from it is
// kept: events, hosts, verdicts as series, the run's counters. A host is inspected once in a run: what
// was found before counts again in the summary alone. Hosts of open events are looked at beside, so
// that they come to their end; they are in the run's counters, not in the summary.
func (r *ScriptRun) Inspect(ctx context.Context, configs, keep []string, filtered bool) (inspect.Summary, error) {
	r.working.Lock()
	defer r.working.Unlock()
	if r.bound() == nil {
		return inspect.Summary{}, errUnbound
	}
	sum := inspect.Summary{At: r.At()}
	chosen, beside, err := r.chooseHosts(ctx, configs, keep, filtered)
	if err != nil {
		return sum, err
	}
	if err := r.loadKept(ctx); err != nil {
		return sum, err
	}
	all := maps.Clone(chosen)
	maps.Copy(all, beside)
	if err := r.inspectAll(ctx, slices.Sorted(maps.Keys(all))); err != nil {
		return sum, err
	}
	for host := range chosen {
		r.seen[host].add(&sum)
	}
	return sum, nil
}

// chooseHosts are the hosts that the script asks for, and those of open events.
func (r *ScriptRun) chooseHosts(ctx context.Context, configs, keep []string, filtered bool) (chosen, beside map[string]bool, err error) {
	s, i := r.s, r.bound()
	src, err := r.Source(ctx)
	if err != nil {
		return nil, nil, err
	}
	known, err := src.Hosts(ctx, r.At())
	if err == nil && len(known) == 0 {
		if _, err = src.Newest(ctx); err == nil {
			r.note("warning", noHostsText)
		}
	}
	switch {
	case hasNoSamples(*i, err):
		r.note("warning", noSamplesText)
		return map[string]bool{}, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("list hosts: %w", err)
	}
	var filters []inspect.Filter
	if filtered {
		wanted := make(map[string]bool, len(keep))
		for _, name := range keep {
			wanted[name] = true
		}
		filters = append(filters, func(h leak.Host) bool { return wanted[h.Name] })
	}
	chosen, unmatched, err := matchHosts(known, configs, filters)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range unmatched {
		r.note("warning", unmatchedText(u))
	}
	beside, err = s.openHosts(ctx, *i)
	return chosen, beside, err
}

// loadKept reads which hosts an attempt before this one has kept, where there was one.
func (r *ScriptRun) loadKept(ctx context.Context) error {
	if r.kept != nil {
		return nil
	}
	r.kept, r.seen = map[string]bool{}, map[string]outcome{}
	return r.reloadKept(ctx)
}

func (r *ScriptRun) reloadKept(ctx context.Context) error {
	run := r.current()
	chunks, err := r.s.o.DB.Chunks(ctx, run.WorkspaceID, run.ID)
	if err != nil {
		return err
	}
	for _, c := range chunks {
		for _, h := range c.Hosts {
			r.kept[h] = true
		}
	}
	return nil
}

// inspectAll judges hosts that this attempt has not judged, and keeps what no attempt has kept.
func (r *ScriptRun) inspectAll(ctx context.Context, hosts []string) error {
	var fresh, again []string
	for _, h := range hosts {
		switch _, judged := r.seen[h]; {
		case judged:
		case r.kept[h]:
			again = append(again, h)
		default:
			fresh = append(fresh, h)
		}
	}
	size := r.s.o.ChunkHosts
	if err := r.announce(ctx, len(hosts), len(fresh), (len(fresh)+size-1)/size); err != nil {
		return err
	}
	for part := range slices.Chunk(again, size) {
		if err := r.patiently(ctx, part, r.judgeAgain); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(fresh, size) {
		if err := r.patiently(ctx, part, r.inspectChunk); err != nil {
			return err
		}
	}
	return nil
}

// announce says how much there is to do, so that the run's progress can be told.
func (r *ScriptRun) announce(ctx context.Context, hosts, fresh, chunks int) error {
	text := fmt.Sprintf("windows end at %s; %s", r.At().Format(time.RFC3339), plural(hosts, "host"))
	if fresh < hosts {
		text += fmt.Sprintf(", %d of them inspected before", hosts-fresh)
	}
	r.note("info", text)
	run := r.current()
	run.Chunks = run.ChunksDone + chunks
	if err := r.s.o.DB.UpdateRun(ctx, &run); err != nil {
		return overIfEnded(err)
	}
	r.took(run)
	r.s.published(run.WorkspaceID, runChange(&run))
	return nil
}

// patiently works a part of the hosts, again after a pause where the source is away. A part that
// fails for good is marked as failed, and the run goes on.
func (r *ScriptRun) patiently(ctx context.Context, hosts []string, work func(context.Context, []string) error) error {
	s := r.s
	for attempt := 1; ; attempt++ {
		started := time.Now()
		err := work(ctx, hosts)
		s.metrics.chunk.Observe(time.Since(started).Seconds())
		switch {
		case err == nil:
			s.metrics.chunks.WithLabelValues("done").Inc()
			return nil
		case errors.Is(err, errEnded), endedHere(ctx):
			s.metrics.chunks.WithLabelValues("dropped").Inc()
			return errEnded
		case ctx.Err() != nil:
			return stopped(ctx, err)
		}
		s.metrics.chunks.WithLabelValues("failed").Inc()
		if attempt > len(s.o.Retry) {
			return r.giveUp(ctx, hosts, err)
		}
		r.note("warning", fmt.Sprintf("%s could not be inspected, attempt %d of %d: %s", plural(len(hosts), "host"), attempt, len(s.o.Retry)+1, err))
		select {
		case <-time.After(s.o.Retry[attempt-1]):
		case <-ctx.Done():
		}
	}
}

// judgeAgain judges hosts that an attempt before has kept, for the summary.
func (r *ScriptRun) judgeAgain(ctx context.Context, hosts []string) error {
	found, err := r.s.judge(ctx, r.current(), *r.bound(), hosts)
	if err != nil {
		return err
	}
	maps.Copy(r.seen, outcomes(found.findings))
	return nil
}

// inspectChunk judges hosts and keeps what follows from it.
func (r *ScriptRun) inspectChunk(ctx context.Context, hosts []string) error {
	hosts = slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { _, judged := r.seen[h]; return judged })
	if len(hosts) == 0 {
		return nil
	}
	found, err := r.s.judge(ctx, r.current(), *r.bound(), hosts)
	if err != nil {
		return err
	}
	seen := outcomes(found.findings)
	kept, err := r.s.commit(ctx, r.current(), *r.bound(), state.Chunk{Hosts: hosts}, found)
	if errors.Is(err, errCounted) {
		return r.countedElsewhere(ctx, hosts, seen)
	}
	if err != nil {
		return err
	}
	r.took(kept.run)
	maps.Copy(r.seen, seen)
	for _, h := range hosts {
		r.kept[h] = true
	}
	return nil
}

// countedElsewhere is for an attempt that was taken for lost and went on beside this one: what it has
// kept is judged here already, and what is left of the chunk is inspected anew.
func (r *ScriptRun) countedElsewhere(ctx context.Context, hosts []string, seen map[string]outcome) error {
	if err := r.reloadKept(ctx); err != nil {
		return err
	}
	for _, h := range hosts {
		if r.kept[h] {
			r.seen[h] = seen[h]
		}
	}
	return r.inspectChunk(ctx, hosts)
}

// giveUp marks hosts that could not be inspected as failed.
func (r *ScriptRun) giveUp(ctx context.Context, hosts []string, why error) error {
	fresh := slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return r.kept[h] })
	if len(fresh) > 0 {
		failed, err := r.s.markFailed(ctx, r.current(), state.Chunk{Hosts: fresh}, "a part of the hosts", why.Error())
		if err != nil && !errors.Is(err, errCounted) {
			return err
		}
		if err == nil {
			r.took(failed.run)
		}
	}
	for _, h := range hosts {
		r.seen[h], r.kept[h] = outcome{failed: true}, true
	}
	return nil
}

// note adds a line of the server's own to the log, among what is printed.
func (r *ScriptRun) note(level, text string) {
	line := r.s.line(level, text)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log.lines = append(r.log.lines, line)
}
