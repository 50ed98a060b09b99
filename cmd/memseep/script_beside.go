package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// scriptsBeside are the scripts that lie beside one and that it may import: SET__SCRIPT.py as
// SET__SCRIPT.
func scriptsBeside(path string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*__*.py"))
	if err != nil {
		return nil, fmt.Errorf("list the scripts beside %s: %w", path, err)
	}
	found := map[string]string{}
	for _, file := range files {
		source, err := readScript(file)
		if err != nil {
			return nil, fmt.Errorf("read a script beside %s: %w", path, err)
		}
		found[strings.TrimSuffix(filepath.Base(file), ".py")] = source
	}
	return found, nil
}
