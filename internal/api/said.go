package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/phrase"
)

// say is a sentence of the server in the language. Errors and what the database keeps are English:
// they are said where they are answered.
func (l language) say(text string) string { return phrase.In(string(l), text) }

// problem is the problem in the language; where it is and what it is about stay.
func (l language) problem(p *huma.ErrorModel) *huma.ErrorModel {
	said := *p
	said.Title, said.Detail = l.say(p.Title), l.say(p.Detail)
	said.Errors = make([]*huma.ErrorDetail, len(p.Errors))
	for i, e := range p.Errors {
		detail := *e
		detail.Message = l.say(e.Message)
		said.Errors[i] = &detail
	}
	return &said
}

// sayProblem says the problems that handlers return, and those of the check of requests.
func sayProblem(c huma.Context, _ string, answer any) (any, error) {
	if p, ok := answer.(*huma.ErrorModel); ok {
		return languageOf(c.Context()).problem(p), nil
	}
	return answer, nil
}
