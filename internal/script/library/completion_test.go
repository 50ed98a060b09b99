package library_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/script/modules"
)

// Completion knows each name that scripts are given, in both languages, and no other.
func TestNamesAreThoseOfModules(t *testing.T) {
	listed := map[string][]string{}
	for _, n := range library.Names() {
		first, _, _ := strings.Cut(n.Name, ".")
		if !slices.Contains(listed[n.Module], first) {
			listed[n.Module] = append(listed[n.Module], first)
		}
		if n.English == "" || n.Chinese == "" || n.English == n.Chinese || !strings.HasPrefix(n.Signature, n.Name) {
			t.Errorf("%s.%s is not described: %+v", n.Module, n.Name, n)
		}
	}
	if len(listed) != len(modules.All())+1 { // and what is there without an import
		t.Errorf("modules listed: %d, given: %v", len(listed)-1, modules.All())
	}
	for _, m := range modules.All() {
		names := slices.Clone(listed[m])
		slices.Sort(names)
		if given := modules.Names(m); !slices.Equal(names, given) {
			t.Errorf("%s: listed are %v, given %v", m, names, given)
		}
	}
}
