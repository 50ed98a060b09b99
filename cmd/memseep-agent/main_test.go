package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang/snappy"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"memseep-agent": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}

// receiver takes remote write 2 while it is there.
type receiver struct {
	mu    sync.Mutex
	away  bool
	times map[int64]bool // of the collections that were taken, milliseconds
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the sender was killed meanwhile
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	text, err := snappy.Decode(nil, body)
	var request writev2.Request
	if err == nil {
		err = request.Unmarshal(text)
	}
	if err != nil || len(request.Timeseries) == 0 {
		http.Error(w, fmt.Sprintf("not a request of version 2: %v", err), http.StatusBadRequest)
		return
	}
	r.times[request.Timeseries[0].Samples[0].Timestamp] = true
	w.Header().Set("X-Prometheus-Remote-Write-Samples-Written", strconv.Itoa(len(request.Timeseries)))
}

func (r *receiver) setAway(away bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.away = away
}

func (r *receiver) has(millis int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.times[millis]
}

// Whenever the agent is killed, what it had in its queue is sent by the next one.
func TestQueueSurvivesKill(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	agent := filepath.Join(t.TempDir(), "memseep-agent") // testscript goes by the name of the program
	if err := os.Symlink(self, agent); err != nil {
		t.Fatal(err)
	}
	to := &receiver{times: map[int64]bool{}}
	server := httptest.NewServer(to)
	t.Cleanup(server.Close)
	queue := t.TempDir()
	kept := map[int64]bool{}
	run := func(until func() bool) {
		t.Helper()
		cmd := exec.Command(agent, "--url", server.URL, "--queue", queue, "--interval", "1s")
		var said strings.Builder
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = cmd.Process.Kill() // that is what is tested
			_ = cmd.Wait()
			for _, millis := range batches(t, queue) {
				kept[millis] = true
			}
		}()
		for deadline := time.Now().Add(20 * time.Second); !until(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("not within 20 s; the agent says:\n%s", said.String())
			}
		}
	}
	to.setAway(true)
	for range 8 {
		more, after := len(batches(t, queue))+1, time.Duration(rand.N(20))*time.Millisecond
		run(func() bool {
			if len(batches(t, queue)) < more {
				return false
			}
			time.Sleep(after) // anywhere in what it does then
			return true
		})
	}
	if len(kept) < 8 {
		t.Fatalf("%d collections were kept, want 8", len(kept))
	}
	to.setAway(false)
	run(func() bool {
		for millis := range kept {
			if !to.has(millis) {
				return false
			}
		}
		return true
	})
}

// batches are the times of the collections in the queue, in milliseconds.
func batches(t *testing.T, queue string) (times []int64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(queue, "*.batch"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		millis, err := strconv.ParseInt(strings.TrimSuffix(filepath.Base(f), ".batch"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, millis)
	}
	return times
}
