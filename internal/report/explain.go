package report

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/guptarohit/asciigraph"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// explanation tells of one host all that is known, for a person who wants to disagree.
type explanation struct {
	w       io.Writer
	options Options
	palette palette
	quiet   []row // workloads that do not leak
}

// NewExplanation makes a writer that says at length what a verdict rests on: the curve, the
// reasons with their numbers, the suspects. The findings have to carry their series. It is meant
// for one host; Options.All has no meaning.
func NewExplanation(w io.Writer, o Options) Writer {
	return &explanation{w: w, options: o, palette: newPalette(w, o.Color)}
}

func (e *explanation) Write(f inspect.Finding) error {
	if f.Object.Kind != leak.KindHost && !f.Verdict.Leak {
		e.quiet = append(e.quiet, newRow(&f, e.options.Lang, sparkWidth))
		return nil
	}
	var b strings.Builder
	e.headline(&b, &f)
	e.curve(&b, &f)
	e.numbers(&b, &f)
	e.reasons(&b, &f)
	e.culprits(&b, &f)
	for _, n := range f.Notes {
		fmt.Fprintf(&b, "%s\n", printable(n.Text(e.options.Lang)))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(e.w, b.String())
	return err
}

func (e *explanation) say(en, zh string) string { return words{en, zh}.in(e.options.Lang) }

func (e *explanation) headline(b *strings.Builder, f *inspect.Finding) {
	lang, v := e.options.Lang, &f.Verdict
	verdict := e.say("no leak", "无泄漏")
	if v.Leak {
		verdict = e.say("leak", "泄漏")
	}
	level := e.palette.level[v.Level].Render(levelName(v.Level, lang))
	fmt.Fprintf(b, "%s  %s  %s\n", e.palette.head.Render(printable(objectName(f.Object, lang))), level,
		verdict+e.say(": ", "：")+causeName(v.Cause, lang))
	if f.Err != nil {
		fmt.Fprintf(b, "%s %s\n", e.say("could not be read:", "读取失败："), printable(f.Err.Error()))
	}
}

func (e *explanation) curve(b *strings.Builder, f *inspect.Finding) {
	if f.Series == nil {
		return
	}
	w := f.Series.Window
	values, unit := scaled(w.Values, f.Unit)
	if values == nil {
		return
	}
	width := 72
	if e.options.Width > 0 {
		width = min(max(e.options.Width-16, 20), 100)
	}
	graph := asciigraph.Plot(thin(values, width), asciigraph.Height(10), asciigraph.Precision(precision(values)))
	fmt.Fprintf(b, "\n%s\n", e.palette.plain.Render(graph))
	first, last := clock(w.Start), clock(w.End())
	// The axis of the chart is as wide as what stands before its curve.
	margin := max(lipgloss.Width(graph)-width, 0)
	gap := max(width-len(first)-len(last), 1)
	fmt.Fprintf(b, "%s%s%s%s UTC, %s\n\n", strings.Repeat(" ", margin), first, strings.Repeat(" ", gap), last, unit)
}

// scaled gives values in percent or in the unit of bytes that suits them; nil without a sample.
func scaled(values []float64, unit leak.Unit) (out []float64, name string) {
	highest := math.Inf(-1)
	for _, v := range values {
		if v == v {
			highest = max(highest, v)
		}
	}
	if math.IsInf(highest, -1) {
		return nil, ""
	}
	scale, name := 1.0, "%"
	if unit == leak.Bytes {
		text := byteSize(highest)
		name = text[strings.LastIndexByte(text, ' ')+1:]
		for n := highest; n >= 1023.5; n /= 1024 {
			scale *= 1024
		}
	}
	out = make([]float64, len(values))
	for i, v := range values {
		out[i] = v / scale
	}
	return out, name
}

func precision(values []float64) uint {
	low, high := bounds(values)
	switch span := high - low; {
	case span >= 50:
		return 0
	case span >= 5:
		return 1
	case span >= 0.5:
		return 2
	}
	return 3
}

func bounds(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v == v {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// thin takes the lowest of each part, so that a peak between two characters is not lost to chance.
func thin(values []float64, width int) []float64 {
	if len(values) <= width {
		return values
	}
	out := make([]float64, width)
	for i := range out {
		out[i], _ = bounds(values[i*len(values)/width : (i+1)*len(values)/width])
		if math.IsInf(out[i], 0) {
			out[i] = math.NaN()
		}
	}
	return out
}

func (e *explanation) numbers(b *strings.Builder, f *inspect.Finding) {
	v, lang := &f.Verdict, e.options.Lang
	line := func(name, value string) { fmt.Fprintf(b, "  %s %s\n", pad(name, 14), value) }
	if v.Value == v.Value {
		line(e.say("in use", "当前用量"), amount(v.Value, f.Unit))
	}
	if v.Leak {
		if v.Onset != 0 {
			line(e.say("since", "开始时间"), clock(v.Onset)+" UTC")
		}
		line(e.say("rate", "增速"), fmt.Sprintf("%s (%s %s %s)", rate(v.SlopePerHour, f.Unit, lang),
			rate(v.SlopeLow, f.Unit, lang), e.say("to", "至"), rate(v.SlopeHigh, f.Unit, lang)))
		if text := e.exhaustion(v.Exhaustion, f); text != "" {
			line(e.say("exhausted", "耗尽时间"), text)
		}
		if text := e.restarts(v.Restarts, f); text != "" {
			line(e.say("killed", "被终止"), text)
		}
	}
	line(e.say("confidence", "置信度"), certainty(v.Confidence))
	if f.Wait != "" {
		line(e.say("no event yet", "暂无事件"), f.Wait.Text(lang))
	}
}

func (e *explanation) exhaustion(x leak.Exhaustion, f *inspect.Finding) string {
	if x.At == 0 {
		return ""
	}
	text := clock(x.At) + " UTC (" + timeLeft(x, f.At, e.options.Lang)
	if x.Earliest != 0 && x.Latest != 0 && x.Earliest != x.Latest {
		text += fmt.Sprintf(e.say("; between %s and %s", "；介于 %s 与 %s 之间"), clock(x.Earliest), clock(x.Latest))
	}
	return text + ")"
}

// restarts says how often the leak was killed, at what height, and when next.
func (e *explanation) restarts(r leak.Restarts, f *inspect.Finding) string {
	if r.Count == 0 {
		return ""
	}
	text := fmt.Sprintf(e.say("%d times since %s UTC, at about %s", "自 %[2]s UTC 起 %[1]d 次，约在 %[3]s 处"), r.Count, clock(r.First), amount(r.Peak, f.Unit))
	if r.Every > 0 {
		text += fmt.Sprintf(e.say(", each %s", "，每 %s一次"), span(time.Duration(r.Every)*time.Second, e.options.Lang))
	}
	if r.Next > 0 {
		text += fmt.Sprintf(e.say("; next at about %s UTC", "；下次约在 %s UTC"), clock(r.Next))
	}
	return text
}

func (e *explanation) reasons(b *strings.Builder, f *inspect.Finding) {
	reasons := f.Verdict.Reasons()
	if len(reasons) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", e.palette.head.Render(e.say("Reasons (points above zero speak for a leak)", "依据（分值大于零表示支持泄漏）")))
	for _, r := range reasons {
		fmt.Fprintf(b, "  %+6.1f  %s\n", r.Points, r.Text(e.options.Lang))
	}
}

func (e *explanation) culprits(b *strings.Builder, f *inspect.Finding) {
	lang := e.options.Lang
	if len(f.Suspects) > 0 {
		fmt.Fprintf(b, "\n%s\n", e.palette.head.Render(e.say("Suspects", "根因")))
		for _, s := range f.Suspects {
			fmt.Fprintf(b, "  %5s  %s  %s, %s%s\n", percent(s.Share), pad(printable(workloadName(s.Kind, s.Namespace, s.Name, lang)), 32),
				signed(s.GrowthBytes), e.say("now ", "当前 "), byteSize(s.Bytes))
		}
		if !math.IsNaN(f.Unexplained) {
			fmt.Fprintf(b, "  %5s  %s  %s\n", "", pad(e.say("growth that no workload explains", "无法归因的增长"), 32), signed(f.Unexplained))
		}
	}
	if len(f.Top) > 0 {
		fmt.Fprintf(b, "\n%s\n", e.palette.head.Render(e.say("Largest", "占用最多")))
		for _, u := range f.Top {
			fmt.Fprintf(b, "  %10s  %s\n", byteSize(u.Bytes), printable(workloadName(u.Kind, u.Namespace, u.Name, lang)))
		}
	}
}

func signed(v float64) string {
	if finite(v) == nil {
		return "–"
	}
	if v < 0 {
		return "−" + byteSize(-v)
	}
	return "+" + byteSize(v)
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-lipgloss.Width(s), 0))
}

func (e *explanation) Close(s inspect.Summary) error {
	var b strings.Builder
	if len(e.quiet) > 0 {
		fmt.Fprintf(&b, "%s\n", e.palette.head.Render(e.say("Workloads without a leak", "没有泄漏的进程与容器")))
		byUrgency(e.quiet, func(r *row) (leak.Object, leak.Level, int64) { return r.object, r.level, r.left })
		for i := range e.quiet {
			o, c := e.quiet[i].object, e.quiet[i].cells
			fmt.Fprintf(&b, "  %s  %s  %s  %s\n", pad(printable(workloadName(o.Kind, o.Namespace, o.Name, e.options.Lang)), 32),
				c[cellWindow], pad(c[cellUse], 9), c[cellCause])
		}
		b.WriteByte('\n')
	}
	b.WriteString(summaryLine(s, e.options.Lang) + "\n")
	_, err := io.WriteString(e.w, b.String())
	return err
}
