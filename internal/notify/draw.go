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

// fill fills a shape.
func (d *drawing) fill(shape []point, ink color.Color) {
	r := vector.NewRasterizer(pictureWidth, pictureHeight)
	for i, p := range shape {
		if x, y := float32(d.x(p.t)), float32(d.y(p.v)); i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(d.image, d.image.Bounds(), image.NewUniform(ink), image.Point{})
}

// line draws through points, width wide, dashed where dash is more than 0. A pause of more than a
// quarter of an hour is a gap in the curve, but for lines of two points.
func (d *drawing) line(points []point, width float64, ink color.Color, dash float64) {
	r := vector.NewRasterizer(pictureWidth, pictureHeight)
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
			bar(r, x0, y0, x1, y1, width)
			continue
		}
		for s := 0.0; s < length; s += 2 * dash {
			sx, sy := at(s)
			ex, ey := at(math.Min(s+dash, length))
			bar(r, sx, sy, ex, ey, width)
		}
	}
	r.Draw(d.image, d.image.Bounds(), image.NewUniform(ink), image.Point{})
}

// bar adds a straight line as a rectangle, a little longer than it is, so that two that meet leave
// no gap.
func bar(r *vector.Rasterizer, x0, y0, x1, y1, width float64) {
	length := math.Hypot(x1-x0, y1-y0)
	dx, dy := (x1-x0)/length*width/2, (y1-y0)/length*width/2
	x0, y0, x1, y1 = x0-dx/2, y0-dy/2, x1+dx/2, y1+dy/2
	r.MoveTo(float32(x0-dy), float32(y0+dx))
	r.LineTo(float32(x1-dy), float32(y1+dx))
	r.LineTo(float32(x1+dy), float32(y1-dx))
	r.LineTo(float32(x0+dy), float32(y0-dx))
	r.ClosePath()
}

func (d *drawing) dot(p point, ink color.Color) {
	r := vector.NewRasterizer(pictureWidth, pictureHeight)
	const radius, corners = 7, 24
	for i := range corners {
		angle := 2 * math.Pi * float64(i) / corners
		x, y := float32(d.x(p.t)+radius*math.Cos(angle)), float32(d.y(p.v)+radius*math.Sin(angle))
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(d.image, d.image.Bounds(), image.NewUniform(ink), image.Point{})
}

var face = sync.OnceValue(func() font.Face {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(fmt.Sprintf("the font of this program: %v", err))
	}
	f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 20, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(fmt.Sprintf("the font of this program: %v", err))
	}
	return f
})

// faceLock: a face keeps what it drew last, and is not for two at once.
var faceLock sync.Mutex

// text writes at a point; align is the part of its width that lies left of it.
func (d *drawing) text(s string, x, y, align float64, ink color.Color) {
	faceLock.Lock()
	defer faceLock.Unlock()
	w := font.Drawer{Dst: d.image, Src: image.NewUniform(ink), Face: face()}
	x -= align * float64(w.MeasureString(s)) / 64
	w.Dot = fixed.P(int(x), int(y))
	w.DrawString(s)
}
