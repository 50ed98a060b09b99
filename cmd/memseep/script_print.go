package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/report"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// printed is what a run of a script prints: findings first, then the events of its own checks.
type printed struct {
	writer  report.Writer
	out     io.Writer
	quiet   io.Writer // for what the script prints
	lines   bool      // events as JSON lines
	ran     bool
	sum     inspect.Summary
	events  []modules.Event
	written int
}

func (p *printed) line(l sandbox.Line) {
	for text := range strings.SplitSeq(l.Text, "\n") {
		fmt.Fprintf(p.quiet, "%s %s\n", l.At.Format("15:04:05.000"), plainCell(strings.ReplaceAll(text, "\t", "    ")))
	}
}

func (p *printed) finding(f inspect.Finding) error {
	if f.Err != nil {
		slog.Warn("a host could not be read", "host", f.Object.Host, "error", f.Err)
	}
	p.written++
	return p.writer.Write(f)
}

func (p *printed) done(s inspect.Summary) {
	p.ran, p.sum.At = true, s.At
	p.sum.Hosts += s.Hosts
	p.sum.Failed += s.Failed
	p.sum.NoData += s.NoData
	p.sum.Leaks += s.Leaks
	p.sum.LeakHosts += s.LeakHosts
}

func (p *printed) event(e modules.Event) error {
	p.events = append(p.events, e)
	return nil
}

// close ends the report where there was an inspection, and prints the events.
func (p *printed) close() error {
	if p.ran || p.written > 0 {
		if err := p.writer.Close(p.sum); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	for _, e := range p.events {
		if err := p.print(e); err != nil {
			return fmt.Errorf("write the events: %w", err)
		}
	}
	return nil
}

func (p *printed) print(e modules.Event) error {
	if p.lines {
		return json.NewEncoder(p.out).Encode(map[string]modules.Event{"event": e})
	}
	tags := make([]string, 0, len(e.DimensionTags))
	for k, v := range e.DimensionTags {
		tags = append(tags, k+":"+v)
	}
	slices.Sort(tags)
	_, err := fmt.Fprintf(p.out, "%s: %s%s\n", e.Status, plainCell(e.Title), plainCell(prefixed("  ", strings.Join(tags, " "))))
	if e.Message != "" && err == nil {
		for text := range strings.SplitSeq(strings.TrimSpace(e.Message), "\n") {
			if _, err = fmt.Fprintf(p.out, "    %s\n", plainCell(text)); err != nil {
				return err
			}
		}
	}
	return err
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}
