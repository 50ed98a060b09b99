package api

import (
	"context"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/schedule"
)

// NextRuns are the times that a schedule names.
type NextRuns struct {
	Times   []time.Time `json:"times" doc:"The next ones, the nearest first; fewer than asked for where it ends."`
	Problem string      `json:"problem,omitempty" doc:"What is wrong with the schedule or its zone, and what to write."`
}

type nextRunsInput struct {
	Schedule string `query:"schedule" maxLength:"200" doc:"Cron of five fields." example:"0 * * * *"`
	TimeZone string `query:"time_zone" maxLength:"100" doc:"IANA name; UTC where it is left out."`
	Count    int    `query:"count" minimum:"1" maximum:"20" default:"3"`
}

func (a *API) nextRunRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/schedules/next", id: "next-runs", access: reads, tag: "Inspections",
		summary:     "When a schedule would come, before it is saved",
		description: "A schedule that is wrong is an answer too: problem says what to write.",
	}, a.nextRuns)
}

func (a *API) nextRuns(ctx context.Context, in *nextRunsInput) (*bodyOutput[NextRuns], error) {
	out := NextRuns{Times: []time.Time{}}
	for at := a.Clock(); len(out.Times) < in.Count; {
		next, err := schedule.NextRun(in.Schedule, in.TimeZone, at)
		if err != nil {
			if len(out.Times) == 0 {
				out.Problem = languageOf(ctx).say(err.Error())
			}
			break
		}
		out.Times, at = append(out.Times, next), next
	}
	return body(out), nil
}
