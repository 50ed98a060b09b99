package python

import (
	"errors"
	"fmt"
)

// Position is a place in a script; both count from 1, columns in characters.
type Position struct{ Line, Column int }

// Error says what of a script cannot be run, where, and what to write instead.
type Error struct {
	File string
	Position
	Message string // what is wrong
	Instead string // what to write; empty where the message says it
	Cause   *Error // of the script that is imported at this position; nil where the error is here
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

// failImport ends the front end where a script is imported that has an error itself: the innermost
// one is told.
func failImport(at Position, err error) {
	var cause *Error
	if !errors.As(err, &cause) {
		fail(at, err.Error(), "")
	}
	for cause.Cause != nil {
		cause = cause.Cause
	}
	panic(&Error{Position: at, Message: fmt.Sprintf("%s:%d:%d: %s", cause.File, cause.Line, cause.Column, cause.Message), Instead: cause.Instead, Cause: cause})
}

func failf(at Position, format string, args ...any) { fail(at, fmt.Sprintf(format, args...), "") }
