package file

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

type sample struct {
	time  int64
	value float64
}

func unpack(s *samples) []sample {
	var out []sample
	for c := s.cursor(); c.next(); {
		out = append(out, sample{c.time, c.value})
	}
	return out
}

func TestSamplesComeOutAsStrconvReadsThem(t *testing.T) {
	for _, c := range []struct {
		name  string
		cells []string
	}{
		{"percent", []string{"27.85", "27.77", "27.80"}},
		{"more digits later", []string{"27", "27.5", "27.55", "27.5555555", "3"}},
		{"bytes", []string{"863334400", "857960448", "0", "1099511627776"}},
		{"negative", []string{"-5", "5", "-0.25"}},
		{"more digits than fit", []string{"0.1", "0.123456789012345678901", "99.9"}},
		{"a power of ten", []string{"12.5", "1e9", "3"}},
		{"large with decimals", []string{"9007199254740991", "0.5", "1"}},
		{"tiny", []string{"1e-300", "5e-324", "2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s samples
			for i, cell := range c.cells {
				n, gap, err := parseNumber([]byte(cell))
				if gap || err != nil {
					t.Fatal(cell, gap, err)
				}
				s.append(int64(i)*60_000, n)
			}
			s.settle()
			for i, got := range unpack(&s) {
				want, _ := strconv.ParseFloat(c.cells[i], 64)
				if got.value != want || got.time != int64(i)*60_000 {
					t.Errorf("%s came out as %v at %d", c.cells[i], got.value, got.time)
				}
			}
		})
	}
}

func TestSamplesInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 50 {
		var s samples
		last := map[int64]float64{}
		for range random.IntN(200) {
			at := int64(random.IntN(60)) * 1000
			v := math.Round(random.Float64()*1e4) / 100
			if random.IntN(20) == 0 {
				v = random.NormFloat64()
			}
			n, _, err := parseNumber([]byte(strconv.FormatFloat(v, 'g', -1, 64)))
			if err != nil {
				t.Fatal(err)
			}
			s.append(at, n)
			last[at] = v
		}
		s.settle()
		var want []sample
		for at, v := range last {
			want = append(want, sample{at, v})
		}
		slices.SortFunc(want, func(a, b sample) int { return int(a.time - b.time) })
		if got := unpack(&s); !slices.Equal(got, want) {
			t.Fatalf("round %d:\ngot  %v\nwant %v", round, got, want)
		}
	}
}

func TestSamplesArePackedTightly(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var percent, memory samples
	const count = 10_000
	level, size := 5000.0, 4e9
	for i := range count {
		level += random.NormFloat64() * 20
		size += random.NormFloat64() * 1e6
		n, _, err := parseNumber(fmt.Appendf(nil, "%.2f", level/100))
		if err != nil {
			t.Fatal(err)
		}
		percent.append(int64(i)*60_000, n)
		memory.append(int64(i)*60_000, number{mantissa: int64(size)})
	}
	var mixed samples
	for i := range int64(count) { // cells of one series need not have the same number of decimals
		mixed.append(i*60_000, number{mantissa: 27 + 248*(i%2), exponent: uint8(i % 2)})
	}
	if per := float64(len(mixed.data)) / count; per > 2 {
		t.Errorf("a value with and without decimals takes %.2f bytes, want 2 at most", per)
	}
	if per := float64(len(percent.data)) / count; per > 2 {
		t.Errorf("a percentage takes %.2f bytes, want 2 at most", per)
	}
	if per := float64(len(memory.data)) / count; per > 4 {
		t.Errorf("a number of bytes takes %.2f bytes, want 4 at most", per)
	}
}
