package ingest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recorded is a request that a real collector sent: the first line of NAME.hdr is its address, the
// others are its headers; NAME.body is its body as it was on the wire.
type recorded struct {
	name, path string
	header     map[string]string
	body       []byte
}

// recordings are the requests below testdata in the order in which they were sent.
func recordings(t testing.TB, dir string) []recorded {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", dir, "*.hdr"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no recordings in testdata/%s: %v", dir, err)
	}
	slices.Sort(names)
	var out []recorded
	for _, name := range names {
		head, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(strings.TrimSuffix(name, ".hdr") + ".body")
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.ReplaceAll(string(head), "\r", ""), "\n")
		r := recorded{name: filepath.Base(name), path: lines[0], header: map[string]string{}, body: body}
		for _, line := range lines[1:] {
			// The length and the host are those of the request that is made of it.
			if key, value, ok := strings.Cut(line, ": "); ok && key != "Host" && key != "Content-Length" && key != "Accept-Encoding" {
				r.header[key] = value
			}
		}
		out = append(out, r)
	}
	return out
}

// replay sends the request as it was, with the key of the tests.
func (s *server) replay(t testing.TB, r recorded) answer {
	t.Helper()
	if !strings.Contains(r.path, "token=") {
		r.header["Authorization"] = "Bearer " + key
	}
	return s.send(t, http.MethodPost, r.path, r.header, bytes.NewReader(r.body))
}

// plain unpacks the body.
func (r recorded) plain(t testing.TB) []byte {
	t.Helper()
	if r.header["Content-Encoding"] != "gzip" {
		return r.body
	}
	in, err := gzip.NewReader(bytes.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	return must(t)(io.ReadAll(in))
}
