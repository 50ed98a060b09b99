package ingest

import (
	"mime"
	"net/http"
	"strconv"
)

// Prometheus remote write, https://prometheus.io/docs/specs/prw/remote_write_spec/ and
// remote_write_spec_2_0/. Senders send again what was answered by 5xx, drop what was answered by
// 4xx, and go on. Prometheus drops after 429 too where it is not told otherwise, so that too fast
// a sender gets 503; and vmagent sends again for ever after 413, so that a body that is too large
// gets 400.
const (
	writeV1 = "prometheus.WriteRequest"
	writeV2 = "io.prometheus.write.v2.Request"
)

var remoteWrite1 = &protocol{
	name:      "remote_write_1",
	encodings: []string{snappy, zstded}, // zstd is vmagent's
	decode:    decodeRemoteWrite1,
	answer:    func(w http.ResponseWriter, _ *http.Request, o *outcome) { answerRemoteWrite(w, o) },
	fail:      failText,
	later:     http.StatusServiceUnavailable,
	tooLarge:  http.StatusBadRequest,
}

var remoteWrite2 = &protocol{
	name:      "remote_write_2",
	encodings: []string{snappy},
	decode:    decodeRemoteWrite2,
	answer: func(w http.ResponseWriter, _ *http.Request, o *outcome) {
		written(w, o)
		answerRemoteWrite(w, o)
	},
	fail: func(w http.ResponseWriter, r *http.Request, f *failure) {
		written(w, &outcome{})
		failText(w, r, f)
	},
	later:    http.StatusServiceUnavailable,
	tooLarge: http.StatusBadRequest,
}

// remoteWriteUnknown answers what is neither.
var remoteWriteUnknown = &protocol{
	name: "remote_write",
	speaks: func(r *http.Request) error {
		return notSpoken(r, "application/x-protobuf, with proto="+writeV1+" or proto="+writeV2)
	},
	fail: failText,
}

func (in *Ingest) remoteWrite(w http.ResponseWriter, r *http.Request) {
	in.take(w, r, remoteWriteOf(r.Header.Get("Content-Type")))
}

// remoteWriteOf chooses the version as specified in "Protocol" of 2.0: without a message's name
// it is 1.
func remoteWriteOf(contentType string) *protocol {
	if contentType == "" {
		return remoteWrite1
	}
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "application/x-protobuf" {
		return remoteWriteUnknown
	}
	switch parameters["proto"] {
	case "", writeV1:
		return remoteWrite1
	case writeV2:
		return remoteWrite2
	}
	return remoteWriteUnknown
}

// answerRemoteWrite says 400 where samples were wrong, as both specifications want: the sender
// counts them, and does not send them again.
func answerRemoteWrite(w http.ResponseWriter, o *outcome) {
	if o.wrong() > 0 {
		http.Error(w, o.text(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// written are the headers of 2.0 by which the sender learns what was kept.
func written(w http.ResponseWriter, o *outcome) {
	w.Header().Set("X-Prometheus-Remote-Write-Samples-Written", strconv.Itoa(o.kept()))
	w.Header().Set("X-Prometheus-Remote-Write-Histograms-Written", "0")
	w.Header().Set("X-Prometheus-Remote-Write-Exemplars-Written", "0")
}

func failText(w http.ResponseWriter, _ *http.Request, f *failure) {
	http.Error(w, f.text, f.status)
}
