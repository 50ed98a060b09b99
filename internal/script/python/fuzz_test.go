package python_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/memseep/memseep/internal/script/python"
)

var options = python.Options{
	Predeclared: func(string) bool { return true },
	Module:      func(name string) ([]string, error) { return map[string][]string{"m": {"n"}}[name], nil },
	Extra:       func(name string) bool { return name == "format" },
}

// FuzzCompile: no source makes the front end panic, and every error has a place.
func FuzzCompile(f *testing.F) {
	for _, dir := range []string{"../testdata/users", "../testdata/hostile", "../testdata/startup", "../runtime/testdata"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.py"))
		if err != nil || len(files) == 0 {
			f.Fatalf("no scripts in %s: %v", dir, err)
		}
		for _, path := range files {
			source, err := os.ReadFile(path) //nolint:gosec // of testdata
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(source))
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		_, err := python.Compile("fuzz.py", source, options)
		var e *python.Error
		if err != nil && (!errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.Message == "") {
			t.Errorf("error %#v", err)
		}
	})
}
