package main

import (
	"context"
	"fmt"
	"path/filepath"

	sides "github.com/memseep/memseep/internal/ingest/compare"
)

// ingestLoad is what is taken in: two million samples of 50,000 series, from a few collectors at a time.
var ingestLoad = sides.Load{Hosts: 100, Scrapes: 40, Senders: 4, Turns: 5}

// measureIngest sets the samples a second that are taken by remote write against those that
// Prometheus' own receiver takes, of the same requests into a store of the same options.
func (b *bench) measureIngest(ctx context.Context) error {
	rates, err := sides.Run(ctx, filepath.Join(b.dir, "ingest"), ingestLoad)
	if err != nil {
		return err
	}
	fmt.Printf("ingest: %.0f samples a second by remote write, Prometheus' receiver takes %.0f\n", rates.Ours, rates.Prometheus)
	b.atLeast("ingest", rates.Ratio(), 0.9)
	return nil
}
