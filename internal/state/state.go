// Package state keeps what is not a metric: people, keys, inspections, runs, events, in SQLite or
// PostgreSQL behind one set of queries.
//
// In go records and the filters of lists; out come records. Read this file, then records.go, then
// the file of the record you look for.
package state
