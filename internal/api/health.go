package api

import (
	"net/http"
	"time"
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
	Hosts int `json:"hosts"`
}

// Sender is one collector that sends samples.
type Sender struct {
	Name        string         `json:"name" doc:"Key and address."`
	Protocol    string         `json:"protocol" example:"remote_write_2"`
	LastSeenAt  time.Time      `json:"last_seen_at"`
	Samples     int64          `json:"samples" doc:"Stored since the server started."`
	Refused     map[string]int `json:"refused" doc:"Why → samples refused since the server started."`
	LagSeconds  float64        `json:"lag_seconds" doc:"Age of its newest sample when it came."`
	SkewSeconds float64        `json:"skew_seconds" doc:"How far its clock is ahead; 0 where not seen."`
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
	}, unbuilt[noInput, bodyOutput[Health]])
}
