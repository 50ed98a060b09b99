//go:build ignore

// Command record keeps the requests that a collector sends to it, and answers each by 2xx. While
// it runs its memory grows by 2 MiB a second, so that there is something to be seen in them.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	dir := flag.String("dir", "", "where the requests are kept: NNN.hdr and NNN.body")
	address := flag.String("address", "127.0.0.1:18480", "to listen on")
	flag.Parse()
	if err := os.MkdirAll(*dir, 0o755); err != nil {
		log.Fatal(err)
	}
	go leak()
	var n atomic.Int64
	server := &http.Server{Addr: *address, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := keep(*dir, int(n.Add(1)), r); err != nil {
			log.Print(err)
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/otlp/") {
			w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
			if r.Header.Get("Content-Type") == "application/json" {
				fmt.Fprint(w, "{}")
			}
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}

// keep writes a request as it came, without its key.
func keep(dir string, n int, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	head := r.URL.RequestURI() + "\n"
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name != "Authorization" {
			head += name + ": " + r.Header.Get(name) + "\n"
		}
	}
	name := filepath.Join(dir, fmt.Sprintf("%03d", n))
	if err := os.WriteFile(name+".hdr", []byte(head), 0o644); err != nil {
		return err
	}
	return os.WriteFile(name+".body", body, 0o644)
}

var kept [][]byte

func leak() {
	for range time.Tick(time.Second) {
		block := make([]byte, 2<<20)
		for i := range block {
			block[i] = byte(i)
		}
		kept = append(kept, block)
	}
}
