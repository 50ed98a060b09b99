package state

import (
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/leak"
)

// Identifiers are ULIDs as text: sorted by them is sorted by when they were made, so that they are
// the cursors of lists too. Times are UTC, kept to the millisecond; a zero time is null. A backup
// writes records as JSON: a field must not be hidden from it.

// Role is what a person may do in a workspace. Each role may do what the ones after it may.
type Role string

// Roles in a workspace. The administrator of the instance is an owner everywhere.
const (
	Owner  Role = "owner"  // people, keys, deleting the workspace
	Editor Role = "editor" // inspections, policies, silences, events
	Viewer Role = "viewer" // reads
)

// Scope is what a key may do.
type Scope string

// Scopes of keys.
const (
	ScopeIngest Scope = "ingest" // send samples
	ScopeRead   Scope = "read"   // what a viewer may, and the query API
	ScopeWrite  Scope = "write"  // what an editor may
	ScopeAdmin  Scope = "admin"  // what an owner may; profiling of the instance where the key is of an administrator
)

// Workspace owns hosts, keys, inspections and events.
type Workspace struct {
	bun.BaseModel `bun:"table:workspaces,alias:w" json:"-"`

	ID        string `bun:",pk"`
	Name      string
	Settings  json.RawMessage `json:",omitempty"` // levels, link templates, limits; an object
	CreatedAt time.Time       `bun:",nullzero"`
	Version   int64
}

// User is a person who signs in.
type User struct {
	bun.BaseModel `bun:"table:users,alias:u" json:"-"`

	ID            string `bun:",pk"`
	Name          string // to sign in with; unique, lower case
	Email         string
	PasswordHash  string // argon2id in PHC form
	Administrator bool   // of the instance
	Disabled      bool
	Language      string    // en or zh; empty: the browser's
	CreatedAt     time.Time `bun:",nullzero"`
	PasswordAt    time.Time `bun:",nullzero"` // of the last change: older sessions are void
	LastSeenAt    time.Time `bun:",nullzero"`
	Version       int64
}

// Member is a person's role in a workspace.
type Member struct {
	bun.BaseModel `bun:"table:members,alias:m" json:"-"`

	WorkspaceID string `bun:",pk"`
	UserID      string `bun:",pk"`
	Role        Role
	CreatedAt   time.Time `bun:",nullzero"`
}

// Session is a person who is signed in.
type Session struct {
	bun.BaseModel `bun:"table:sessions,alias:s" json:"-"`

	TokenHash string `bun:",pk"` // SHA-256 of the cookie's value, hex
	UserID    string
	CSRF      string
	CreatedAt time.Time `bun:",nullzero"`
	ExpiresAt time.Time `bun:",nullzero"`
	Address   string
	Agent     string
}

// Key lets a program in.
type Key struct {
	bun.BaseModel `bun:"table:keys,alias:k" json:"-"`

	ID          string `bun:",pk"` // public part
	WorkspaceID string
	Name        string
	SecretHash  string // SHA-256 of a secret of 256 random bits, hex: such a secret needs no slow hash
	Token       string // SHA-256 of its tkn_… form for DataKit, hex; empty where it has none
	Scopes      []Scope
	CreatedBy   string
	CreatedAt   time.Time `bun:",nullzero"`
	ExpiresAt   time.Time `bun:",nullzero"`
	RevokedAt   time.Time `bun:",nullzero"`
	LastUsedAt  time.Time `bun:",nullzero"` // to the minute
}

// Source is an address outside that inspections read from.
type Source struct {
	bun.BaseModel `bun:"table:sources,alias:src" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	Name        string
	URL         string            // without credentials
	Headers     map[string]string // not secret
	CAFile      string
	Insecure    bool
	Sealed      []byte    // credentials, sealed: user and password, or a bearer token, or secret headers
	CreatedAt   time.Time `bun:",nullzero"`
	Version     int64
}

// Origin is where an inspection was written. What is made in the app wins over the file, and that
// over a script.
type Origin string

// Origins, the strongest first.
const (
	FromApp    Origin = "app"
	FromFile   Origin = "file"
	FromScript Origin = "script"
)

// Inspection is what is inspected, when and how.
type Inspection struct {
	bun.BaseModel `bun:"table:inspections,alias:i" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	Name        string
	Help        string // Markdown: what it is for; a script's docstring
	Origin      Origin
	OriginKey   string          // what it is called there; unique in the workspace with the origin; empty for FromApp
	Overrides   json.RawMessage `json:",omitempty"` // fields that the app changed of one that a file or a script wrote; an object

	Hosts       string // one name or glob a line; empty is every host
	SourceID    string // empty is the workspace's own store
	Window      time.Duration
	History     time.Duration
	Thresholds  leak.Thresholds
	HealthyRuns int // healthy verdicts in a row that recover an event
	NoDataRuns  int // runs without data that recover an event
	PolicyID    string
	Script      json.RawMessage `json:",omitempty"` // set, script and function that filters or checks; null where none

	Schedule  string // cron, five fields
	TimeZone  string // IANA name; empty is UTC
	Timeout   time.Duration
	Enabled   bool
	ExpiresAt time.Time `bun:",nullzero"` // no run after it; zero is never
	NextRunAt time.Time `bun:",nullzero"` // when it is due; zero where disabled, expired or FromScript: its trigger is due
	Tags      []string

	CreatedBy string
	CreatedAt time.Time `bun:",nullzero"`
	UpdatedAt time.Time `bun:",nullzero"`
	Version   int64
}

// RunStatus is how far a run is.
type RunStatus string

// States of a run.
const (
	RunPending RunStatus = "pending"
	RunRunning RunStatus = "running"
	RunSuccess RunStatus = "success"
	RunFailure RunStatus = "failure"
	RunTimeout RunStatus = "timeout"
	RunExpired RunStatus = "expired" // the inspection or the trigger had expired when it was due
	RunSkipped RunStatus = "skipped" // the one before it was still running
)

// Run is one execution of an inspection or of a trigger, with its log. One of a trigger has an
// inspection too once its function has registered.
type Run struct {
	bun.BaseModel `bun:"table:runs,alias:r" json:"-"`

	ID           string `bun:",pk"`
	WorkspaceID  string
	InspectionID string    `bun:",nullzero"`
	TriggerID    string    `bun:",nullzero"`
	Inspection   string    // its name at the time; of a trigger without one what it runs
	ScheduledAt  time.Time `bun:",nullzero"`
	Manual       string    // who asked for it; empty where the schedule did
	MadeUp       bool      // missed while everything was down, and made up
	Status       RunStatus
	StartedAt    time.Time `bun:",nullzero"`
	EndedAt      time.Time `bun:",nullzero"`
	At           time.Time `bun:",nullzero"` // end of the windows
	Chunks       int       // 0 until the hosts are chosen
	ChunksDone   int
	Hosts        int // inspected, those that failed and without data among them
	Failed       int
	NoData       int
	Leaks        int
	Opened       int // events
	RecoveredN   int `bun:"recovered_n"` // events that this run found recovered
	Error        string
	Traceback    string          // of a script that failed
	Result       json.RawMessage `json:",omitempty"` // what a script's function returned
	PeakBytes    int64           // of a script
	Log          []LogLine       `bun:"-"` // filled by Run alone, not by lists
}

// LogLine is a line of a run's log.
type LogLine struct {
	bun.BaseModel `bun:"table:run_log,alias:l" json:"-"`

	RunID string    `bun:",pk"`
	Seq   int64     `bun:",pk"`
	At    time.Time `bun:",nullzero"`
	Level string    // info, warning, error; PrintLevel of what a script has printed
	Text  string
}

// PrintLevel sets what a script has printed apart from what is said of its run.
const PrintLevel = "print"

// Chunk is a part of a run's hosts, which one replica inspects.
type Chunk struct {
	bun.BaseModel `bun:"table:chunks,alias:c" json:"-"`

	RunID    string `bun:",pk"`
	Index    int    `bun:",pk"`
	Hosts    []string
	Status   string // pending or done: the change to done counts once
	Attempts int
	EndedAt  time.Time `bun:",nullzero"`
	Error    string
}

// Host is a machine as the last run of the workspace saw it.
type Host struct {
	bun.BaseModel `bun:"table:hosts,alias:h" json:"-"`

	WorkspaceID string `bun:",pk"`
	Name        string `bun:",pk"`
	Labels      map[string]string
	Collectors  []string
	TotalBytes  float64
	Value       float64         `bun:"-"`           // percent in use; NaN is kept as null
	Verdict     json.RawMessage `json:",omitempty"` // event.Verdict
	Health      json.RawMessage `json:",omitempty"` // inspect.Health: what arrives, gaps, lag, what is missing
	InspectedAt time.Time       `bun:",nullzero"`
	LastSeenAt  time.Time       `bun:",nullzero"` // its newest sample
	Spark       []byte          // JSON array of 36 numbers: the window, a value each ten minutes
}

// Audit is one thing that somebody did.
type Audit struct {
	bun.BaseModel `bun:"table:audit,alias:a" json:"-"`

	ID          string    `bun:",pk"`
	WorkspaceID string    // empty where it is of the instance
	At          time.Time `bun:",nullzero"`
	Actor       string    // "user:NAME", "key:ID", "system"
	Address     string
	Action      string          // e.g. "inspection.update"
	Subject     string          // what it was done to
	Detail      json.RawMessage `json:",omitempty"`
	Status      int             // of the HTTP answer; 0 where none
}
