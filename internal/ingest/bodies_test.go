package ingest_test

import (
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/realserver"
)

// zeros are as many as are read.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A body of 100 MB is answered, not cut off, with its length known or not.
func TestHundredMegabytesAreAnswered(t *testing.T) {
	s := serve(t, ingest.Limits{})
	const size = 100 << 20
	for path, want := range map[string]int{"/api/v1/write": http.StatusBadRequest, "/api/v2/write": http.StatusRequestEntityTooLarge} {
		for name, body := range map[string]io.Reader{"known length": io.NewSectionReader(zerosAt{}, 0, size), "unknown length": io.LimitReader(zeros{}, size)} {
			t.Run(path+" "+name, func(t *testing.T) {
				header := map[string]string{"Authorization": "Bearer " + key}
				if path == "/api/v1/write" {
					header["Content-Encoding"] = "snappy"
				}
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, body)
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range header {
					r.Header.Set(name, value)
				}
				if name == "known length" {
					r.ContentLength = size
				}
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = resp.Body.Close() }()
				text, err := io.ReadAll(resp.Body)
				if err != nil || resp.StatusCode != want || !strings.Contains(string(text), "more than 33554432 bytes") {
					t.Errorf("%d %s %v, want %d", resp.StatusCode, text, err, want)
				}
			})
		}
	}
}

// A body whose labels would be repeated for each of its many fields takes no more memory for it.
func TestLabelsOfABatchAreBounded(t *testing.T) {
	s := serve(t, ingest.Limits{Series: -1})
	tag := strings.Repeat("x", 4000)
	line := "m"
	for i := range 90 {
		line += fmt.Sprintf(",t%d=%s", i, tag)
	}
	line += " " + strings.Repeat("f=1,", 1<<20) + "f=1"
	a := s.post(t, "/write", withKey, []byte(line))
	if a.status != http.StatusBadRequest || !strings.Contains(a.body, "send fewer samples at a time") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

type zerosAt struct{}

func (zerosAt) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}

func TestConfigurationOfPrometheusIsValid(t *testing.T) {
	tool := realserver.Find(t, "promtool")
	out, err := exec.Command(tool, "check", "config", "--syntax-only", "../../deploy/collectors/prometheus.yml").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestConfigurationOfVmagentIsValid(t *testing.T) {
	binary := realserver.Find(t, "vmagent", "vmagent-prod")
	out, err := exec.Command(binary, "-dryRun", "-promscrape.config=../../deploy/collectors/vmagent.yml", "-remoteWrite.url=http://127.0.0.1:1/").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
