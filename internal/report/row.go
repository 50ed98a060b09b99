package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// heading names the columns of a row.
func heading(lang string) []string {
	var names []string
	for _, w := range []words{
		{"HOST", "主机"}, {"LEVEL", "级别"}, {"CAUSE", "原因"}, {"USE", "用量"}, {"SINCE (UTC)", "开始时间 (UTC)"},
		{"RATE", "增速"}, {"TIME LEFT", "剩余时间"}, {"SUSPECTS", "根因"}, {"WINDOW", "窗口"},
	} {
		names = append(names, w.in(lang))
	}
	return names
}

// The columns of a row by name.
const (
	cellHost = iota
	cellLevel
	cellCause
	cellUse
	cellSince
	cellRate
	cellLeft
	cellSuspects
	cellWindow
	cellCount
)

// row is a finding as a line of a table.
type row struct {
	cells  [cellCount]string
	object leak.Object
	level  leak.Level
	left   int64 // seconds until exhaustion; math.MaxInt64 where there is none
}

func newRow(f *inspect.Finding, lang string, sparkWidth int) row {
	v := &f.Verdict
	r := row{object: f.Object, level: v.Level, left: math.MaxInt64}
	r.cells[cellHost] = printable(objectName(f.Object, lang))
	r.cells[cellLevel] = levelName(v.Level, lang)
	r.cells[cellCause] = causeName(v.Cause, lang)
	r.cells[cellUse] = amount(v.Value, f.Unit)
	if f.Err != nil {
		r.cells[cellCause] = words{"not read", "读取失败"}.in(lang)
	}
	if v.Leak {
		if v.Onset != 0 {
			r.cells[cellSince] = clock(v.Onset)
		}
		r.cells[cellRate] = rate(v.SlopePerHour, f.Unit, lang)
		r.cells[cellLeft] = timeLeft(v.Exhaustion, f.At, lang)
		if next := v.Restarts.Next; next != 0 && v.Exhaustion.At == 0 {
			r.cells[cellLeft] = fmt.Sprintf(words{"killed in %s", "%s后再次被终止"}.in(lang), span(time.Unix(next, 0).Sub(f.At), lang))
		}
		if v.Exhaustion.At != 0 {
			r.left = max(v.Exhaustion.At-f.At.Unix(), 0)
		}
	}
	r.cells[cellSuspects] = printable(suspectList(f.Suspects, lang))
	if f.Series != nil {
		r.cells[cellWindow] = sparkline(f.Series.Window.Values, f.Unit, sparkWidth)
	}
	return r
}

func timeLeft(e leak.Exhaustion, at time.Time, lang string) string {
	switch left := time.Unix(e.At, 0).Sub(at); {
	case e.At == 0:
		return ""
	case left <= 0:
		return words{"none", "已耗尽"}.in(lang)
	default:
		return span(left, lang)
	}
}

func suspectList(suspects []suspect.Suspect, lang string) string {
	const show = 3
	var parts []string
	for i, s := range suspects {
		if i == show {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, workloadName(s.Kind, s.Namespace, s.Name, lang)+" "+percent(s.Share))
	}
	return strings.Join(parts, ", ")
}

// printable keeps names from the outside from moving the cursor or the columns of a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, s)
}

var urgency = []leak.Level{leak.Critical, leak.Error, leak.Warning, "info", leak.OK}

// byUrgency sorts rows: hosts with the most urgent leak first, and each host before its workloads.
func byUrgency[T any](items []T, of func(*T) (leak.Object, leak.Level, int64)) {
	type rank struct {
		level int
		left  int64
	}
	best := map[string]rank{}
	rankOf := func(t *T) rank {
		_, level, left := of(t)
		i := slices.Index(urgency, level)
		if i < 0 {
			i = len(urgency)
		}
		return rank{i, left}
	}
	compare := func(a, b rank) int { return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.left, b.left)) }
	for i := range items {
		o, _, _ := of(&items[i])
		r := rankOf(&items[i])
		if old, ok := best[o.Host]; !ok || compare(r, old) < 0 {
			best[o.Host] = r
		}
	}
	slices.SortStableFunc(items, func(a, b T) int {
		ao, _, _ := of(&a)
		bo, _, _ := of(&b)
		return cmp.Or(
			compare(best[ao.Host], best[bo.Host]),
			strings.Compare(ao.Host, bo.Host),
			cmp.Compare(workload(ao), workload(bo)),
			compare(rankOf(&a), rankOf(&b)),
			strings.Compare(ao.Namespace, bo.Namespace),
			strings.Compare(ao.Name, bo.Name),
		)
	})
}

func workload(o leak.Object) int {
	if o.Kind == leak.KindHost {
		return 0
	}
	return 1
}

var blocks = []rune("▁▂▃▄▅▆▇█")

// sparkline draws values in so many characters, the lowest of each part; a gap is a space. What
// moves by less than a percent of the whole, or of itself in bytes, looks flat.
func sparkline(values []float64, unit leak.Unit, width int) string {
	lowest, highest := math.Inf(1), math.Inf(-1)
	parts := make([]float64, width)
	for i := range parts {
		low := math.NaN()
		for _, v := range values[i*len(values)/width : (i+1)*len(values)/width] {
			if v < low || low != low {
				low = v
			}
		}
		parts[i] = low
		if low == low {
			lowest, highest = min(lowest, low), max(highest, low)
		}
	}
	least := 1.0
	if unit == leak.Bytes {
		least = 0.01 * highest
	}
	scale := max(highest-lowest, least)
	line := make([]rune, width)
	for i, v := range parts {
		line[i] = ' '
		if v == v && scale > 0 {
			line[i] = blocks[min(int((v-lowest)/scale*float64(len(blocks))), len(blocks)-1)]
		}
	}
	return string(line)
}
