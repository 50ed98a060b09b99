package target

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"text/template"
	"text/template/parse"
)

// Bounds of a template, so that none can take the server's time or memory: its text, what it writes
// and what one value in it may become, in bytes, and how often the bodies of its loops run.
const (
	templateSize  = 16 << 10
	templateOut   = 64 << 10
	templateSteps = 10_000
)

// Template is a text/template over a View: {{.Title}}, {{range .Suspects}}, {{if .Recovered}}.
// Beside Go's functions it has json (a value as JSON), upper, lower, join and cut (to a number of
// characters). It may not define or call templates of its own.
type Template struct{ parsed *template.Template }

var (
	errSteps = fmt.Errorf("its loops run more than %d times", templateSteps)
	errLarge = fmt.Errorf("it writes more than %d kB", templateOut>>10)
)

// ParseTemplate reads a template, or says in which line it is wrong.
func ParseTemplate(text string) (*Template, error) {
	if len(text) > templateSize {
		return nil, fmt.Errorf("the template is longer than %d kB", templateSize>>10)
	}
	t, err := template.New("template").Option("missingkey=zero").Funcs(functions(new(int))).Parse(text)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "template: "))
	}
	if len(t.Templates()) > 1 {
		return nil, errors.New("a template cannot define others")
	}
	tick, err := template.New("").Funcs(functions(new(int))).Parse("{{tick}}")
	if err != nil {
		return nil, err
	}
	if t.Tree == nil || t.Root == nil { // nothing but blanks
		return &Template{t}, nil
	}
	if err := count(t.Root, tick.Root.Nodes[0]); err != nil {
		return nil, err
	}
	return &Template{t}, nil
}

// count puts a step before the body of each loop, and refuses calls, which could go on for ever.
func count(n parse.Node, tick parse.Node) error {
	both := func(l *parse.ListNode, e *parse.ListNode) error {
		if err := count(l, tick); err != nil || e == nil {
			return err
		}
		return count(e, tick)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			if err := count(child, tick); err != nil {
				return err
			}
		}
	case *parse.IfNode:
		return both(n.List, n.ElseList)
	case *parse.WithNode:
		return both(n.List, n.ElseList)
	case *parse.RangeNode:
		if err := both(n.List, n.ElseList); err != nil {
			return err
		}
		n.List.Nodes = append([]parse.Node{tick.Copy()}, n.List.Nodes...)
	case *parse.TemplateNode:
		return fmt.Errorf("line %d: a template cannot call others", n.Line)
	}
	return nil
}

// Execute fills the template in.
func (t *Template) Execute(v View) (string, error) {
	steps := 0
	run, err := t.parsed.Clone()
	if err != nil {
		return "", err
	}
	var out bounded
	if err := run.Funcs(functions(&steps)).Execute(&out, v); err != nil {
		return "", errors.New(strings.TrimPrefix(err.Error(), "template: "))
	}
	return out.String(), nil
}

type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > templateOut {
		return 0, errLarge
	}
	return b.Buffer.Write(p)
}

// functions of a template. Those of Go that make a longer text of a text are bounded here: in a loop
// they would double it until the memory is full.
func functions(steps *int) template.FuncMap {
	whole := func(s string) (string, error) {
		if len(s) > templateOut {
			return "", errLarge
		}
		return s, nil
	}
	return template.FuncMap{
		"tick": func() (string, error) {
			if *steps++; *steps > templateSteps {
				return "", errSteps
			}
			return "", nil
		},
		"json": func(v any) (string, error) {
			b, err := encode(v)
			if err != nil {
				return "", err
			}
			return whole(string(b))
		},
		"upper": func(s string) (string, error) { return whole(strings.ToUpper(s)) },
		"lower": func(s string) (string, error) { return whole(strings.ToLower(s)) },
		"join": func(sep string, items []string) (string, error) {
			if len(sep)*len(items) > templateOut {
				return "", errLarge
			}
			return whole(strings.Join(items, sep))
		},
		"cut": func(n int, s string) string {
			if r := []rune(s); n >= 0 && len(r) > n {
				return string(r[:n]) + "…"
			}
			return s
		},
		"print":    func(v ...any) (string, error) { return whole(fmt.Sprint(v...)) },
		"println":  func(v ...any) (string, error) { return whole(fmt.Sprintln(v...)) },
		"printf":   func(f string, v ...any) (string, error) { return whole(fmt.Sprintf(f, v...)) },
		"html":     func(v any) (string, error) { return whole(template.HTMLEscapeString(fmt.Sprint(v))) },
		"js":       func(v any) (string, error) { return whole(template.JSEscapeString(fmt.Sprint(v))) },
		"urlquery": func(v any) (string, error) { return whole(url.QueryEscape(fmt.Sprint(v))) },
	}
}

// isJSON tells whether a text is one.
func isJSON(s string) bool { return json.Valid([]byte(s)) }
