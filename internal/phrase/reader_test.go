package phrase

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// makers are the functions that take a sentence, with the places of it among their arguments. Those
// that take a format are marked by the suffix f of their names, or are fmt's.
var makers = map[string][]int{
	"errors.New": {0}, "fmt.Errorf": {0},
	"problem": {1}, "problemf": {1}, "invalid": {1}, // api
	"refuse":  {1},               // library, market
	"refused": {1}, "later": {1}, // target
	"fail": {1, 2}, "failf": {1}, "expect": {1}, "name": {0}, "block": {0}, // python, schedule
	"explain": {1}, "one": {2}, "add": {2}, "change": {2}, "update": {4}, // state
	"line": {1}, "log": {4}, "logAlone": {3}, "giveUp": {3}, "markFailed": {3}, "end": {3, 4}, // schedule, notify
}

// fields are those that hold a sentence.
var fields = []string{"Message", "Instead", "Reason", "Text", "Error", "DisabledWhy", "Problem"}

// sentences are the formats of all sentences, by their place.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, folder := range said {
		fset := token.NewFileSet()
		dir := filepath.Join("..", "..", folder)
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s has no files: %v", dir, err)
		}
		p := reader{fset: fset, constants: map[string]ast.Expr{}, found: out}
		var files []*ast.File
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.keepConstants(f)
			if _, quiet := silent[filepath.ToSlash(filepath.Join(folder, filepath.Base(name)))]; !quiet {
				files = append(files, f)
			}
		}
		for _, f := range files {
			p.read(f)
		}
	}
	return out
}

// reader reads the sentences of a package.
type reader struct {
	fset      *token.FileSet
	constants map[string]ast.Expr
	found     map[string]string
}

func (p reader) keepConstants(f *ast.File) {
	for _, d := range f.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range group.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, name := range v.Names {
					p.constants[name.Name] = v.Values[i]
				}
			}
		}
	}
}

func (p reader) read(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := nameOf(n.Fun)
			if name == "explain" && len(n.Args) == 2 && nameOf(n.Args[0]) == "err" {
				break // whatever the database says: it is logged, and not told
			}
			for _, at := range makers[name] {
				if at < len(n.Args) {
					p.keep(n.Args[at], strings.HasSuffix(name, "f") || name == "refuse", n.Args[at+1:]...)
				}
			}
		case *ast.KeyValueExpr:
			key, ok := n.Key.(*ast.Ident)
			p.keepLoose(n.Value, ok && slices.Contains(fields, key.Name))
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) && n.Tok != token.ADD_ASSIGN {
					p.keepLoose(n.Rhs[i], slices.Contains(fields, nameOf(left)))
				}
			}
		case *ast.ReturnStmt:
			for _, result := range n.Results {
				p.keepLoose(result, false)
			}
		}
		return true
	})
}

// keepLoose notes a text that need not be a sentence: it is one where its field says so, or where it
// has several words and begins as ours do.
func (p reader) keepLoose(e ast.Expr, certain bool) {
	format, ok := p.format(e, false)
	if _, made := e.(*ast.CallExpr); made && format == "%v" {
		return
	}
	if bare := verb.ReplaceAllString(format, "x"); ok && (certain || len(strings.Fields(bare)) > 2 && isLetter(rune(bare[0]))) {
		p.keep(e, false)
	}
}

// keep notes a sentence; errors of the package that stand in it are written out.
func (p reader) keep(e ast.Expr, isFormat bool, parts ...ast.Expr) {
	format, ok := p.format(e, isFormat)
	format = verb.ReplaceAllStringFunc(format, func(v string) string {
		if !isFormat || v == "%%" || len(parts) == 0 {
			return v
		}
		part := parts[0]
		parts = parts[1:]
		if name, ok := part.(*ast.Ident); ok && v == "%w" {
			if made, ok := p.constants[name.Name].(*ast.CallExpr); ok && nameOf(made.Fun) == "errors.New" {
				text, _ := p.format(made.Args[0], false)
				return text
			}
		}
		return v
	})
	if bare := verb.ReplaceAllString(format, ""); ok && strings.ContainsFunc(bare, isLetter) {
		at := p.fset.Position(e.Pos())
		p.found[fmt.Sprintf("%s:%d:%d", at.Filename, at.Line, at.Column)] = format
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

// format is the text of an expression, with %v for each part that is known at run time alone.
func (p reader) format(e ast.Expr, isFormat bool) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if !isFormat {
			text = strings.ReplaceAll(text, "%", "%%")
		}
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, okA := p.format(e.X, isFormat)
		b, okB := p.format(e.Y, isFormat)
		return a + b, okA && okB
	case *ast.Ident:
		if value := p.constants[e.Name]; value != nil {
			if _, again := value.(*ast.Ident); !again {
				return p.format(value, isFormat)
			}
		}
	case *ast.CallExpr:
		if nameOf(e.Fun) == "fmt.Sprintf" && len(e.Args) > 0 {
			return p.format(e.Args[0], true)
		}
	}
	return "%v", true
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if of, ok := e.X.(*ast.Ident); ok && (of.Name == "errors" || of.Name == "fmt") {
			return of.Name + "." + e.Sel.Name
		}
		return e.Sel.Name
	}
	return ""
}

// filled is a text as the format writes it; its parts are known.
func filled(format string) string {
	values := map[string]string{"d": "7", "f": "7", "X": "7A", "c": "x", "q": `"x"`, "%": "%"}
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		if value, ok := values[v[len(v)-1:]]; ok {
			return value
		}
		return "not found"
	})
}
