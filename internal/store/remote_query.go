package store

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// queryParameters are those of the query API that are passed on. What could widen a query to other
// workspaces (extra_label, extra_filters) is not among them.
var queryParameters = []string{"query", "time", "start", "end", "step", "timeout", "match[]", "limit", "lookback_delta", "stats"}

// The bound of the form of a query, and of the time until it is answered.
const queryFormBytes = 1 << 20

// Handler passes reads of the Prometheus query API on, bound to the workspace; all else is 404.
func (m *Remote) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{"query", "query_range", "series", "labels", "query_exemplars"} {
		mux.HandleFunc("GET /api/v1/"+path, m.forward)
		mux.HandleFunc("POST /api/v1/"+path, m.forward)
	}
	mux.HandleFunc("GET /api/v1/label/{name}/values", m.forward)
	mux.HandleFunc("GET /api/v1/status/buildinfo", m.forward)
	mux.HandleFunc("GET /api/v1/metadata", answerNothing) // the server's is of all workspaces
	return mux
}

func answerNothing(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"status":"success","data":{}}`)
}

// forward sends the parameters of a query to the server, and its answer back.
func (m *Remote) forward(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, queryFormBytes)
	if err := r.ParseForm(); err != nil {
		answerAPIError(w, http.StatusBadRequest, "bad_data", "the form of the query cannot be read: "+err.Error())
		return
	}
	form := url.Values{}
	for _, name := range queryParameters {
		if values := r.Form[name]; len(values) > 0 {
			form[name] = values
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), queryTimeout)
	defer cancel()
	resp, err := m.ask(ctx, m.address(m.spaces.options.ReadURL)+escapedAPIPath(r), form)
	if err != nil {
		m.spaces.options.Logger.Warn("VictoriaMetrics does not answer", "workspace", m.workspace, "error", err)
		answerAPIError(w, http.StatusBadGateway, "unavailable", "VictoriaMetrics, which keeps the metrics, does not answer")
		return
	}
	defer func() { _ = resp.Body.Close() }()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body) // whoever asked may have gone
}

// escapedAPIPath is the path of the request, the name of a label in it as it was sent.
func escapedAPIPath(r *http.Request) string {
	if name := r.PathValue("name"); name != "" {
		return "/api/v1/label/" + url.PathEscape(name) + "/values"
	}
	return r.URL.Path
}

func answerAPIError(w http.ResponseWriter, status int, kind, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"status": "error", "errorType": kind, "error": text})
}

// ask sends a form, bound to the workspace.
func (m *Remote) ask(ctx context.Context, address string, form url.Values) (*http.Response, error) {
	if m.byLabel {
		form.Set(extraLabel, m.extraLabel())
	}
	req, err := m.request(ctx, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return m.spaces.http.Do(req)
}

// post is ask for an answer of 2xx; the caller closes the body.
func (m *Remote) post(ctx context.Context, address string, form url.Values) (io.ReadCloser, error) {
	resp, err := m.ask(ctx, address, form)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if resp.StatusCode/100 != 2 {
		err := answerError(resp)
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%w: VictoriaMetrics answers %w", ErrUnavailable, err)
	}
	return resp.Body, nil
}

// count is the number of series that have a sample in the minutes before the time.
func (m *Remote) count(ctx context.Context, at time.Time) (int, error) {
	form := url.Values{"query": {`count({__name__!=""})`}, "time": {strconv.FormatInt(at.Unix()+1, 10)}}
	body, err := m.post(ctx, m.address(m.spaces.options.ReadURL)+"/api/v1/query", form)
	if err != nil {
		return 0, err
	}
	defer func() { _ = body.Close() }()
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return 0, fmt.Errorf("%w: count the series: %w", ErrUnavailable, err)
	}
	if len(answer.Data.Result) == 0 {
		return 0, nil
	}
	text, _ := answer.Data.Result[0].Value[1].(string)
	return strconv.Atoi(text)
}
