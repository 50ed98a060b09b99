package notify

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// place is a point of the picture, from its upper left corner.
type place struct{ x, y float64 }

// fill fills a shape.
func (d *drawing) fill(shape []point, ink color.Color) {
	places := make([]place, len(shape))
	for i, p := range shape {
		places[i] = place{d.x(p.t), d.y(p.v)}
	}
	d.paint([][]place{places}, ink)
}

// paint fills shapes where they lie in the picture, and works on that part of it alone.
func (d *drawing) paint(shapes [][]place, ink color.Color) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, shape := range shapes {
		for _, p := range shape {
			x0, y0, x1, y1 = math.Min(x0, p.x), math.Min(y0, p.y), math.Max(x1, p.x), math.Max(y1, p.y)
		}
	}
	if !(x0 <= x1 && y0 <= y1) { // nothing, or not a number among them
		return
	}
	within := func(v float64, most int) int { return int(math.Min(math.Max(v, 0), float64(most))) }
	box := image.Rect(within(math.Floor(x0), pictureWidth), within(math.Floor(y0), pictureHeight), within(math.Ceil(x1), pictureWidth), within(math.Ceil(y1), pictureHeight))
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, shape := range shapes {
		for i, p := range shape {
			if x, y := float32(p.x-float64(box.Min.X)), float32(p.y-float64(box.Min.Y)); i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(d.image, box, image.NewUniform(ink), image.Point{})
}

// line draws through points, width wide, dashed where dash is more than 0. A pause of more than a
// quarter of an hour is a gap in the curve, but for lines of two points.
func (d *drawing) line(points []point, width float64, ink color.Color, dash float64) {
	var bars [][]place
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if len(points) > 2 && b.t-a.t > 1800 {
			continue
		}
		x0, y0, x1, y1 := d.x(a.t), d.y(a.v), d.x(b.t), d.y(b.v)
		length := math.Hypot(x1-x0, y1-y0)
		if length == 0 {
			continue
		}
		at := func(s float64) (float64, float64) { return x0 + (x1-x0)*s/length, y0 + (y1-y0)*s/length }
		if dash <= 0 {
			bars = append(bars, bar(x0, y0, x1, y1, width))
			continue
		}
		for s := 0.0; s < length; s += 2 * dash {
			sx, sy := at(s)
			ex, ey := at(math.Min(s+dash, length))
			bars = append(bars, bar(sx, sy, ex, ey, width))
		}
	}
	d.paint(bars, ink)
}

// bar is a straight line as a rectangle, a little longer than it is, so that two that meet leave no
// gap.
func bar(x0, y0, x1, y1, width float64) []place {
	length := math.Hypot(x1-x0, y1-y0)
	dx, dy := (x1-x0)/length*width/2, (y1-y0)/length*width/2
	x0, y0, x1, y1 = x0-dx/2, y0-dy/2, x1+dx/2, y1+dy/2
	return []place{{x0 - dy, y0 + dx}, {x1 - dy, y1 + dx}, {x1 + dy, y1 - dx}, {x0 + dy, y0 - dx}}
}

func (d *drawing) dot(p point, ink color.Color) {
	const radius, corners = 11, 24
	shape := make([]place, corners)
	for i := range shape {
		angle := 2 * math.Pi * float64(i) / corners
		shape[i] = place{d.x(p.t) + radius*math.Cos(angle), d.y(p.v) + radius*math.Sin(angle)}
	}
	d.paint([][]place{shape}, ink)
}

var face = sync.OnceValue(func() font.Face {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(fmt.Sprintf("the font of this program: %v", err))
	}
	f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: textSize, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(fmt.Sprintf("the font of this program: %v", err))
	}
	return f
})

// faceLock: a face keeps what it drew last, and is not for two at once.
var faceLock sync.Mutex

// text writes at a point; align is the part of its width that lies left of it. It stays within the
// picture.
func (d *drawing) text(s string, x, y, align float64, ink color.Color) {
	faceLock.Lock()
	defer faceLock.Unlock()
	w := font.Drawer{Dst: d.image, Src: image.NewUniform(ink), Face: face()}
	wide := float64(w.MeasureString(s)) / 64
	x = math.Min(math.Max(x-align*wide, 4), pictureWidth-wide-4)
	w.Dot = fixed.P(int(x), int(y))
	w.DrawString(s)
}
