package python

import (
	"slices"
	"strings"

	"go.starlark.net/syntax"
)

// anything marks modules whose names serve annotations alone, which are dropped.
var anything = map[string]bool{"typing": true, "__future__": true}

// missing says what to write for modules of Python that scripts do not have.
var missing = map[string]string{
	"os":         "take a variable with DFF.ENV('NAME')",
	"sys":        "a script sees nothing of the machine that it runs on",
	"subprocess": "a script runs no programs",
	"socket":     "a script has no network",
	"requests":   "call memseep.http(url), which reaches the hosts that are allowed",
	"urllib":     "call memseep.http(url), which reaches the hosts that are allowed",
	"http":       "call memseep.http(url), which reaches the hosts that are allowed",
	"logging":    "write DFF.LOG(text) or print(text)",
	"threading":  "a script runs one thing after the other",
	"asyncio":    "a script runs one thing after the other",
	"numpy":      "calculate with lists, and the module math",
	"pandas":     "calculate with lists, and the module math",
	"pickle":     "use json",
	"arrow":      "use datetime",
}

// checkModule says at once what would fail when the script is loaded.
func (l *lowerer) checkModule(at Position, module string) []string {
	if anything[module] {
		return nil
	}
	names, err := l.options.Module(module)
	switch {
	case err != nil:
		failImport(at, err)
	case names == nil && strings.Contains(module, "__"):
		fail(at, "there is no module "+module+" here", "a script is imported by the name of its set and its own, SET__SCRIPT, and has to be published")
	case names == nil:
		top, _, _ := cutDot(module)
		fail(at, "there is no module "+module+" here", missing[top])
	}
	return names
}

func (l *lowerer) fromImport(s fromImport) (out []syntax.Stmt) {
	names := l.checkModule(s.Position, s.module)
	for i, name := range s.names {
		if !anything[s.module] && !slices.Contains(names, name.name) {
			failf(name.Position, "the module %s has no %s", s.module, name.name)
		}
		value := l.call(name.Position, From, l.text(s.Position, s.module), l.text(name.Position, name.name))
		out = append(out, l.set(name.Position, l.variable(name.Position, s.as[i].name), value))
	}
	return out
}

// checkAttribute says at once that a module has no such name.
func (l *lowerer) checkAttribute(x attribute) {
	of, ok := x.x.(ident)
	if !ok {
		return
	}
	module := l.scope.importedAs(of.name)
	if module == "" || anything[module] || strings.HasPrefix(x.name, "__") {
		return
	}
	if names := l.checkModule(of.Position, module); !slices.Contains(names, x.name) {
		fail(x.Position, "the module "+module+" has no "+x.name, "it has "+strings.Join(names, ", "))
	}
}
