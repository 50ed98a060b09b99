// Package schedule says when inspections run, and runs them.
//
// In go inspections with their triggers and a source of windows; out come runs with their logs,
// events, hosts and verdicts, each chunk of a run in one transaction. Read this file, then tick.go
// (what is due), run.go (the parent of a run) and chunk.go (its work).
package schedule
