package api

import (
	"net/http"
	"reflect"
)

// Change is one message of the stream.
type Change struct {
	Kind   string `json:"kind" enum:"run,event,inspection,host,settings" doc:"What changed; also the name of the server-sent event."`
	ID     string `json:"id,omitempty" doc:"Of what changed; absent where many did."`
	Status string `json:"status,omitempty" doc:"Of the run or event now."`
	Run    *Run   `json:"run,omitempty" doc:"The run as it is now, with its progress."`
}

type streamInput struct {
	Workspace string `query:"workspace" maxLength:"200" doc:"As X-Workspace, which a browser's EventSource cannot send."`
}

func (a *API) streamRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/stream", id: "stream", access: reads, tag: "Stream",
		summary:     "Changes as they happen",
		description: "Server-sent events, each with a Change as JSON. Nothing is repeated after a break: ask for what you show again. A comment comes every 15 seconds.",
		streams:     map[string]reflect.Type{"text/event-stream": reflect.TypeFor[Change]()},
	}, unbuilt[streamInput, streamOutput])
}
