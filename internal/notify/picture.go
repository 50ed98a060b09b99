package notify

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// Size of the picture, of its words, and of the room around the drawing, in points. A phone shows it
// 320 wide, where words are a third as large; Teams shows 1024 at most.
const (
	pictureWidth  = 1024
	pictureHeight = 512
	textSize      = 32
	roomLeft      = 150
	roomRight     = 24
	roomTop       = 24
	roomBottom    = 60
)

var (
	inkCurve    = color.NRGBA{9, 105, 218, 255}
	inkUnder    = color.NRGBA{9, 105, 218, 36}
	inkFloor    = color.NRGBA{45, 51, 59, 255}
	inkForecast = color.NRGBA{207, 34, 46, 255}
	inkSpread   = color.NRGBA{207, 34, 46, 40}
	inkOnset    = color.NRGBA{154, 103, 0, 255}
	inkGrid     = color.NRGBA{225, 228, 232, 255}
	inkText     = color.NRGBA{87, 96, 106, 255}
)

// picture is that of an event; nil where it has no curve, or cannot be read: the message goes
// without one then.
func (n *Notify) picture(ctx context.Context, workspaceID, eventID string) []byte {
	e, err := n.o.DB.Event(ctx, workspaceID, eventID)
	if err != nil {
		n.o.Logger.Warn("a message goes without its picture", "event", eventID, "error", err)
		return nil
	}
	return Picture(&e)
}

// Picture draws the curve of an event at its opening, as a PNG: the curve, its floor, when the growth
// began, the forecast with its spread, and the limit. Its words are numbers and times in UTC, so that
// it is the same in each language. It is nil where the event has no curve.
func Picture(e *event.Event) []byte {
	if !drawable(e) {
		return nil
	}
	c, d := &e.Snapshot.Curve, newDrawing(e)
	d.grid()
	d.area(c, inkUnder)
	d.forecast()
	d.onset()
	d.line(curvePoints(c), 4, inkCurve, 0)
	d.line(floorOf(c), 6, inkFloor, 0)
	var out bytes.Buffer
	if err := png.Encode(&out, d.image); err != nil {
		return nil // a buffer takes all; the encoder refuses empty images alone
	}
	return out.Bytes()
}

// drawable says whether an event has a curve.
func drawable(e *event.Event) bool {
	c := &e.Snapshot.Curve
	return c.Step > 0 && slices.ContainsFunc(c.Values, func(v *float64) bool { return v != nil })
}

// drawing knows where times and values lie.
type drawing struct {
	image   *image.RGBA // opaque, and what the rasterizer is quick at
	verdict *event.Verdict
	unit    string
	t0, t1  float64   // unix seconds at the left and the right
	v0, v1  float64   // values at the bottom and the top
	end     float64   // of the curve
	limit   float64   // 0 where unknown; of a leak that is killed, what it comes to
	meets   time.Time // when it meets the limit; zero where that is not known
}

type point struct{ t, v float64 }

func newDrawing(e *event.Event) *drawing {
	c, v := &e.Snapshot.Curve, &e.Snapshot.Verdict
	d := &drawing{image: image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight)), verdict: v, unit: c.Unit}
	draw.Draw(d.image, d.image.Bounds(), image.White, image.Point{}, draw.Src)
	d.t0 = float64(c.Start)
	d.end = float64(c.Start + int64(len(c.Values)-1)*c.Step)
	d.t1 = d.end
	d.limit, d.meets = v.Ahead()
	if x := float64(d.meets.Unix()); !d.meets.IsZero() && x > d.end {
		// One and a half times as much of the future as of the past, at most: the curve stays readable.
		d.t1 = math.Min(x+(x-d.t0)*0.06, d.end+1.5*(d.end-d.t0))
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range curvePoints(c) {
		low, high = math.Min(low, p.v), math.Max(high, p.v)
	}
	most := high
	if d.t1 > d.end {
		high = math.Max(high, v.Value+v.SlopePerHour*(d.t1-d.end)/3600)
	}
	if d.limit > 0 && (high > 0.6*d.limit || d.t1 > d.end) {
		high = math.Max(most, d.limit)
	}
	pad := math.Max((high-low)*0.08, high*0.01+1e-9)
	d.v0, d.v1 = math.Max(low-pad, 0), high+pad
	return d
}

func (d *drawing) x(t float64) float64 {
	return roomLeft + (t-d.t0)/math.Max(d.t1-d.t0, 1)*(pictureWidth-roomLeft-roomRight)
}

func (d *drawing) y(v float64) float64 {
	return pictureHeight - roomBottom - (v-d.v0)/(d.v1-d.v0)*(pictureHeight-roomTop-roomBottom)
}

func curvePoints(c *event.Curve) []point {
	var out []point
	for i, v := range c.Values {
		if v != nil {
			out = append(out, point{float64(c.Start + int64(i)*c.Step), *v})
		}
	}
	return out
}

// floorOf is the lowest value of each quarter of an hour.
func floorOf(c *event.Curve) []point {
	var out []point
	var at int64
	for _, p := range curvePoints(c) {
		quarter := (int64(p.t) + 899) / 900 * 900
		if len(out) == 0 || quarter != at {
			out, at = append(out, p), quarter
		} else if last := &out[len(out)-1]; p.v < last.v {
			*last = p
		}
	}
	return out
}

// grid draws lines at round values and times with their names.
func (d *drawing) grid() {
	for _, v := range rounds(d.v0, d.v1, 4, d.unit == leak.Bytes.String()) {
		d.line([]point{{d.t0, v}, {d.t1, v}}, 2, inkGrid, 0)
		if !d.showsLimit() || math.Abs(d.y(v)-d.y(d.limit)) > textSize { // the limit's own name stands there
			d.text(roundAmount(v, d.unit), roomLeft-12, d.y(v)+textSize/3, 1, inkText)
		}
	}
	span := time.Duration(d.t1-d.t0) * time.Second
	step := 24 * time.Hour
	for _, s := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour} {
		if span/s <= 6 {
			step = s
			break
		}
	}
	for t := time.Unix(int64(d.t0), 0).UTC().Truncate(step).Add(step); float64(t.Unix()) <= d.t1; t = t.Add(step) {
		at := float64(t.Unix())
		d.line([]point{{at, d.v0}, {at, d.v1}}, 2, inkGrid, 0)
		name := t.Format("15:04")
		if t.Hour() == 0 && t.Minute() == 0 {
			name = t.Format("01-02")
		}
		d.text(name, d.x(at), pictureHeight-18, 0.5, inkText)
	}
	d.text("UTC", roomLeft-60, pictureHeight-18, 1, inkText)
	if d.showsLimit() {
		d.line([]point{{d.t0, d.limit}, {d.t1, d.limit}}, 4, inkForecast, 0)
		d.text(roundAmount(d.limit, d.unit), roomLeft-12, d.y(d.limit)+textSize/3, 1, inkForecast)
	}
}

func (d *drawing) showsLimit() bool { return d.limit > 0 && d.limit <= d.v1 }

// forecast draws on at the slope, to the limit, with the spread of the slope.
func (d *drawing) forecast() {
	v := d.verdict
	if d.t1 <= d.end || v.SlopePerHour <= 0 {
		return
	}
	top := d.v1
	if d.limit > 0 {
		top = math.Min(top, d.limit)
	}
	reach := func(slope float64) point {
		t, value := d.t1, v.Value+slope*(d.t1-d.end)/3600
		if value > top && slope > 0 {
			t, value = d.end+(top-v.Value)/slope*3600, top
		}
		return point{t, value}
	}
	start := point{d.end, v.Value}
	if v.SlopeHigh > v.SlopeLow && v.SlopeLow > 0 {
		d.fill([]point{start, reach(v.SlopeHigh), {d.t1, top}, reach(v.SlopeLow)}, inkSpread)
	}
	end := reach(v.SlopePerHour)
	d.line([]point{start, end}, 5, inkForecast, 16)
	if !d.meets.IsZero() && float64(d.meets.Unix()) <= d.t1 {
		d.dot(end, inkForecast)
		d.text(d.meets.UTC().Format("01-02 15:04"), d.x(end.t), d.y(end.v)-18, 0.7, inkForecast)
	}
}

// onset marks when the growth began.
func (d *drawing) onset() {
	t := float64(d.verdict.Onset.Unix())
	if d.verdict.Onset.IsZero() || t <= d.t0 || t >= d.end {
		return
	}
	d.line([]point{{t, d.v0}, {t, d.v1}}, 4, inkOnset, 9)
	d.text(d.verdict.Onset.UTC().Format("15:04"), d.x(t)+10, roomTop+2*textSize, 0, inkOnset)
}

// area fills what is under the curve.
func (d *drawing) area(c *event.Curve, ink color.Color) {
	points := curvePoints(c)
	shape := append([]point{{points[0].t, d.v0}}, points...)
	d.fill(append(shape, point{points[len(points)-1].t, d.v0}), ink)
}

// rounds are round values between two, about n of them.
func rounds(low, high float64, n int, binary bool) []float64 {
	rough := (high - low) / float64(n)
	if !(rough > 0) || math.IsInf(rough, 0) {
		return nil
	}
	step := math.Exp2(math.Ceil(math.Log2(rough)))
	if !binary {
		unit := math.Pow(10, math.Floor(math.Log10(rough)))
		for _, m := range []float64{1, 2, 5, 10} {
			if step = m * unit; step >= rough {
				break
			}
		}
	}
	var out []float64
	for v := math.Ceil(low/step) * step; v <= high; v += step {
		out = append(out, v)
	}
	return out
}

// roundAmount is a round value with its unit, without digits that say nothing.
func roundAmount(v float64, unit string) string {
	number, of, _ := strings.Cut(amount(v, unit), " ")
	if strings.Contains(number, ".") {
		number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
	}
	return number + " " + of
}
