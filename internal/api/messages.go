package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

type previewInput struct {
	Body struct {
		EventID   string          `json:"event_id" minLength:"1" maxLength:"200"`
		Language  string          `json:"language,omitempty" enum:"en,zh," doc:"Absent is that of Accept-Language."`
		Templates TargetTemplates `json:"templates,omitzero"`
	}
}

// Preview is a message that was not sent.
type Preview struct {
	MessageView
	Picture bool `json:"picture" doc:"GET /events/{id}/picture.png has the curve that targets show which can."`
}

func (a *API) pictureRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}/picture.png", id: "get-event-picture", access: reads, tag: "Alerts",
		summary: "The curve of an event at its opening, as messages show it", errors: []int{http.StatusNotFound},
		streams: map[string]reflect.Type{"image/png": nil},
	}, a.eventPicture)
}

func (a *API) previewMessage(ctx context.Context, in *previewInput) (*bodyOutput[Preview], error) {
	if in.Body.Language == "" {
		in.Body.Language = string(languageOf(ctx))
	}
	if err := notify.CheckTemplates(state.Templates(in.Body.Templates)); err != nil {
		return nil, invalid("body.templates", err.Error())
	}
	m, err := a.Notify.Preview(ctx, workspaceOf(ctx), in.Body.EventID, in.Body.Language, state.Templates(in.Body.Templates))
	switch {
	case isMissing(err):
		return nil, err
	case err != nil && ctx.Err() == nil:
		return nil, invalid("body.templates", err.Error())
	case err != nil:
		return nil, err
	}
	return body(Preview{MessageView: messageView(m), Picture: len(m.Picture) > 0}), nil
}

// messageView leaves out what would let a viewer acknowledge: the signed link, wherever it stands.
func messageView(m target.Message) MessageView {
	strike := func(s string) string { return s }
	if m.AckURL != "" {
		strike = func(s string) string { return strings.ReplaceAll(s, m.AckURL, m.URL) }
	}
	return MessageView{
		Language: m.Language, Short: strike(m.Short), Title: strike(m.Title), Markdown: strike(m.Markdown), Text: strike(m.Text), URL: m.URL,
	}
}

func (a *API) eventPicture(ctx context.Context, in *ByID) (*streamOutput, error) {
	e, err := a.DB.Event(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	picture := notify.Picture(&e)
	if picture == nil {
		return nil, problem(http.StatusNotFound, "the event has no curve to draw")
	}
	return &streamOutput{ContentType: "image/png", Body: func(c huma.Context) {
		if _, err := c.BodyWriter().Write(picture); err != nil {
			a.Logger.DebugContext(ctx, "answer not sent", "error", err)
		}
	}}, nil
}
