package notify

import (
	"math"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/leak"
)

// chartSteps is in how many steps a chart shows the curve; its forecast has half as many again at most:
// both go within the few kilobytes of a message.
const (
	chartSteps    = 36
	forecastSteps = chartSteps * 3 / 2
)

// chartOf is the curve of an event at its opening for targets that draw it themselves: the lowest
// value of each step, and the forecast up to the limit. It is nil where the event has no curve.
func chartOf(e *event.Event, language string, zone *time.Location) target.Chart {
	if !drawable(e) {
		return nil
	}
	v, points := &e.Snapshot.Verdict, curvePoints(&e.Snapshot.Curve)
	first, last := points[0].t, points[len(points)-1].t
	step := math.Max(math.Ceil((last-first)/chartSteps/60)*60, 60) // seconds
	scale, unit := chartUnit(e.Snapshot.Curve.Unit, points[len(points)-1].v)
	clock := "15:04"
	if (chartSteps+forecastSteps)*step >= 24*3600 { // the same time of day would be the same place
		clock = "01-02 15:04"
	}
	var c target.Chart
	add := func(line string, n int, value float64) {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return
		}
		at := time.Unix(int64(first+float64(n)*step), 0).In(zone).Format(clock)
		c = append(c, target.ChartPoint{Line: line, At: at, Value: math.Round(value/scale*100) / 100})
	}
	inUse, forecast := words("In use", "用量").In(language)+" ("+unit+")", words("Forecast", "预测").In(language)
	n, low := 0, math.Inf(1)
	for _, p := range points {
		if at := int((p.t - first) / step); at != n {
			add(inUse, n, low)
			n, low = at, math.Inf(1)
		}
		low = math.Min(low, p.v)
	}
	add(inUse, n, low)
	limit, meets := v.Ahead()
	if v.SlopePerHour <= 0 || meets.IsZero() {
		return c
	}
	for k := range forecastSteps + 1 {
		value := v.Value + v.SlopePerHour*float64(k)*step/3600
		if limit > 0 && value >= limit {
			add(forecast, n+k, limit)
			break
		}
		add(forecast, n+k, value)
	}
	return c
}

// chartUnit is in what a chart shows values of about this size, and how much that is.
func chartUnit(unit string, value float64) (scale float64, name string) {
	switch {
	case unit != leak.Bytes.String():
		return 1, "%"
	case value < 1<<30:
		return 1 << 20, "MiB"
	}
	return 1 << 30, "GiB"
}
