package api

import (
	"net/http"
	"time"
)

// TargetKind is a sort of target, with what a form asks for.
type TargetKind struct {
	Name         string        `json:"name" example:"dingtalk"`
	Title        string        `json:"title" doc:"In the language of Accept-Language, as are the texts of fields."`
	Fields       []TargetField `json:"fields"`
	Bytes        int           `json:"bytes,omitempty" doc:"Of a message at most; a longer one is cut, with a link to the rest."`
	Messages     int           `json:"messages,omitempty" doc:"So many within per_seconds at most; more wait."`
	PerSeconds   int64         `json:"per_seconds,omitempty"`
	Pictures     bool          `json:"pictures" doc:"It shows the curve; chats where external_url is an https address that they can reach."`
	Resolves     bool          `json:"resolves" doc:"It keeps what is open, and closes it on recovery."`
	Deduplicates bool          `json:"deduplicates" doc:"A message that comes twice is shown once."`
}

// TargetField is one setting of a kind.
type TargetField struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Help     string   `json:"help,omitempty"`
	Secret   bool     `json:"secret" doc:"Sealed, and never shown again."`
	Required bool     `json:"required"`
	Long     bool     `json:"long" doc:"Of several lines."`
	Choices  []string `json:"choices" doc:"The only values; the first is the default. Empty is any."`
	Default  string   `json:"default,omitempty"`
}

// TargetInput is a target as it is written.
type TargetInput struct {
	Name          string            `json:"name" minLength:"1" maxLength:"200" example:"on call"`
	Kind          string            `json:"kind" minLength:"1" maxLength:"50" example:"dingtalk" doc:"Name of a kind of GET /targets/kinds."`
	Language      string            `json:"language,omitempty" enum:"en,zh," doc:"Of its messages; absent is en."`
	Settings      map[string]string `json:"settings" doc:"By the names of the kind's fields. A secret that is absent or empty stays as it is kept."`
	ForgetSecrets bool              `json:"forget_secrets,omitempty" doc:"Secrets that are kept are dropped first, so that only those that are given stay."`
	Templates     TargetTemplates   `json:"templates,omitzero"`
	Enabled       bool              `json:"enabled" doc:"Messages to a target that is not are dropped."`
}

// TargetTemplates replace the texts of messages, as Go templates over the message; an absent one
// leaves the text as it is.
type TargetTemplates struct {
	Short string `json:"short,omitempty" maxLength:"16384" doc:"The first line, for a phone."`
	Title string `json:"title,omitempty" maxLength:"16384"`
	Body  string `json:"body,omitempty" maxLength:"16384" doc:"Markdown."`
}

// Target is a target as it is kept, without its secrets.
type Target struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Kind         string            `json:"kind"`
	Language     string            `json:"language" enum:"en,zh"`
	Settings     map[string]string `json:"settings" doc:"Those that are not secret."`
	SecretsSet   []string          `json:"secrets_set" doc:"Names of the secrets that are kept; their values are never answered."`
	Problem      string            `json:"problem,omitempty" doc:"Why its secrets cannot be opened, and what to do."`
	Templates    TargetTemplates   `json:"templates"`
	Enabled      bool              `json:"enabled"`
	State        string            `json:"state" enum:"ok,failing,disabled,disabled_by_failing" doc:"disabled_by_failing: it took nothing for two days; enabling it tries again."`
	FailingSince time.Time         `json:"failing_since,omitzero" doc:"Of the first failure since the last success."`
	DisabledAt   time.Time         `json:"disabled_at,omitzero" doc:"By failing for two days."`
	DisabledWhy  string            `json:"disabled_why,omitempty"`
	LastSentAt   time.Time         `json:"last_sent_at,omitzero"`
	LastError    string            `json:"last_error,omitempty"`
	Policies     []Named           `json:"policies" doc:"That tell it."`
	CreatedBy    string            `json:"created_by"`
	CreatedAt    time.Time         `json:"created_at"`
	UpdatedAt    time.Time         `json:"updated_at"`
}

type addTargetInput struct{ Body TargetInput }

type targetChange struct {
	ByID
	Guard
	Body TargetInput
}

type tryTargetInput struct {
	Body struct {
		TargetInput
		ID string `json:"id,omitempty" maxLength:"200" doc:"Of a target that is kept: its secrets are used where none are given."`
	}
}

// TargetAnswer is what the other side really answered to a test message.
type TargetAnswer struct {
	OK      bool   `json:"ok"`
	Status  int    `json:"status,omitempty" doc:"Of HTTP or SMTP."`
	Body    string `json:"body,omitempty" doc:"At most 2 kB, with credentials struck out."`
	Problem string `json:"problem,omitempty" doc:"What went wrong and what to do."`
	Retry   bool   `json:"retry" doc:"The same may be taken later."`
	TookMS  int64  `json:"took_ms"`
}

func (a *API) targetRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/targets/kinds", id: "list-target-kinds", access: reads, tag: "Alerts",
		summary: "Kinds of targets with their settings",
	}, a.listTargetKinds)
	handle(a, route{
		method: http.MethodGet, path: "/targets", id: "list-targets", access: reads, tag: "Alerts",
		summary: "Where messages go, and how each fares",
	}, a.listTargets)
	handle(a, route{
		method: http.MethodPost, path: "/targets", id: "add-target", access: owns, tag: "Alerts",
		summary: "Add a target", status: http.StatusCreated, audit: "target.add", errors: []int{http.StatusConflict},
		description: "Owners alone change targets: they hold credentials, and say where what is known of hosts is sent.",
	}, a.addTarget)
	handle(a, route{
		method: http.MethodPost, path: "/targets/test", id: "test-target", access: owns, tag: "Alerts",
		summary: "Send a test message to a target before it is kept", audit: "target.test",
		description: "Always 200 where a message could be tried: what the other side said is in the answer.",
	}, a.testTarget)
	handle(a, route{
		method: http.MethodPost, path: "/targets/preview", id: "preview-message", access: edits, tag: "Alerts",
		summary: "What would be told of an event, with these templates", errors: []int{http.StatusNotFound},
	}, a.previewMessage)
	handle(a, route{
		method: http.MethodGet, path: "/targets/{id}", id: "get-target", access: reads, tag: "Alerts",
		summary: "One target", errors: []int{http.StatusNotFound},
	}, a.getTarget)
	handle(a, route{
		method: http.MethodPut, path: "/targets/{id}", id: "update-target", access: owns, tag: "Alerts",
		summary: "Change a target", audit: "target.update", errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, a.updateTarget)
	handle(a, route{
		method: http.MethodPost, path: "/targets/{id}/enable", id: "enable-target", access: owns, tag: "Alerts",
		summary: "Enable a target, also one that was disabled since it failed", audit: "target.enable", errors: []int{http.StatusNotFound},
	}, a.enableTarget)
	handle(a, route{
		method: http.MethodPost, path: "/targets/{id}/disable", id: "disable-target", access: owns, tag: "Alerts",
		summary: "Send nothing to a target", audit: "target.disable", errors: []int{http.StatusNotFound},
	}, a.disableTarget)
	handle(a, route{
		method: http.MethodPost, path: "/targets/{id}/test", id: "test-kept-target", access: owns, tag: "Alerts",
		summary: "Send a test message to a target", audit: "target.test", errors: []int{http.StatusNotFound},
		description: "Always 200 where a message could be tried: what the other side said is in the answer.",
	}, a.testKeptTarget)
	handle(a, route{
		method: http.MethodDelete, path: "/targets/{id}", id: "delete-target", access: owns, tag: "Alerts",
		summary: "Delete a target that no policy tells", status: http.StatusNoContent, audit: "target.delete",
		errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deleteTarget)
}
