package report

import (
	"encoding/json"
	"io"

	"github.com/memseep/memseep/inspect"
)

// jsonLines prints each finding as one JSON object on a line, as it comes.
type jsonLines struct {
	options Options
	encoder *json.Encoder
}

func newJSONLines(w io.Writer, o Options) Writer {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &jsonLines{o, e}
}

func (j *jsonLines) Write(f inspect.Finding) error {
	if !j.options.shown(&f) {
		return nil
	}
	return j.encoder.Encode(newVerdict(&f, j.options.Lang))
}

func (j *jsonLines) Close(inspect.Summary) error { return nil }
