package target

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"
	"text/template/parse"
)

// Bounds of a template, so that none can take the server's time or memory: its text, what it writes
// and what one value in it may become, in bytes; how often the bodies of its loops run, and how many
// operands these have in all; and how much text its functions make in all.
const (
	templateSize     = 16 << 10
	templateOut      = 64 << 10
	templateSteps    = 10_000
	templateOperands = 200_000
	templateMade     = 8 << 20
)

// Template is a text/template over a View: {{.Title}}, {{range .Suspects}}, {{if .Recovered}}.
// Beside Go's functions it has json (a value as JSON), upper, lower, join and cut (to a number of
// characters). It may not define or call templates of its own.
type Template struct{ parsed *template.Template }

var (
	errSteps = fmt.Errorf("its loops run more than %d times", templateSteps)
	errLarge = fmt.Errorf("it writes more than %d kB", templateOut>>10)
	errMade  = fmt.Errorf("its functions make more than %d MB of text", templateMade>>20)
	errWidth = errors.New("printf takes no width from a value: write it as a number")
)

// ParseTemplate reads a template, or says in which line it is wrong.
func ParseTemplate(text string) (*Template, error) {
	if len(text) > templateSize {
		return nil, fmt.Errorf("the template is longer than %d kB", templateSize>>10)
	}
	t, err := template.New("template").Option("missingkey=zero").Funcs(new(work).functions()).Parse(text)
	if err != nil {
		return nil, inTemplate(err)
	}
	if len(t.Templates()) > 1 {
		return nil, errors.New("a template cannot define others")
	}
	if t.Tree == nil || t.Root == nil { // nothing but blanks
		return &Template{t}, nil
	}
	if _, err := count(t.Root); err != nil {
		return nil, err
	}
	return &Template{t}, nil
}

// longestProblem is how much is said of what is wrong with a template, in bytes: all of an action is named in it.
const longestProblem = 400

func inTemplate(err error) error {
	text := strings.TrimPrefix(err.Error(), "template: ")
	if over := len(text) - longestProblem; over > 0 { // where it is wrong stands at its beginning, why at its end
		text = cut(text, longestProblem/2, "…") + strings.ToValidUTF8(text[len(text)-longestProblem/2:], "")
	}
	return errors.New(text)
}

// count counts what a node does once, without the loops in it. It puts a step before the body of each loop, which says
// how much that does, and refuses calls, which could go on for ever.
func count(n parse.Node) (does int, err error) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return 0, nil
		}
		for _, child := range n.Nodes {
			one, err := count(child)
			if err != nil {
				return 0, err
			}
			does += one
		}
	case *parse.ActionNode:
		return operands(n.Pipe), nil
	case *parse.IfNode:
		return countBranch(&n.BranchNode)
	case *parse.WithNode:
		return countBranch(&n.BranchNode)
	case *parse.RangeNode:
		does, err := countBranch(&n.BranchNode)
		if err != nil {
			return 0, err
		}
		tick, err := template.New("").Funcs(new(work).functions()).Parse(fmt.Sprintf("{{tick %d}}", does))
		if err != nil {
			return 0, err
		}
		n.List.Nodes = append([]parse.Node{tick.Root.Nodes[0]}, n.List.Nodes...)
		return operands(n.Pipe), nil
	case *parse.TemplateNode:
		return 0, fmt.Errorf("line %d: a template cannot call others", n.Line)
	}
	return does, nil
}

func countBranch(n *parse.BranchNode) (int, error) {
	body, err := count(n.List)
	if err != nil {
		return 0, err
	}
	otherwise, err := count(n.ElseList)
	return operands(n.Pipe) + body + otherwise, err
}

// operands are all that a pipeline looks at.
func operands(p *parse.PipeNode) (n int) {
	for _, c := range p.Cmds {
		for _, arg := range c.Args {
			n++
			if nested, ok := arg.(*parse.PipeNode); ok {
				n += operands(nested)
			}
		}
	}
	return n
}

// Execute fills the template in.
func (t *Template) Execute(v View) (string, error) {
	run, err := t.parsed.Clone()
	if err != nil {
		return "", err
	}
	var out bounded
	switch err := run.Funcs(new(work).functions()).Execute(&out, v); {
	case errors.Is(err, errSteps): // the step stands in no line of the template
		return "", errSteps
	case err != nil:
		return "", inTemplate(err)
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

// isJSON tells whether a text is one.
func isJSON(s string) bool { return json.Valid([]byte(s)) }
