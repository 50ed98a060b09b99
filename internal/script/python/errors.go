package python

import "fmt"

// Position is a place in a script; both count from 1, columns in characters.
type Position struct{ Line, Column int }

// Error says what of a script cannot be run, where, and what to write instead.
type Error struct {
	File string
	Position
	Message string // what is wrong
	Instead string // what to write; empty where the message says it
}

// Error is one line: "check.py:3:5: yield is not supported: build a list and return it".
func (e *Error) Error() string {
	text := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Instead != "" {
		text += ": " + e.Instead
	}
	return text
}

// fail ends the front end at a position; Compile recovers it.
func fail(at Position, message, instead string) {
	panic(&Error{Position: at, Message: message, Instead: instead})
}

func failf(at Position, format string, args ...any) { fail(at, fmt.Sprintf(format, args...), "") }
