package api

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Paging is the part of a list that is asked for.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"How many items at most."`
	Cursor string `query:"cursor" maxLength:"500" doc:"next of the page before; empty for the first page."`
}

// Page is a part of a list, and the cursor of the part that follows.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
}

type pageOutput[T any] struct{ Body Page[T] }

func page[T any](items []T, next string) *pageOutput[T] {
	if items == nil {
		items = []T{}
	}
	return &pageOutput[T]{Body: Page[T]{Items: items, Next: next}}
}

// pageOf converts each row of a list.
func pageOf[R, T any](rows []R, next string, convert func(R) T) *pageOutput[T] {
	items := make([]T, len(rows))
	for i := range rows {
		items[i] = convert(rows[i])
	}
	return page(items, next)
}

type bodyOutput[T any] struct{ Body T }

func body[T any](b T) *bodyOutput[T] { return &bodyOutput[T]{Body: b} }

// versioned is an answer that can be changed later: its ETag is what If-Match wants.
type versioned[T any] struct {
	ETag string `header:"ETag" doc:"Version of what was answered; give it as If-Match to change it."`
	Body T
}

// ByID names a record in the path.
type ByID struct {
	ID string `path:"id" maxLength:"200" doc:"Identifier."`
}

// Guard holds a change back against one that came between.
type Guard struct {
	IfMatch string `header:"If-Match" maxLength:"100" doc:"ETag of the version that the change is made to. Answered with 412 where somebody changed it since; without it the change is made in any case."`
}

type noInput struct{}

// FromRequest gives a handler the request itself, and power over the time of its answer.
type FromRequest struct {
	request *http.Request
	answer  http.ResponseWriter
}

// SetWriteDeadline sets until when the answer has to be written.
func (in *FromRequest) SetWriteDeadline(t time.Time) error {
	return http.NewResponseController(in.answer).SetWriteDeadline(t)
}

// Resolve notes the request.
func (in *FromRequest) Resolve(c huma.Context) []error {
	in.request, in.answer = humago.Unwrap(c)
	return nil
}
