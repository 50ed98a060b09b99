package api

import (
	"errors"

	"github.com/memseep/memseep/internal/script"
)

// problemOfScript is what a script would not be loaded for; nil where the error says something else.
func problemOfScript(err error) *ScriptProblem {
	var p *script.Problem
	if !errors.As(err, &p) {
		return nil
	}
	return &ScriptProblem{Line: p.Line, Column: p.Column, Message: p.Message, Instead: p.Instead}
}

// scriptProblem is the same in the language.
func (l language) scriptProblem(p ScriptProblem) *ScriptProblem {
	p.Message, p.Instead = l.say(p.Message), l.say(p.Instead)
	return &p
}
