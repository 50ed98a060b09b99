package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/memseep/memseep/internal/schedule"
)

// Change is one message of the stream.
type Change struct {
	Kind         string `json:"kind" enum:"run,event,inspection,hosts,settings,notices,scripts,triggers,missed" doc:"What changed; also the name of the server-sent event. missed: there were more than could be sent, ask for what you show again."`
	ID           string `json:"id,omitempty" doc:"Of what changed; absent where many did."`
	InspectionID string `json:"inspection_id,omitempty"`
	Status       string `json:"status,omitempty" doc:"Of the run now, or what happened to the event."`
	Run          *Run   `json:"run,omitempty" doc:"The run as it is now, with its progress."`
}

type streamInput struct {
	FromRequest
	Workspace string `query:"workspace" maxLength:"200" doc:"As X-Workspace, which a browser's EventSource cannot send."`
}

func (a *API) streamRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/stream", id: "stream", access: reads, tag: "Stream",
		summary:     "Changes as they happen",
		description: "Server-sent events, each with a Change as JSON. Nothing is repeated after a break: ask for what you show again. A comment comes every 15 seconds.",
		errors:      []int{http.StatusTooManyRequests},
		streams:     map[string]reflect.Type{"text/event-stream": reflect.TypeFor[Change]()},
	}, a.stream)
}

// The pace of a stream.
const (
	streamBeat    = 15 * time.Second // a comment, so that proxies keep the connection
	streamTimeout = 10 * time.Second // for one message to be written
	streamLife    = time.Hour        // then the client comes again, and its credentials are checked again
)

func (a *API) stream(ctx context.Context, _ *streamInput) (*streamOutput, error) {
	if a.Hub.isBusy(actor(ctx)) {
		return nil, problemf(http.StatusTooManyRequests, "%s has %d streams open: close some, or use a key of your own", actor(ctx), mostStreams)
	}
	return &streamOutput{ContentType: "text/event-stream", Body: func(c huma.Context) {
		c.SetHeader("X-Accel-Buffering", "no")
		_, w := humago.Unwrap(c)
		a.sendChanges(c.Context(), w)
	}}, nil
}

func (a *API) sendChanges(ctx context.Context, w http.ResponseWriter) {
	ctx, cancel := context.WithTimeout(ctx, streamLife)
	defer cancel()
	l := a.Hub.listen(workspaceOf(ctx), actor(ctx))
	defer a.Hub.leave(l)
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	out := http.NewResponseController(w)
	send := func(text string) bool {
		if err := out.SetWriteDeadline(time.Now().Add(streamTimeout)); err != nil {
			a.Logger.DebugContext(ctx, "a stream has no deadline", "error", err)
		}
		_, err := fmt.Fprint(w, text)
		return err == nil && out.Flush() == nil
	}
	if !send("retry: 2000\n\n") {
		return
	}
	for {
		var text string
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			text = ": \n\n"
		case c, open := <-l.changes:
			if !open {
				return
			}
			text = a.message(ctx, c)
		}
		if a.Hub.hasMissed(l) {
			text += "event: missed\ndata: {\"kind\":\"missed\"}\n\n"
		}
		if !send(text) {
			return
		}
	}
}

// message is one server-sent event.
func (a *API) message(ctx context.Context, c schedule.Change) string {
	m := Change{Kind: c.Kind, ID: c.ID, InspectionID: c.InspectionID, Status: c.Status}
	if c.Kind == "run" {
		if r, err := a.DB.Run(ctx, workspaceOf(ctx), c.ID); err == nil {
			view := a.runView(languageOf(ctx), r)
			m.Run = &view
		}
	}
	text, err := json.Marshal(m)
	if err != nil {
		return ""
	}
	return "event: " + m.Kind + "\ndata: " + string(text) + "\n\n"
}
