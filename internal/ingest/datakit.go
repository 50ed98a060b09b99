package ingest

import (
	"mime"
	"net/http"
	"strconv"
)

// DataKit, Guance's collector, sends points to /v1/write/{category} and asks a few other things.
// It sends again what was answered by 5xx and drops what was answered by 4xx: points that are
// refused one by one are answered by 200 and counted in the answer.

var dataKit = &protocol{
	name:      "datakit",
	encodings: []string{asItIs, gzipped, zstded},
	speaks: func(r *http.Request) error {
		if kind := dataKitKind(r); kind != dataKitProtobuf && kind != dataKitLines {
			return notSpoken(r, dataKitProtobuf+" or "+dataKitLines)
		}
		return nil
	},
	decode: decodeDataKit,
	answer: func(w http.ResponseWriter, _ *http.Request, o *outcome) {
		writeJSON(w, http.StatusOK, dataKitAnswer{Content: dataKitWritten{
			Stored: o.kept(), Refused: o.refused.names(), Message: o.text(),
		}})
	},
	fail: func(w http.ResponseWriter, _ *http.Request, f *failure) {
		writeJSON(w, f.status, dataKitError{Code: dataKitCode(f.status), Message: f.text})
	},
	later:    http.StatusServiceUnavailable,
	tooLarge: http.StatusRequestEntityTooLarge,
}

type dataKitAnswer struct {
	Content any `json:"content"`
}

type dataKitWritten struct {
	Stored  int            `json:"stored"`
	Refused map[string]int `json:"refused,omitempty"`
	Message string         `json:"message,omitempty"`
}

type dataKitError struct {
	Code    string `json:"error_code"`
	Message string `json:"message"`
}

func dataKitCode(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "memseep.token"
	case http.StatusServiceUnavailable:
		return "memseep.later"
	}
	return "memseep.body"
}

// Categories of points that are kept.
const (
	categoryMetric = "metric"
	categoryObject = "object"
	categoryBeat   = "heartbeat" // no points, only a sign of life
)

func (in *Ingest) dataKitRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /v1/write/{category}", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("category") {
		case categoryMetric, categoryObject:
			in.take(w, r, dataKit)
		case categoryBeat:
			in.known(dataKit, nothingToSay)(w, r)
		default:
			in.take(w, r, dataKitOther)
		}
	})
	mux.HandleFunc("GET /v1/ntp", in.known(dataKit, func(w http.ResponseWriter, _ *http.Request) {
		now := in.o.Clock().Unix()
		writeJSON(w, http.StatusOK, map[string]any{
			"content":       map[string]int64{"timestamp_sec": now},
			"timestamp_sec": now,
		})
	}))
	mux.HandleFunc("/v1/", in.known(dataKit, nothingToSay)) // pull, election, usage and others
}

func nothingToSay(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, dataKitAnswer{Content: struct{}{}})
}

// dataKitOther counts the points of categories that are not kept, as many as the header says.
var dataKitOther = &protocol{
	name:      dataKit.name,
	encodings: dataKit.encodings,
	decode: func(b *batch, r *http.Request, _ []byte) error {
		b.explain("points of the category " + shown(r.PathValue("category")) + ": metric and object are kept")
		n, err := strconv.Atoi(r.Header.Get("X-Points"))
		if err != nil || n < 1 {
			n = 1
		}
		b.refuse(Category, min(n, mostPoints))
		return nil
	},
	answer: dataKit.answer, fail: dataKit.fail, later: dataKit.later, tooLarge: dataKit.tooLarge,
}

// mostPoints is how many points a header may claim.
const mostPoints = 1_000_000

func decodeDataKit(b *batch, r *http.Request, body []byte) error {
	shape := shapeMetric
	if r.PathValue("category") == categoryObject {
		shape = shapeObject
	}
	if dataKitKind(r) == dataKitProtobuf {
		return dataKitPoints(b, body, shape)
	}
	unit, err := precision(r)
	if err != nil {
		return err
	}
	lines(b, body, unit, b.now, shape)
	return nil
}

const (
	dataKitProtobuf = "application/protobuf"
	dataKitLines    = "application/line-protocol"
)

// dataKitKind is the kind of a body: lines where nothing is said.
func dataKitKind(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind == "text/plain" {
		return dataKitLines
	}
	return kind
}

// shapeMetric cuts the command line, which tells no two processes apart that their pid does not.
func shapeMetric(p *point) {
	for i, t := range p.tags {
		if t.key == "cmdline" {
			p.tags[i].value = cut(t.value)
		}
	}
}

// shapeObject makes the series of an object those of the metric of the same name: a process is
// told from another by its pid, which is a field there. Its state changes from one time to the
// next, and would make another series each time.
func shapeObject(p *point) {
	shapeMetric(p)
	for i, f := range p.fields {
		if f.key == "pid" {
			p.set("pid", strconv.FormatInt(int64(f.value), 10))
			p.fields = append(p.fields[:i], p.fields[i+1:]...)
			break
		}
	}
	for i, t := range p.tags {
		if t.key == "state" {
			p.tags = append(p.tags[:i], p.tags[i+1:]...)
			break
		}
	}
}
