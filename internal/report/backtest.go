package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/lipgloss/table"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// backtestFormats are those that make sense of many inspections.
var backtestFormats = []format{
	{"table", false, newBacktestTable},
	{"jsonl", false, newJSONLines},
}

// BacktestFormats lists the names of the formats of a backtest.
func BacktestFormats() []string { return names(backtestFormats) }

// NewBacktest makes the writer of a backtest's report. It is closed once, after the last
// inspection, with a summary that adds them up.
func NewBacktest(name string, w io.Writer, o Options) (Writer, error) {
	f, err := find(backtestFormats, name)
	if err != nil {
		return nil, err
	}
	return f.open(w, o), nil
}

// backtestTable prints a line for each object: how often it alarmed, and when.
type backtestTable struct {
	w       io.Writer
	options Options
	times   []int64 // of the inspections, ascending
	objects map[leak.Object]*record
}

// record is what all inspections said of one object.
type record struct {
	object leak.Object
	judged int     // inspections with enough data
	alarms []int64 // times of those that found a leak
	causes map[leak.Cause]int
	states map[int64]rune
}

const (
	strip                  = 48 // characters of the strip of inspections
	stripNoData, stripCalm = ' ', '·'
	stripLeak              = '█'
)

func newBacktestTable(w io.Writer, o Options) Writer {
	return &backtestTable{w: w, options: o, objects: map[leak.Object]*record{}}
}

func (b *backtestTable) Write(f inspect.Finding) error {
	at := f.At.Unix()
	if n := len(b.times); n == 0 || b.times[n-1] != at {
		b.times = append(b.times, at)
	}
	r := b.objects[f.Object]
	if r == nil {
		r = &record{object: f.Object, causes: map[leak.Cause]int{}, states: map[int64]rune{}}
		b.objects[f.Object] = r
	}
	switch {
	case f.Verdict.Cause == leak.NoData || f.Verdict.Cause == leak.TooShort:
		return nil
	case f.Verdict.Leak:
		r.alarms = append(r.alarms, at)
		r.causes[f.Verdict.Cause]++
		r.states[at] = stripLeak
	default:
		r.states[at] = stripCalm
	}
	r.judged++
	return nil
}

func (b *backtestTable) Close(s inspect.Summary) error {
	lang := b.options.Lang
	var records []*record
	windows, alarms := 0, 0
	for _, r := range b.objects {
		windows += r.judged
		alarms += len(r.alarms)
		if b.options.All || len(r.alarms) > 0 {
			records = append(records, r)
		}
	}
	slices.SortFunc(records, compareRecords)
	if len(records) > 0 {
		if _, err := fmt.Fprintln(b.w, b.render(records)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(b.w, words{"%d inspections, %d windows judged, %d alarms (%s).\n", "共 %d 次巡检，判定 %d 个窗口，%d 次告警（%s）。\n"}.in(lang),
		len(b.times), windows, alarms, share(alarms, windows))
	return err
}

// compareRecords puts those that alarmed most first.
func compareRecords(a, b *record) int {
	if d := len(b.alarms) - len(a.alarms); d != 0 {
		return d
	}
	if d := strings.Compare(a.object.Host, b.object.Host); d != 0 {
		return d
	}
	return strings.Compare(a.object.String(), b.object.String())
}

func (b *backtestTable) render(records []*record) string {
	lang := b.options.Lang
	head := []string{
		words{"HOST", "主机"}.in(lang), words{"ALARMS", "告警"}.in(lang), words{"OF", "窗口"}.in(lang), words{"SHARE", "占比"}.in(lang),
		words{"FIRST (UTC)", "首次 (UTC)"}.in(lang), words{"LAST (UTC)", "末次 (UTC)"}.in(lang), words{"CAUSE", "原因"}.in(lang), words{"WHEN", "何时"}.in(lang),
	}
	rows := make([][]string, len(records))
	for i, r := range records {
		first, last := "", ""
		if n := len(r.alarms); n > 0 {
			first, last = clock(r.alarms[0]), clock(r.alarms[n-1])
		}
		rows[i] = []string{
			printable(objectName(r.object, lang)), fmt.Sprint(len(r.alarms)), fmt.Sprint(r.judged), share(len(r.alarms), r.judged),
			first, last, causeName(r.mostCause(), lang), b.strip(r),
		}
	}
	p := newPalette(b.w, b.options.Color)
	return trimLines(table.New().
		Headers(head...).Rows(rows...).
		Border(lipgloss.HiddenBorder()).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderHeader(false).
		StyleFunc(func(r, c int) lipgloss.Style {
			if r == table.HeaderRow {
				return p.head
			}
			return p.plain
		}).
		Render())
}

func (r *record) mostCause() leak.Cause {
	var most leak.Cause
	for c, n := range r.causes {
		if n > r.causes[most] || n == r.causes[most] && c < most {
			most = c
		}
	}
	return most
}

// strip draws the inspections from the first to the last, several to a character where there are many.
func (b *backtestTable) strip(r *record) string {
	n := min(len(b.times), strip)
	line := make([]rune, n)
	for i := range line {
		line[i] = stripNoData
		for _, at := range b.times[i*len(b.times)/n : (i+1)*len(b.times)/n] {
			if s, ok := r.states[at]; ok && line[i] != stripLeak {
				line[i] = s
			}
		}
	}
	return string(line)
}

func share(part, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(of))
}
