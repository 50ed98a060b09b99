package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/lipgloss/table"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// tableWriter prints a table for a terminal, the most urgent first.
type tableWriter struct {
	w       io.Writer
	options Options
	spark   int // characters of the small chart
	rows    []row
	remarks remarks
}

const (
	sparkWidth       = 24
	narrowSparkWidth = 10
	narrow           = 140 // columns of a terminal below which the small chart shrinks
	veryNarrow       = 110 // and below which it is left out
)

func newTable(w io.Writer, o Options) Writer {
	t := &tableWriter{w: w, options: o, spark: sparkWidth}
	if o.Width > 0 && o.Width < narrow {
		t.spark = narrowSparkWidth
	}
	return t
}

func (t *tableWriter) Write(f inspect.Finding) error {
	t.remarks.take(&f, t.options.Lang)
	if t.options.shown(&f) {
		t.rows = append(t.rows, newRow(&f, t.options.Lang, t.spark))
	}
	return nil
}

func (t *tableWriter) Close(s inspect.Summary) error {
	if len(t.rows) > 0 {
		byUrgency(t.rows, func(r *row) (leak.Object, leak.Level, int64) { return r.object, r.level, r.left })
		t.shorten()
		if _, err := fmt.Fprintln(t.w, t.render()); err != nil {
			return err
		}
	}
	for _, line := range append([]string{summaryLine(s, t.options.Lang)}, t.remarks.all(t.options.Lang)...) {
		if _, err := fmt.Fprintln(t.w, line); err != nil {
			return err
		}
	}
	return nil
}

// shorten names a workload under the row of its host without the host, and takes the year off
// times where the terminal is narrow.
func (t *tableWriter) shorten() {
	host := ""
	for i := range t.rows {
		r := &t.rows[i]
		if r.object.Kind == leak.KindHost {
			host = r.object.Host
		} else if r.object.Host == host {
			r.cells[cellHost] = printable("└ " + workloadName(r.object.Kind, r.object.Namespace, r.object.Name, t.options.Lang))
		}
		if since := r.cells[cellSince]; t.options.Width > 0 && t.options.Width < narrow && since != "" {
			r.cells[cellSince] = since[len("2006-"):]
		}
	}
}

func (t *tableWriter) render() string {
	head := heading(t.options.Lang)
	cells := make([][]string, len(t.rows))
	columns := cellCount
	if t.options.Width > 0 && t.options.Width < veryNarrow {
		columns = cellWindow
	}
	head = head[:columns]
	for i := range t.rows {
		cells[i] = t.rows[i].cells[:columns]
	}
	if t.options.Width > 0 {
		fit(head, cells, t.options.Width)
	}
	p := newPalette(t.w, t.options.Color)
	return trimLines(table.New().
		Headers(head...).Rows(cells...).
		Border(lipgloss.HiddenBorder()).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderHeader(false).
		StyleFunc(func(r, c int) lipgloss.Style {
			switch {
			case r == table.HeaderRow:
				return p.head
			case c == cellLevel:
				return p.level[t.rows[r].level]
			case c == cellWindow:
				return p.faint
			}
			return p.plain
		}).
		Render())
}

// trimLines takes off the spaces that fill the last column.
func trimLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// fit shortens what is widest, the suspects, then the names of hosts, until a row fits the width.
func fit(head []string, rows [][]string, width int) {
	const shortest = 16
	total := 0
	widths := make([]int, len(head))
	for c := range widths {
		widths[c] = ansi.StringWidth(head[c])
		for _, r := range rows {
			widths[c] = max(widths[c], ansi.StringWidth(r[c]))
		}
		total += widths[c] + 1
	}
	for _, c := range []int{cellSuspects, cellHost} {
		if total <= width || widths[c] <= shortest {
			continue
		}
		to := max(widths[c]-(total-width), shortest)
		total -= widths[c] - to
		for _, r := range rows {
			r[c] = ansi.Truncate(r[c], to, "…")
		}
	}
}

// palette holds the styles of terminal output; without colour they do nothing.
type palette struct {
	plain, head, faint lipgloss.Style
	level              map[leak.Level]lipgloss.Style
}

func newPalette(w io.Writer, color bool) palette {
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.Ascii)
	if color {
		r.SetColorProfile(termenv.ANSI)
	}
	style := r.NewStyle
	return palette{
		plain: style(), head: style().Bold(true), faint: style().Faint(true),
		level: map[leak.Level]lipgloss.Style{
			leak.Critical: style().Bold(true).Foreground(lipgloss.Color("9")),
			leak.Error:    style().Foreground(lipgloss.Color("1")),
			leak.Warning:  style().Foreground(lipgloss.Color("3")),
			leak.OK:       style().Foreground(lipgloss.Color("2")),
		},
	}
}
