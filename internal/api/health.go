package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/internal/store"
)

// Health is how collection goes in the workspace.
type Health struct {
	Hosts        int            `json:"hosts"`
	NoData       int            `json:"no_data" doc:"Hosts without data."`
	Collectors   map[string]int `json:"collectors" doc:"Collector → hosts that it speaks of."`
	Missing      []MissingCount `json:"missing" doc:"What is missing, on most hosts first."`
	Senders      []Sender       `json:"senders" doc:"Who sends samples here, those with problems first."`
	FirstSample  time.Time      `json:"first_sample_at,omitzero" doc:"Time of the oldest sample kept; absent while none came."`
	NewestSample time.Time      `json:"newest_sample_at,omitzero"`
	Store        StoreHealth    `json:"store"`
}

// MissingCount is something missing, with how many hosts it is missing on.
type MissingCount struct {
	Missing
	Hosts   int    `json:"hosts"`
	Example string `json:"example" doc:"One of the hosts."`
}

// Sender is one collector that sends samples.
type Sender struct {
	Protocol     string           `json:"protocol" example:"remote_write_2" doc:"remote_write_1, remote_write_2, otlp, influx or datakit."`
	Key          string           `json:"key" doc:"Identifier of the key that it uses."`
	Address      string           `json:"address"`
	Agent        string           `json:"agent,omitempty" doc:"What it calls itself."`
	LastSeenAt   time.Time        `json:"last_seen_at"`
	Samples      int64            `json:"samples" doc:"Kept since the server started."`
	Refused      map[string]int64 `json:"refused" doc:"Why → samples refused since the server started."`
	Failed       int64            `json:"failed" doc:"Requests of which nothing was kept."`
	Problem      string           `json:"problem,omitempty" doc:"The last thing that was wrong."`
	ProblemAt    time.Time        `json:"problem_at,omitzero"`
	LagSeconds   float64          `json:"lag_seconds" doc:"How old its newest sample was when it came."`
	AheadSeconds float64          `json:"ahead_seconds" doc:"How far its clock is ahead at least; 0 where it was not seen to be."`
}

// StoreHealth is the state of the metrics store.
type StoreHealth struct {
	Kind      string `json:"kind" enum:"embedded,remote"`
	Series    int64  `json:"series"`
	DiskBytes int64  `json:"disk_bytes,omitempty"`
	DiskFree  int64  `json:"disk_free_bytes,omitempty"`
	Problem   string `json:"problem,omitempty" doc:"Why samples are refused, and what to do."`
}

func (a *API) healthRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/health", id: "get-health", access: reads, tag: "Health",
		summary: "How collection goes: who sends, what arrives, what is missing and what to install",
	}, a.getHealth)
}

func (a *API) getHealth(ctx context.Context, _ *noInput) (*bodyOutput[Health], error) {
	ws := workspaceOf(ctx)
	h := Health{Collectors: map[string]int{}, Senders: []Sender{}}
	counts, err := a.hostCounts(ctx)
	if err != nil {
		return nil, err
	}
	h.Hosts, h.NoData = counts.Total, counts.ByState[noDataState]
	groups, err := a.DB.HostGroups(ctx, ws)
	if err != nil {
		return nil, err
	}
	h.count(languageOf(ctx), groups)
	for _, s := range a.Ingest.Senders(ws) {
		h.Senders = append(h.Senders, languageOf(ctx).sender(s))
	}
	slices.SortStableFunc(h.Senders, func(x, y Sender) int {
		return cmp.Or(y.ProblemAt.Compare(x.ProblemAt), y.LastSeenAt.Compare(x.LastSeenAt))
	})
	if h.Store, err = a.storeHealth(ctx, &h); err != nil {
		return nil, err
	}
	return body(h), nil
}

// count sums up what arrives of the hosts and what is missing.
func (h *Health) count(l language, groups []state.HostGroup) {
	missing := map[string]*MissingCount{}
	for _, group := range groups {
		for _, c := range group.Collectors {
			h.Collectors[c] += group.Hosts
		}
		var lacks []inspect.Missing
		if len(group.Missing) > 0 && json.Unmarshal(group.Missing, &lacks) != nil {
			continue // of another version; the next run writes it anew
		}
		for _, m := range lacks {
			if missing[m.Code] == nil {
				told := l.missing(group.Example, []inspect.Missing{m})[0]
				missing[m.Code] = &MissingCount{Missing: told, Example: group.Example}
			}
			missing[m.Code].Hosts += group.Hosts
		}
	}
	h.Missing = []MissingCount{}
	for _, m := range missing {
		h.Missing = append(h.Missing, *m)
	}
	slices.SortFunc(h.Missing, func(x, y MissingCount) int {
		return cmp.Or(cmp.Compare(y.Hosts, x.Hosts), strings.Compare(x.Code, y.Code))
	})
}

func (l language) sender(s ingest.Sender) Sender {
	v := Sender{
		Protocol: s.Protocol, Key: s.Key, Address: s.Address, Agent: s.Agent, LastSeenAt: s.LastSeenAt,
		Samples: s.Samples, Refused: s.Refused, Failed: s.Failed, Problem: l.say(s.Problem), ProblemAt: s.ProblemAt,
		LagSeconds: s.Lag.Seconds(), AheadSeconds: s.ClockAhead.Seconds(),
	}
	if v.Refused == nil {
		v.Refused = map[string]int64{}
	}
	return v
}

// storeHealth asks the store how it is; one that does not answer is told, not an error.
func (a *API) storeHealth(ctx context.Context, h *Health) (StoreHealth, error) {
	out := StoreHealth{Kind: a.Facts.Store}
	m, err := a.Spaces.Workspace(ctx, workspaceOf(ctx))
	if err != nil {
		return out, err
	}
	stats, err := m.Stats(ctx)
	if err != nil {
		out.Problem = languageOf(ctx).say(err.Error())
		return out, nil
	}
	out.Series, out.DiskBytes, out.DiskFree = int64(stats.Series), stats.Bytes, max(stats.DiskFree, 0)
	h.FirstSample, h.NewestSample = stats.Oldest, stats.Newest
	if stats.DiskFull {
		out.Problem = languageOf(ctx).say(store.ErrDiskFull.Error())
	}
	return out, nil
}
