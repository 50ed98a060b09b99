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

func newJSONLines(w io.Writer, o Options) Writer { return &jsonLines{o, newEncoder(w)} }

func newEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

func (j *jsonLines) Write(f inspect.Finding) error {
	if !j.options.shown(&f) {
		return nil
	}
	return j.encoder.Encode(newVerdict(&f, j.options.Lang))
}

func (j *jsonLines) Close(inspect.Summary) error { return nil }

// jsonDocument prints one object: {"findings": […], "summary": {…}}, with the findings as they come.
type jsonDocument struct {
	options Options
	w       io.Writer
	encoder *json.Encoder
	begun   bool
}

func newJSONDocument(w io.Writer, o Options) Writer {
	return &jsonDocument{options: o, w: w, encoder: newEncoder(w)}
}

func (j *jsonDocument) Write(f inspect.Finding) error {
	if !j.options.shown(&f) {
		return nil
	}
	if err := j.separate(); err != nil {
		return err
	}
	return j.encoder.Encode(newVerdict(&f, j.options.Lang))
}

func (j *jsonDocument) separate() error {
	s := ","
	if !j.begun {
		s, j.begun = "{\"findings\":[\n", true
	}
	_, err := io.WriteString(j.w, s)
	return err
}

type summary struct {
	At        string `json:"at"`
	Hosts     int    `json:"hosts"`
	Failed    int    `json:"failed"`
	NoData    int    `json:"no_data"`
	Leaks     int    `json:"leaks"`
	LeakHosts int    `json:"leak_hosts"`
}

func (j *jsonDocument) Close(s inspect.Summary) error {
	if !j.begun {
		if err := j.separate(); err != nil {
			return err
		}
	}
	text, err := json.Marshal(summary{rfc3339(s.At.Unix()), s.Hosts, s.Failed, s.NoData, s.Leaks, s.LeakHosts})
	if err != nil {
		return err
	}
	_, err = io.WriteString(j.w, "],\n\"summary\":"+string(text)+"}\n")
	return err
}
