package metric

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// WriteText writes the batch in the text format of Prometheus, ordered by name and labels, with
// help and type before the samples of a name.
func WriteText(w io.Writer, b *Batch) error {
	type line struct {
		metric *Metric
		text   string
	}
	lines := make([]line, 0, len(b.samples))
	for i := range b.samples {
		s := &b.samples[i]
		lines = append(lines, line{s.metric, b.line(s)})
	}
	slices.SortStableFunc(lines, func(x, y line) int {
		if c := strings.Compare(x.metric.Name, y.metric.Name); c != 0 {
			return c
		}
		return strings.Compare(x.text, y.text)
	})
	buffered := bufio.NewWriter(w)
	var last *Metric
	for _, l := range lines {
		if l.metric != last {
			last = l.metric
			kind := "gauge"
			if last.Counter {
				kind = "counter"
			}
			fmt.Fprintf(buffered, "# HELP %s %s\n# TYPE %[1]s %[3]s\n", last.Name, last.Help, kind)
		}
		buffered.WriteString(l.text)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write the metrics: %w", err)
	}
	return nil
}

func (b *Batch) line(s *sample) string {
	text := []byte(s.metric.Name)
	separator := byte('{')
	b.eachLabel(s, func(name, value string) {
		text = append(text, separator)
		text = append(text, name...)
		text = append(text, `="`...)
		text = append(text, labelEscapes.Replace(value)...)
		text = append(text, '"')
		separator = ','
	})
	text = append(text, "} "...)
	text = strconv.AppendFloat(text, s.value, 'f', -1, 64)
	return string(append(text, '\n'))
}

// labelEscapes are those of the text format.
var labelEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
