package report

import (
	"encoding/json"
	"io"

	"github.com/memseep/memseep/inspect"
)

// jsonLines prints each finding as one JSON object on a line.
type jsonLines struct {
	options Options
	records *byHost
}

func newJSONLines(w io.Writer, o Options) Writer { return &jsonLines{o, newByHost(w, "")} }

func (j *jsonLines) Write(f inspect.Finding) error {
	if !j.options.shown(&f) {
		return nil
	}
	return j.records.add(&f, j.options.Lang)
}

func (j *jsonLines) Close(inspect.Summary) error { return j.records.flush() }

// jsonDocument prints one object: {"findings": […], "summary": {…}}.
type jsonDocument struct {
	options Options
	w       io.Writer
	records *byHost
	begun   bool
}

func newJSONDocument(w io.Writer, o Options) Writer {
	return &jsonDocument{options: o, w: w, records: newByHost(w, ",")}
}

func (j *jsonDocument) Write(f inspect.Finding) error {
	if !j.options.shown(&f) {
		return nil
	}
	if err := j.begin(); err != nil {
		return err
	}
	return j.records.add(&f, j.options.Lang)
}

func (j *jsonDocument) begin() error {
	if j.begun {
		return nil
	}
	j.begun = true
	_, err := io.WriteString(j.w, "{\"findings\":[\n")
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
	if err := j.begin(); err != nil {
		return err
	}
	if err := j.records.flush(); err != nil {
		return err
	}
	text, err := json.Marshal(summary{rfc3339(s.At.Unix()), s.Hosts, s.Failed, s.NoData, s.Leaks, s.LeakHosts})
	if err != nil {
		return err
	}
	_, err = io.WriteString(j.w, "],\n\"summary\":"+string(text)+"}\n")
	return err
}
