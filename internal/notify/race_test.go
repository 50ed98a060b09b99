//go:build race

package notify

// underRace says that the race detector watches: SQLite in Go is many times slower then, so that the
// large tests are made small. What they show of size is shown without it.
const underRace = true
