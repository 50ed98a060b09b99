package modules

import (
	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// Request is what a script asks of a server.
type Request struct {
	URL     string            `json:"url"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
	JSON    bool              `json:"json,omitempty"` // the body is, and the headers may say so
	Timeout float64           `json:"timeout"`        // seconds
}

// Response is what it answered.
type Response struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"` // names in lower case; several values are joined by ", "
	Body    string            `json:"body"`
}

// http is memseep.http(url, method='GET', headers={}, body=None, timeout=10). A body that is a dict or
// a list is sent as JSON.
func (s *Set) http(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	r := Request{Method: "GET"}
	var headers, body starlark.Value
	timeout := real(10)
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "url", &r.URL, "method?", &r.Method, "headers?", &headers, "body?", &body, "timeout?", &timeout); err != nil {
		return nil, err
	}
	r.Timeout = float64(timeout)
	var err error
	if r.Headers, err = texts("headers", headers); err != nil {
		return nil, err
	}
	switch v := body.(type) {
	case nil, starlark.NoneType:
	case starlark.String:
		r.Body = string(v)
	case *starlark.Dict, *starlark.List:
		text, err := ToJSON(v)
		if err != nil {
			return nil, err
		}
		r.Body, r.JSON = string(text), true
	default:
		return nil, runtime.Fail(runtime.TypeError, "http: a body is a text, or a dict or list that is sent as JSON, not %s", runtime.Repr(body))
	}
	return s.ask("http", r)
}

// texts reads a dict of texts; None and nothing are nil.
func texts(what string, v starlark.Value) (map[string]string, error) {
	if v == nil || v == starlark.None {
		return nil, nil
	}
	d, ok := v.(starlark.IterableMapping)
	if !ok {
		return nil, runtime.Fail(runtime.TypeError, "%s is a dict, not %s", what, runtime.Repr(v))
	}
	out := map[string]string{}
	for _, item := range d.Items() {
		out[runtime.Text(item[0])] = runtime.Text(item[1])
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}
