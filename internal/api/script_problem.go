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
