package ingest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// InfluxDB's ways to write, as Telegraf uses them: 1.x POST /write?db=…&precision=…, and 2.x POST
// /api/v2/write?org=…&bucket=…&precision=…; database, organization and bucket are not looked at,
// since the key says where the samples belong. A writer drops what was answered by 400, with
// what was wrong in the text, and goes on.
// https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint
// https://docs.influxdata.com/influxdb/v2/api/#operation/PostWrite

var influxEncodings = []string{asItIs, gzipped, zstded}

var influx1 = &protocol{
	name:      "influx",
	encodings: influxEncodings,
	decode:    decodeInflux,
	answer: func(w http.ResponseWriter, _ *http.Request, o *outcome) {
		if o.refused.total() == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		writeJSON(w, http.StatusBadRequest, influxError1{Error: partial(o)})
	},
	fail: func(w http.ResponseWriter, _ *http.Request, f *failure) {
		writeJSON(w, f.status, influxError1{Error: f.text})
	},
	later:    http.StatusTooManyRequests,
	tooLarge: http.StatusRequestEntityTooLarge,
}

var influx2 = &protocol{
	name:      "influx",
	encodings: influxEncodings,
	decode:    decodeInflux,
	answer: func(w http.ResponseWriter, _ *http.Request, o *outcome) {
		if o.refused.total() == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		writeJSON(w, http.StatusBadRequest, influxError2{Code: "invalid", Message: partial(o)})
	},
	fail: func(w http.ResponseWriter, _ *http.Request, f *failure) {
		writeJSON(w, f.status, influxError2{Code: influxCode(f.status), Message: f.text})
	},
	later:    http.StatusTooManyRequests,
	tooLarge: http.StatusRequestEntityTooLarge,
}

type influxError1 struct {
	Error string `json:"error"`
}

type influxError2 struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// partial begins as InfluxDB's own text does: Telegraf looks for it.
func partial(o *outcome) string { return "partial write: " + o.text() }

func influxCode(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "unauthorized"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusRequestEntityTooLarge:
		return "request too large"
	case http.StatusTooManyRequests:
		return "too many requests"
	case http.StatusServiceUnavailable:
		return "unavailable"
	}
	return "invalid"
}

func (in *Ingest) influxRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /write", func(w http.ResponseWriter, r *http.Request) { in.take(w, r, influx1) })
	mux.HandleFunc("POST /api/v2/write", func(w http.ResponseWriter, r *http.Request) { in.take(w, r, influx2) })
	mux.HandleFunc("GET /ping", in.known(influx1, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Influxdb-Version", "memseep")
		w.WriteHeader(http.StatusNoContent)
	}))
	mux.HandleFunc("GET /health", in.known(influx2, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"name": "memseep", "message": "ready for queries and writes", "status": "pass"})
	}))
	mux.HandleFunc("POST /query", in.known(influx1, influxQuery))
}

// known lets only those in who have a key; they are no senders by that.
func (in *Ingest) known(p *protocol, f http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, _, err := in.o.Authorize(withCredentials(r)); err != nil {
			p.tell(w, r, denied(err))
			return
		}
		f(w, r)
	}
}

// mostQuery is how long the form of a query may be.
const mostQuery = 64 << 10

// influxQuery answers the one that Telegraf asks before it writes: CREATE DATABASE.
func influxQuery(w http.ResponseWriter, r *http.Request) {
	type result struct {
		StatementID int    `json:"statement_id"`
		Error       string `json:"error,omitempty"`
	}
	var one result
	r.Body = http.MaxBytesReader(w, r.Body, mostQuery) // else its parts would be kept in files
	if !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(r.FormValue("q"))), "CREATE DATABASE") {
		one.Error = "InfluxQL is not spoken here: ask the Prometheus query API below /prometheus"
	}
	writeJSON(w, http.StatusOK, map[string][]result{"results": {one}})
}

func decodeInflux(b *batch, r *http.Request, body []byte) error {
	unit, err := precision(r)
	if err != nil {
		return err
	}
	lines(b, body, unit, b.now, nil)
	return nil
}

// precision is the unit of times: ns where nothing is said.
func precision(r *http.Request) (time.Duration, error) {
	switch given := r.URL.Query().Get("precision"); given {
	case "", "n", "ns":
		return time.Nanosecond, nil
	case "u", "us", "µ", "µs":
		return time.Microsecond, nil
	case "ms":
		return time.Millisecond, nil
	case "s":
		return time.Second, nil
	case "m":
		return time.Minute, nil
	case "h":
		return time.Hour, nil
	default:
		return 0, refuse(http.StatusBadRequest, "precision=%s is not known: say ns, us, ms, s, m or h", shown(given))
	}
}

// writeJSON answers with a value that is always a JSON one.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a collector that is gone needs no answer
}
