package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// The chart's size, and the room around its plot, in units of its view box.
const (
	chartWidth, chartHeight             = 720.0, 220.0
	marginLeft, marginRight             = 58.0, 10.0
	marginTop, marginBottom             = 16.0, 24.0
	plotRight, plotBottom               = chartWidth - marginRight, chartHeight - marginBottom
	plotWidth, plotHeight               = plotRight - marginLeft, plotBottom - marginTop
	floorSeconds                        = leak.FloorSeconds
	wantedTicks                         = 6
	hostFullPercent                     = 100.0
	nearlyFull                          = 0.995     // of the capacity: nothing is left to forecast
	leastPercentSpan, leastBytesOfValue = 4.0, 0.02 // so that noise does not fill the chart
)

// chart is the drawing of one series: what was measured, its floor, onset, slope and forecast.
type chart struct {
	b             strings.Builder
	f             *inspect.Finding
	lang          string
	t0, t1, end   int64   // unix seconds: from the window's start past its end to the forecast's
	low, high     float64 // of the values shown
	grows         bool    // there is a line of growth to draw
	slope, atEnd  float64 // of that line: per second, and its value at end
	meetsCapacity bool    // within the chart
	capacity      float64
}

// svg draws a finding's series, or nothing where there is none.
func svg(f *inspect.Finding, lang string) template.HTML {
	if f.Series == nil {
		return ""
	}
	if low, _ := bounds(f.Series.Window.Values); math.IsInf(low, 0) {
		return ""
	}
	c := &chart{f: f, lang: lang, capacity: f.Series.Limits.Capacity}
	c.fitLine()
	c.chooseTimes()
	c.chooseValues()
	c.draw()
	return template.HTML(c.b.String()) // every text in it went through html.EscapeString
}

// fitLine lays the verdict's slope through the floors since the onset, by the median of their distances.
func (c *chart) fitLine() {
	w, v := &c.f.Series.Window, &c.f.Verdict
	c.t0, c.end = w.Start, w.End()
	c.slope = v.SlopePerHour / 3600
	// A line through kills and restarts would say what nobody has seen.
	c.grows = v.Leak && v.Cause != leak.Restarting && !math.IsNaN(c.slope) && !math.IsInf(c.slope, 0)
	if !c.grows {
		return
	}
	times, floors := windowFloors(w)
	var rests []float64
	for i, t := range times {
		if t >= v.Onset && floors[i] == floors[i] {
			rests = append(rests, floors[i]-c.slope*float64(t-c.end))
		}
	}
	c.atEnd = median(rests)
	if len(rests) == 0 {
		c.atEnd = v.Value
	}
	if c.capacity > 0 {
		c.atEnd = min(c.atEnd, c.capacity)
	}
}

// chooseTimes shows a third of the window ahead, or all that is left where that is less than a window.
func (c *chart) chooseTimes() {
	c.t1 = c.end
	if !c.grows || c.slope <= 0 || c.capacity > 0 && c.atEnd >= nearlyFull*c.capacity {
		return
	}
	length := float64(c.end - c.t0)
	ahead := length / 3
	if left := 1.05 * (c.capacity - c.atEnd) / c.slope; c.capacity > 0 && left <= length {
		ahead = max(left, length/6)
	}
	c.t1 = c.end + int64(ahead)
}

// windowFloors are the lowest values of the window's quarters of an hour, at their middles.
func windowFloors(w *leak.Window) (times []int64, floors []float64) {
	end := w.End()
	n := int((end-w.Start)/floorSeconds) + 1
	times, floors = make([]int64, n), make([]float64, n)
	for i := range floors {
		times[i] = end - int64(n-1-i)*floorSeconds - floorSeconds/2
		floors[i] = math.NaN()
	}
	for i, v := range w.Values {
		k := n - 1 - int((end-(w.Start+int64(i)*w.Step))/floorSeconds)
		if v < floors[k] || floors[k] != floors[k] && v == v {
			floors[k] = v
		}
	}
	return times, floors
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := append([]float64(nil), values...)
	for i := 1; i < len(sorted); i++ { // some two dozen values
		for k := i; k > 0 && sorted[k] < sorted[k-1]; k-- {
			sorted[k], sorted[k-1] = sorted[k-1], sorted[k]
		}
	}
	return sorted[len(sorted)/2]
}

func (c *chart) chooseValues() {
	c.low, c.high = bounds(c.f.Series.Window.Values)
	if c.capacity > 0 && c.high >= nearlyFull*c.capacity {
		c.high, c.meetsCapacity = max(c.high, c.capacity), true
	}
	if c.t1 > c.end {
		ahead := c.atEnd + c.slope*float64(c.t1-c.end)
		if c.capacity > 0 && ahead >= c.capacity {
			ahead, c.meetsCapacity = c.capacity, true
		}
		c.high = max(c.high, ahead)
	}
	least := leastPercentSpan
	if c.f.Unit == leak.Bytes {
		least = max(leastBytesOfValue*c.high, 1)
	}
	pad := max(0.06*(c.high-c.low), (least-(c.high-c.low))/2)
	c.low, c.high = max(c.low-pad, 0), c.high+pad
	if c.f.Unit == leak.Percent && c.high > hostFullPercent && c.high-pad <= hostFullPercent {
		c.high = hostFullPercent + 0.04*(hostFullPercent-c.low)
	}
}

func (c *chart) x(t int64) float64 {
	return marginLeft + plotWidth*float64(max(t, c.t0)-c.t0)/max(float64(c.t1-c.t0), 1)
}

func (c *chart) y(v float64) float64 {
	return plotBottom - plotHeight*(min(max(v, c.low), c.high)-c.low)/(c.high-c.low)
}

func (c *chart) draw() {
	c.print(`<svg class="chart" viewBox="0 0 %.0f %.0f" role="img"><title>%s</title>`, chartWidth, chartHeight,
		html.EscapeString(printable(objectName(c.f.Object, c.lang))))
	c.drawAxes()
	if c.t1 > c.end {
		c.print(`<rect class="ahead" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, c.x(c.end), marginTop, plotRight-c.x(c.end), plotHeight)
	}
	if c.meetsCapacity {
		c.print(`<line class="capacity" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`, marginLeft, plotRight, c.y(c.capacity), c.y(c.capacity))
	}
	w := &c.f.Series.Window
	c.path("raw", len(w.Values), func(i int) (int64, float64) { return w.Start + int64(i)*w.Step, w.Values[i] }, 3*max(w.Step, 60))
	times, floors := windowFloors(w)
	c.path("floor", len(floors), func(i int) (int64, float64) { return times[i], floors[i] }, 2*floorSeconds)
	if c.grows {
		c.drawGrowth()
	}
	c.print(`</svg>`)
}

func (c *chart) print(format string, a ...any) { fmt.Fprintf(&c.b, format, a...) }

func (c *chart) text(class, anchor string, x, y float64, text string) {
	c.print(`<text class="%s" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`, class, anchor, x, y, html.EscapeString(text))
}

func (c *chart) drawAxes() {
	scale, name := 1.0, " %"
	if c.f.Unit == leak.Bytes {
		text := byteSize(c.high)
		name = text[strings.LastIndexByte(text, ' '):]
		for n := c.high; n >= 1023.5; n /= 1024 {
			scale *= 1024
		}
	}
	step := niceStep((c.high - c.low) / scale / wantedTicks)
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for v := math.Ceil(c.low/scale/step) * step; v*scale <= c.high; v += step {
		y := c.y(v * scale)
		c.print(`<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`, marginLeft, plotRight, y, y)
		c.text("tick", "end", marginLeft-6, y+4, strconv.FormatFloat(v, 'f', decimals, 64)+name)
	}
	hours := int64(max(1, math.Ceil(float64(c.t1-c.t0)/3600/8)))
	for t := (c.t0/(hours*3600) + 1) * hours * 3600; t <= c.t1; t += hours * 3600 {
		if x := c.x(t); x < plotRight-14 {
			c.text("tick", "middle", x, chartHeight-6, time.Unix(t, 0).UTC().Format("15:04"))
		}
	}
	c.print(`<line class="axis" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`, marginLeft, plotRight, plotBottom, plotBottom)
}

// niceStep is the next of 1, 2, 5, 10, … above.
func niceStep(raw float64) float64 {
	if !(raw > 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw {
			return m * power
		}
	}
	return 10 * power
}

// path draws points as one line, broken where two are further apart than gap seconds.
func (c *chart) path(class string, n int, at func(int) (int64, float64), gap int64) {
	c.print(`<path class="%s" d="`, class)
	last := int64(math.MinInt64)
	for i := range n {
		t, v := at(i)
		if v != v {
			continue
		}
		command := "L"
		if last == math.MinInt64 || t-last > gap {
			command = "M"
		}
		c.print("%s%.1f %.1f", command, c.x(t), c.y(v))
		last = t
	}
	c.print(`"/>`)
}

// drawGrowth marks the onset, and draws the slope up to now and on to what is forecast.
func (c *chart) drawGrowth() {
	v := &c.f.Verdict
	from := max(v.Onset, c.t0)
	if v.Onset > c.t0 && v.Onset <= c.end {
		c.print(`<line class="onset" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`, c.x(v.Onset), c.x(v.Onset), marginTop, plotBottom)
		anchor, dx := "start", 4.0
		if c.x(v.Onset) > plotRight-80 {
			anchor, dx = "end", -4
		}
		c.text("label", anchor, c.x(v.Onset)+dx, marginTop+10, words{"onset", "开始"}.in(c.lang))
	}
	if math.IsNaN(c.atEnd) {
		return
	}
	c.print(`<line class="slope" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, c.x(from), c.y(c.atEnd-c.slope*float64(c.end-from)), c.x(c.end), c.y(c.atEnd))
	if c.t1 <= c.end {
		return
	}
	highT, highV := c.meet(v.SlopeHigh / 3600)
	lowT, lowV := c.meet(v.SlopeLow / 3600)
	if v.SlopeHigh >= v.SlopePerHour && v.SlopeLow <= v.SlopePerHour {
		c.print(`<path class="band" d="M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ"/>`, c.x(c.end), c.y(c.atEnd),
			c.x(highT), c.y(highV), c.x(c.t1), c.y(highV), c.x(lowT), c.y(lowV))
	}
	t, value := c.meet(c.slope)
	c.print(`<line class="forecast" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, c.x(c.end), c.y(c.atEnd), c.x(t), c.y(value))
	if c.meetsCapacity && v.Exhaustion.At > c.end {
		c.print(`<circle class="full" cx="%.1f" cy="%.1f" r="4"/>`, c.x(t), c.y(value))
		c.text("label", "end", c.x(t)-7, c.y(value)+14, clock(v.Exhaustion.At))
	}
}

// meet is where a line from now with that slope a second leaves the chart: at its end, or at the capacity.
func (c *chart) meet(slope float64) (int64, float64) {
	value := c.atEnd + slope*float64(c.t1-c.end)
	if c.capacity <= 0 || value <= c.capacity || slope <= 0 {
		return c.t1, value
	}
	return c.end + int64((c.capacity-c.atEnd)/slope), c.capacity
}
