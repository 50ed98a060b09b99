// Package report writes findings for people and programs: tables, JSON, Markdown, HTML.
// In go the findings of a run, one after the other; out comes text in one of the Formats.
// Read this file first, then the file of the format that you look for.
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/memseep/memseep/inspect"
)

// Writer takes the findings of a run, those of one host together, hosts in any order, then its
// summary. What it prints does not depend on the order of hosts. A Writer is used by one goroutine
// at a time.
type Writer interface {
	Write(inspect.Finding) error
	// Close ends the report; no finding follows. It does not close what is written to.
	Close(inspect.Summary) error
}

// Options is what the formats have in common. The zero value prints leaks alone, in English,
// without colours.
type Options struct {
	All   bool   // every object, not only those that leak
	Lang  string // "en" or "zh"; empty is "en"
	Color bool   // the output is a terminal that may be coloured
	Width int    // of the terminal in columns; 0 is wide enough for everything
}

// format is one member of the list of formats.
type format struct {
	name   string
	series bool // draws the series: the run has to keep them
	open   func(io.Writer, Options) Writer
}

var formats = []format{
	{"table", true, newTable},
	{"jsonl", false, newJSONLines},
	{"json", false, newJSONDocument},
	{"markdown", true, newMarkdown},
	{"html", true, newPage},
}

// Formats lists the names of the formats, as -o takes them.
func Formats() []string { return names(formats) }

// New makes the writer of a format. The error tells which formats there are.
func New(name string, w io.Writer, o Options) (Writer, error) {
	f, err := find(formats, name)
	if err != nil {
		return nil, err
	}
	return f.open(w, o), nil
}

// NeedsSeries says whether a format draws charts, so that the run has to keep the series.
func NeedsSeries(name string) bool {
	f, err := find(formats, name)
	return err == nil && f.series
}

func names(of []format) []string {
	names := make([]string, len(of))
	for i, f := range of {
		names[i] = f.name
	}
	return names
}

func find(in []format, name string) (format, error) {
	i := slices.IndexFunc(in, func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, fmt.Errorf("unknown output format %q: use one of %s", name, strings.Join(names(in), ", "))
	}
	return in[i], nil
}

// shown says whether a finding belongs into the report.
func (o Options) shown(f *inspect.Finding) bool { return o.All || f.Verdict.Leak }
