package notify

import (
	"bytes"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
)

func TestPicture(t *testing.T) {
	whole := example(start)
	gaps := example(start)
	for i := 40; i < 120; i++ {
		gaps.Snapshot.Curve.Values[i] = nil
	}
	flat := example(start)
	for i := range flat.Snapshot.Curve.Values {
		v := 50.0
		flat.Snapshot.Curve.Values[i] = &v
	}
	bytesOf := example(start)
	bytesOf.Snapshot.Curve.Unit = "bytes"
	for i := range bytesOf.Snapshot.Curve.Values {
		v := 2e9 + 3e6*float64(i)
		bytesOf.Snapshot.Curve.Values[i] = &v
	}
	bytesOf.Snapshot.Verdict.Capacity, bytesOf.Snapshot.Verdict.Value, bytesOf.Snapshot.Verdict.SlopePerHour = 4<<30, 3.1e9, 1.8e8
	noisy := example(start) // with a spread of its slope, and no round limit
	for i := range noisy.Snapshot.Curve.Values {
		v := 0.9e12 + 0.8e9*float64(i) + 9e10*math.Abs(math.Sin(float64(i)*1.7))
		noisy.Snapshot.Curve.Values[i] = &v
	}
	noisy.Snapshot.Curve.Unit = "bytes"
	v := &noisy.Snapshot.Verdict
	v.Value, v.Capacity, v.SlopePerHour, v.SlopeLow, v.SlopeHigh = 1.19e12, 1.51e12, 4.8e10, 3.9e10, 6e10
	v.Onset, v.Exhaustion = start.Add(-345*time.Minute), start.Add(400*time.Minute)
	far := example(start)
	far.Snapshot.Verdict.Exhaustion = start.Add(4000 * time.Hour)
	odd := example(start)
	odd.Snapshot.Verdict.SlopePerHour = math.MaxFloat64
	odd.Snapshot.Verdict.Onset = time.Time{}
	for name, e := range map[string]event.Event{"whole": whole, "gaps": gaps, "flat": flat, "bytes": bytesOf, "noisy": noisy, "far": far, "odd": odd} {
		t.Run(name, func(t *testing.T) {
			b := Picture(&e)
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if size := img.Bounds().Size(); size.X != pictureWidth || size.Y != pictureHeight {
				t.Errorf("the picture is %v", size)
			}
			if len(b) > 200<<10 {
				t.Errorf("the picture has %d bytes", len(b))
			}
			if dir := os.Getenv("MEMSEEP_KEEP_PICTURES"); dir != "" {
				must(t, os.WriteFile(filepath.Join(dir, name+".png"), b, 0o600))
			}
		})
	}
	none := example(start)
	none.Snapshot.Curve = event.Curve{}
	if Picture(&none) != nil {
		t.Error("an event without a curve has a picture")
	}
}

func BenchmarkPicture(b *testing.B) {
	e := example(start)
	for b.Loop() {
		Picture(&e)
	}
}
