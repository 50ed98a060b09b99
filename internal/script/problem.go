package script

import (
	"errors"
	"fmt"

	"github.com/memseep/memseep/internal/script/python"
)

// Problem is the error of a script that would not load. Where a script that it imports has the error, the position is that of the
// import, and the message names the other script and its line.
type Problem struct {
	File    string `json:"-"`
	Line    int    `json:"line"`   // from 1
	Column  int    `json:"column"` // from 1, in characters
	Message string `json:"message"`
	Instead string `json:"instead,omitempty"` // what to write; empty where the message says it
}

// Error is one line: "check.py:3:5: yield is not supported: build a list and return it".
func (p *Problem) Error() string {
	text := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	if p.Instead != "" {
		text += ": " + p.Instead
	}
	return text
}

// problemOf is what an error of the front end tells.
func problemOf(file string, err error) *Problem {
	p := &Problem{File: file, Line: 1, Column: 1, Message: err.Error()}
	var e *python.Error
	if errors.As(err, &e) {
		p.Line, p.Column, p.Message, p.Instead = e.Line, e.Column, e.Message, e.Instead
	}
	return p
}
