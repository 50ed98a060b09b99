// Package client speaks to a server's API from Go.
// In go an address and a key; out come the API's own types, or an Error that says what to do. Read
// this file; calls.go has a function for each call that the command line makes.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Client asks one server with one key.
type Client struct {
	base string
	key  string
	http *http.Client
}

// Error is an answer that says no.
type Error struct {
	Status int
	Detail string
}

func (e *Error) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("the server answered %d %s", e.Status, http.StatusText(e.Status))
	}
	return e.Detail
}

// New is a client of the server at base (http(s)://host[:port]) with a key as ID:SECRET.
func New(base, key string) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the server's address %q has to be http://host:port or https://host:port", base)
	}
	if key == "" {
		return nil, errors.New("a key is missing: give ID:SECRET; an owner makes one in the web app under settings, or by `memseep key create`")
	}
	return &Client{base: strings.TrimRight(base, "/") + "/api/v1", key: key, http: &http.Client{}}, nil
}

// callTimeout bounds one call; streams have the caller's own.
const callTimeout = 2 * time.Minute

// Call sends in as JSON, where it is not nil, and reads the answer into out, where that is not nil.
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := c.Stream(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Close() }()
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(answer).Decode(out); err != nil {
		return fmt.Errorf("read the answer of %s %s: %w", method, path, err)
	}
	return nil
}

// Stream sends in (as JSON, or as it is where it is bytes) and returns the answer, which the caller
// closes.
func (c *Client) Stream(ctx context.Context, method, path string, in any) (io.ReadCloser, error) {
	var body io.Reader
	media := "application/json"
	switch in := in.(type) {
	case nil:
	case []byte:
		body, media = bytes.NewReader(in), "application/yaml"
	default:
		text, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("write the request %s %s: %w", method, path, err)
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, fmt.Errorf("make the request %s %s: %w", method, path, err)
	}
	r.Header.Set("Authorization", "Bearer "+c.key)
	if body != nil {
		r.Header.Set("Content-Type", media)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the server: check the address and that it runs: %w", err)
	}
	if answer.StatusCode/100 != 2 {
		return nil, refused(answer)
	}
	return answer.Body, nil
}

func refused(answer *http.Response) error {
	defer func() { _ = answer.Body.Close() }()
	e := &Error{Status: answer.StatusCode}
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return e
	}
	var p huma.ErrorModel
	if json.Unmarshal(text, &p) == nil {
		e.Detail = p.Detail
		for _, d := range p.Errors {
			if d.Message != p.Detail {
				e.Detail += fmt.Sprintf("; %s: %s", d.Location, d.Message)
			}
		}
	}
	return e
}
