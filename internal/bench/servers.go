package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
)

// servers stands in for a test, so that the bench starts servers as tests do. Only what starting
// a server needs of a testing.TB is there.
type servers struct {
	testing.TB
	dir      string
	cleanups []func()
}

// failure is how a server that does not start ends the measure.
type failure struct{ error }

// withServers ends the servers that run has started when it is done.
func withServers(dir string, run func(*servers) error) (err error) {
	t := &servers{dir: dir}
	defer func() {
		for _, f := range slices.Backward(t.cleanups) {
			f()
		}
	}()
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			err = r.error
		default:
			panic(r)
		}
	}()
	return run(t)
}

func (t *servers) Helper()          {}
func (t *servers) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

func (t *servers) TempDir() string {
	dir, err := os.MkdirTemp(t.dir, "server-")
	if err != nil {
		panic(failure{err})
	}
	return dir
}

func (t *servers) Fatalf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }
func (t *servers) Skipf(format string, args ...any)  { t.Fatalf(format, args...) }
func (t *servers) Fatal(args ...any)                 { panic(failure{errors.New(fmt.Sprint(args...))}) }
