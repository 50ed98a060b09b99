// Package target is where somebody can be told: chat robots, e-mail, webhooks, on-call services.
//
// In go a kind's settings and a rendered Message; out comes what the other side answered, or an
// Error that says whether to try again. It keeps nothing. Read this file, then kinds.go (the list),
// then one kind, e.g. dingtalk.go; the rules that all keep are in conformance_test.go.
package target

import (
	"context"
	"time"

	"github.com/memseep/memseep/leak"
)

// Target is one place where messages go. It is safe for concurrent use.
type Target interface {
	// Send hands a message over once. The error is an *Error where the message was not taken; a
	// message that is too long is cut, with a link to the rest, and never refused for that.
	Send(ctx context.Context, m Message) (Answer, error)
}

// Message is what is told, rendered for one target. Times are UTC.
type Message struct {
	ID        string     // of this notice: the same whenever it is sent again
	Key       string     // of what it is about: the same when it is told again, and when it is over
	Language  string     // en or zh
	Level     leak.Level // of the most urgent event
	Recovered bool

	Short    string // one line, for a phone
	Title    string
	Markdown string // without the title; headings, bold, lists and links alone
	Text     string // the same without marks
	Picture  []byte // PNG of the curve; nil where there is none
	Chart    Chart  // the same for targets that draw it themselves; nil where there is none

	URL        string // of the event, or of the list of events
	SilenceURL string
	AckURL     string
	PictureURL string // of the picture, without sign-in; "" where it cannot be reached from elsewhere

	StartsAt time.Time
	EndsAt   time.Time // when it was over; zero while it is not
	Facts    Facts
	Alerts   []Alert  // each event by itself, for targets that take it so
	To       []string // of an e-mail or SMS: who gets it instead of all of the target
}

// info is the level of what a script reports to be known: no alarm, and not over either.
const info leak.Level = "info"

// Chart is a curve in few points, and its forecast as a second line.
type Chart []ChartPoint

// ChartPoint is one of a line; points at the same time have the same At.
type ChartPoint struct {
	Line  string  `json:"line"` // its name, with the unit
	At    string  `json:"at"`   // time of day, as it is shown
	Value float64 `json:"value"`
}

// Alert is one event as monitoring systems pass it around: labels that identify it, annotations
// that describe it.
type Alert struct {
	Key         string
	Labels      map[string]string
	Annotations map[string]string
	StartsAt    time.Time
	EndsAt      time.Time // zero while it goes on
	URL         string
}

// Answer is what the other side said, with credentials struck out.
type Answer struct {
	Status     int           // of HTTP, or of SMTP
	Body       string        // at most 2 kB
	RetryAfter time.Duration // where it says how long to wait
}

// Error says that a message was not taken. It never holds credentials.
type Error struct {
	Answer Answer // what there was of one
	Retry  bool   // whether the same may be taken later
	Reason string // for a person: what went wrong and what to do
}

func (e *Error) Error() string { return e.Reason }

// refused is an error that stays however often it is tried.
func refused(a Answer, reason string) error { return &Error{Answer: a, Reason: reason} }

// later is an error that may pass.
func later(a Answer, reason string) error { return &Error{Answer: a, Retry: true, Reason: reason} }
