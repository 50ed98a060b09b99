package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"

	"github.com/memseep/memseep/source/dialect"
)

// isExposition says by the name of a file whether it holds OpenMetrics or Prometheus text.
func isExposition(path string) bool {
	switch filepath.Ext(strings.TrimSuffix(strings.ToLower(path), ".gz")) {
	case ".om", ".prom", ".txt":
		return true
	}
	return false
}

// exposedSeries is one series of a text, with the samples that it has.
type exposedSeries struct {
	metric  string
	labels  dialect.Labels
	samples samples
}

// exposition gathers the series of OpenMetrics or Prometheus text that any dialect reads.
type exposition struct {
	series []*exposedSeries
	byText map[string]*exposedSeries // by name and labels as they are spelled; nil where nobody reads them
	wanted *dialect.Plan             // of every dialect
	symbol *labels.SymbolTable
	labels labels.Labels
}

func newExposition() *exposition {
	return &exposition{
		byText: map[string]*exposedSeries{},
		wanted: dialect.NewPlan(dialect.All(), nil),
		symbol: labels.NewSymbolTable(),
	}
}

// chunkBytes is how much text is parsed at once.
const chunkBytes = 1 << 20

// chunk is some lines that hold a sample each, with their numbers in the file.
type chunk struct {
	text    []byte
	numbers []int
}

// readExposition reads a text to its end. Errors are *lineError, or the context's.
//
// The format shows in the first sample: Prometheus' text has its times in milliseconds, OpenMetrics
// in seconds. Comments, types among them, say nothing that the dialects need.
func readExposition(ctx context.Context, r io.Reader, e *exposition) error {
	l := newLines(r)
	var c chunk
	var media string
	for {
		line, err := l.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		ended := err != nil
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			if media == "" {
				media = mediaType(line)
			}
			c.text = append(append(c.text, line...), '\n')
			c.numbers = append(c.numbers, l.number)
		}
		if len(c.text) < chunkBytes && !ended {
			continue
		}
		if err := e.parse(c.text, media); err != nil {
			return e.locate(c, media, err)
		}
		if ended {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.text, c.numbers = c.text[:0], c.numbers[:0]
	}
}

const (
	openMetrics    = "application/openmetrics-text; version=1.0.0"
	prometheusText = "text/plain; version=0.0.4"
)

func mediaType(sample []byte) string {
	if i := bytes.Index(sample, []byte(" # ")); i >= 0 { // an exemplar, of OpenMetrics alone
		return openMetrics
	}
	n, gap, err := parseNumber(sample[bytes.LastIndexByte(sample, ' ')+1:])
	if err == nil && !gap && n.value() >= latestSeconds {
		return prometheusText
	}
	return openMetrics
}

// locate finds the line that the parser refused: it tells what is wrong, but not where.
func (e *exposition) locate(c chunk, media string, err error) error {
	for _, n := range c.numbers {
		i := bytes.IndexByte(c.text, '\n') + 1
		if err := e.parse(c.text[:i:i], media); err != nil {
			return &lineError{n, err}
		}
		c.text = c.text[i:]
	}
	return err
}

func (e *exposition) parse(text []byte, media string) error {
	if len(text) == 0 {
		return nil
	}
	if media == openMetrics {
		text = append(text, "# EOF\n"...)
	}
	p, err := textparse.New(text, media, e.symbol, textparse.ParserOptions{})
	if err != nil {
		return err
	}
	for {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if entry != textparse.EntrySeries {
			continue
		}
		name, millis, value := p.Series()
		if millis == nil {
			return errors.New("the sample has no timestamp: a file of samples needs a time on each line")
		}
		if *millis < 0 || *millis >= latestSeconds*1000 {
			return fmt.Errorf("the timestamp %d ms is out of range", *millis)
		}
		if s := e.seriesOf(p, name); s != nil && value-value == 0 { // NaN and infinite values are gaps
			s.samples.append(*millis, numberOf(value))
		}
	}
}

func (e *exposition) seriesOf(p textparse.Parser, name []byte) *exposedSeries {
	s, known := e.byText[string(name)]
	if known {
		return s
	}
	p.Labels(&e.labels)
	s = &exposedSeries{}
	e.labels.Range(func(l labels.Label) { // its strings may be parts of what the parser uses again
		if l.Name == model.MetricNameLabel {
			s.metric = strings.Clone(l.Value)
		} else {
			s.labels = append(s.labels, dialect.Label{Name: strings.Clone(l.Name), Value: strings.Clone(l.Value)})
		}
	})
	if e.wanted.Match(s.metric, s.labels) == nil {
		s = nil
	} else {
		e.series = append(e.series, s)
	}
	e.byText[string(name)] = s
	return s
}

// numberOf spells a value as an integer where it is one: that packs best.
func numberOf(v float64) number {
	if v == math.Trunc(v) && math.Abs(v) < mostMantissa && !(v == 0 && math.Signbit(v)) {
		return number{mantissa: int64(v)}
	}
	return number{exponent: plainFloats, float: v}
}
