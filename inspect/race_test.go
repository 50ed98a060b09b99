//go:build race

package inspect_test

// underRace says that the race detector watches: months are made small then.
const underRace = true
