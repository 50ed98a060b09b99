package library

import (
	"regexp"
	"strings"

	"github.com/memseep/memseep/internal/script/modules"
)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// longestName bounds the names of sets, scripts and variables.
const longestName = 64

// FullName is what other scripts import a script by.
func FullName(set, script string) string { return set + "__" + script }

// CheckSetName says what is wrong with the name of a set: set and script have to be told from
// SET__SCRIPT again.
func CheckSetName(name string) error {
	switch {
	case len(name) > longestName || !identifier.MatchString(name):
		return refuse("name", "the name of a set is letters without accents, digits and _, at most %d, and begins with no digit: it stands in `import SET__SCRIPT`", longestName)
	case strings.Contains(name, "__") || strings.HasSuffix(name, "_"):
		return refuse("name", "the name of a set has no __ and does not end with _: `import SET__SCRIPT` is read at the first __")
	}
	return nil
}

// CheckScriptName says what is wrong with the name of a script of a set.
func CheckScriptName(set, name string) error {
	switch {
	case len(name) > longestName || !identifier.MatchString(name):
		return refuse("name", "the name of a script is letters without accents, digits and _, at most %d, and begins with no digit: it stands in `import SET__SCRIPT`", longestName)
	case modules.Names(FullName(set, name)) != nil:
		return refuse("name", "%s is a module that memseep gives: take another name, nothing could import it", FullName(set, name))
	}
	return nil
}
