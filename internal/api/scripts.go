package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"time"
)

// ScriptFunction is what a script has at its top.
type ScriptFunction struct {
	Name         string   `json:"name"`
	Line         int      `json:"line" doc:"Where it begins, from 1."`
	Parameters   []string `json:"parameters" doc:"As written, without annotations and default values."`
	Doc          string   `json:"doc,omitempty" doc:"Its docstring."`
	Title        string   `json:"title,omitempty" doc:"Of @DFF.API."`
	Category     string   `json:"category,omitempty"`
	Tags         []string `json:"tags,omitempty"`
	Timeout      int      `json:"timeout,omitempty" doc:"Seconds; absent where the script says none."`
	FixedCrontab string   `json:"fixed_crontab,omitempty" doc:"Its triggers have this schedule and no other."`
	IsHidden     bool     `json:"is_hidden,omitempty"`
	Registered   bool     `json:"registered" doc:"It is decorated with @self_hosted_monitor: when it runs it becomes an inspection."`
}

// ScriptSummary is a script without its code.
type ScriptSummary struct {
	ID          string           `json:"id"`
	SetID       string           `json:"set_id"`
	Set         string           `json:"set" doc:"Its name."`
	Name        string           `json:"name" doc:"An identifier, unique in the set."`
	Title       string           `json:"title"`
	Number      int              `json:"number" doc:"Of the published version, from 1; 0 where nothing was published."`
	Changed     bool             `json:"changed" doc:"The draft is not what is published."`
	Functions   []ScriptFunction `json:"functions" doc:"Of the published code."`
	DraftAt     time.Time        `json:"draft_at"`
	DraftBy     string           `json:"draft_by"`
	PublishedAt time.Time        `json:"published_at,omitzero"`
	PublishedBy string           `json:"published_by,omitempty"`
	CreatedBy   string           `json:"created_by"`
	CreatedAt   time.Time        `json:"created_at"`
}

// Script is a script with its code.
type Script struct {
	ScriptSummary
	Draft string `json:"draft" doc:"What people write."`
	Code  string `json:"code" doc:"What is published and runs; empty where nothing was published."`
}

// ScriptInput is a script as it is made.
type ScriptInput struct {
	SetID string `json:"set_id" minLength:"1" maxLength:"200"`
	Name  string `json:"name" minLength:"1" maxLength:"64" example:"high" doc:"An identifier: other scripts import it as SET__SCRIPT. It stays."`
	ScriptChange
}

// ScriptChange is what of a script people write.
type ScriptChange struct {
	Title string `json:"title,omitempty" maxLength:"200"`
	Draft string `json:"draft" maxLength:"1048576"`
}

// ScriptVersion is code as it was published once.
type ScriptVersion struct {
	Number int       `json:"number"`
	Note   string    `json:"note"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Code   string    `json:"code,omitempty" doc:"Absent in lists."`
}

// ScriptProblem says what of a script cannot be run, where, and what to write instead.
type ScriptProblem struct {
	Line    int    `json:"line" doc:"From 1."`
	Column  int    `json:"column" doc:"In characters, from 1."`
	Message string `json:"message"`
	Instead string `json:"instead,omitempty" doc:"What to write; absent where the message says it."`
}

// ScriptCheck says whether a script would be loaded.
type ScriptCheck struct {
	OK        bool             `json:"ok"`
	Functions []ScriptFunction `json:"functions"`
	Problem   *ScriptProblem   `json:"problem,omitempty"`
}

// ScriptLine is a line of the answer to a run of a draft.
type ScriptLine struct {
	Print   *ScriptPrint  `json:"print,omitempty"`
	Result  *ScriptResult `json:"result,omitempty" doc:"The last line."`
	Problem string        `json:"problem,omitempty" doc:"Why it could not be run at all; the last line then."`
}

// ScriptPrint is what a script printed.
type ScriptPrint struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// ScriptResult is what a run of a draft came to.
type ScriptResult struct {
	Value      json.RawMessage      `json:"value,omitempty" doc:"What the function returned."`
	ElapsedMS  int64                `json:"elapsed_ms"`
	CPUMS      int64                `json:"cpu_ms"`
	PeakBytes  int64                `json:"peak_bytes"`
	Registered []ScriptRegistration `json:"registered" doc:"Functions that are inspections when a trigger runs them."`
	Events     []ScriptEvent        `json:"events" doc:"What its checks reported; nothing of it is kept. The first hundred."`
	EventCount int                  `json:"event_count"`
	Findings   ScriptFindings       `json:"findings" doc:"What its memory-leak inspections found; nothing of it is kept."`
	Failure    *ScriptFailure       `json:"failure,omitempty" doc:"Absent where it ran to its end."`
}

// ScriptRegistration is a function that is an inspection.
type ScriptRegistration struct {
	Function string `json:"function"`
	Title    string `json:"title"`
	Doc      string `json:"doc,omitempty"`
}

// ScriptEvent is what a check reported.
type ScriptEvent struct {
	Title      string            `json:"title"`
	Message    string            `json:"message,omitempty" doc:"Markdown."`
	Level      string            `json:"level" enum:"critical,error,warning,info,ok"`
	Dimensions map[string]string `json:"dimensions,omitempty"`
}

// ScriptFindings counts what inspections found.
type ScriptFindings struct {
	Hosts     int      `json:"hosts" doc:"Inspected, those that failed and those without data among them."`
	Failed    int      `json:"failed"`
	NoData    int      `json:"no_data"`
	Leaks     int      `json:"leaks" doc:"Objects that leak."`
	LeakHosts int      `json:"leak_hosts"`
	Leaking   []string `json:"leaking" doc:"Which leak: a host, or HOST/WORKLOAD. The first hundred."`
}

// ScriptFailure is why a script did not come to its end.
type ScriptFailure struct {
	Message   string `json:"message"`
	Traceback string `json:"traceback,omitempty"`
	Line      int    `json:"line,omitempty" doc:"Where; absent where that is not known."`
	Column    int    `json:"column,omitempty"`
	Limit     string `json:"limit,omitempty" doc:"wall, cpu, memory, steps, depth or output, where one ended it."`
}

// ScriptName is a name that scripts are given, for completion.
type ScriptName struct {
	Module    string `json:"module" doc:"Where it is imported from; empty for what is there without an import."`
	Name      string `json:"name" example:"samples" doc:"May have dots, as DFF.STORE.get has."`
	Signature string `json:"signature" example:"samples(host, hours=6)"`
	Doc       string `json:"doc" doc:"In the language that Accept-Language asks for."`
}

type listScriptsInput struct {
	SetID string `query:"set_id" maxLength:"200" doc:"Those of one set alone."`
}

type addScriptInput struct{ Body ScriptInput }

type scriptChange struct {
	ByID
	Guard
	Body ScriptChange
}

type publishInput struct {
	ByID
	Guard
	Body struct {
		Note string `json:"note,omitempty" maxLength:"2000" doc:"What changed and why."`
	}
}

type revertInput struct {
	ByID
	Guard
	Body struct {
		Number int `json:"number,omitempty" minimum:"0" doc:"Of a version; absent is the published one."`
	}
}

type versionInput struct {
	ByID
	Number int `path:"number" minimum:"1"`
}

type checkScriptInput struct {
	Body struct {
		Code string `json:"code" maxLength:"1048576"`
		Set  string `json:"set,omitempty" maxLength:"64" doc:"Name of the set that it is of."`
		Name string `json:"name,omitempty" maxLength:"64" doc:"Of the script."`
	}
}

type runScriptInput struct {
	ByID
	Body struct {
		Code     *string         `json:"code,omitempty" maxLength:"1048576" doc:"Absent: the draft as it is kept."`
		Function string          `json:"function" minLength:"1" maxLength:"200"`
		Args     json.RawMessage `json:"args,omitempty" doc:"An object of named arguments, or a list."`
	}
}

const scriptBody = 4 << 20 // JSON writes a script longer than it is

func (a *API) scriptRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/scripts", id: "list-scripts", access: reads, tag: "Scripts",
		summary: "All scripts, without their code",
	}, a.listScripts)
	handle(a, route{
		method: http.MethodPost, path: "/scripts", id: "add-script", access: edits, tag: "Scripts", bodyLimit: scriptBody,
		summary: "Add a script; nothing of it runs before it is published", status: http.StatusCreated, audit: "script.add", errors: []int{http.StatusConflict},
	}, a.addScript)
	handle(a, route{
		method: http.MethodGet, path: "/scripts/modules", id: "list-script-names", access: reads, tag: "Scripts",
		summary: "What scripts are given, with signatures, for completion",
	}, a.listScriptNames)
	handle(a, route{
		method: http.MethodPost, path: "/scripts/check", id: "check-script", access: edits, tag: "Scripts", bodyLimit: scriptBody,
		summary:     "Say whether a script would be loaded, and its functions",
		description: "Always 200: a wrong one has its line, its column and what to write instead.",
	}, a.checkScript)
	handle(a, route{
		method: http.MethodGet, path: "/scripts/{id}", id: "get-script", access: reads, tag: "Scripts",
		summary: "One script with its draft and its published code", errors: []int{http.StatusNotFound},
	}, a.getScript)
	handle(a, route{
		method: http.MethodPut, path: "/scripts/{id}", id: "update-script", access: edits, tag: "Scripts", bodyLimit: scriptBody,
		summary: "Write draft and title of a script", audit: "script.update", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.updateScript)
	handle(a, route{
		method: http.MethodDelete, path: "/scripts/{id}", id: "delete-script", access: edits, tag: "Scripts",
		summary: "Delete a script with its versions and triggers", status: http.StatusNoContent, audit: "script.delete", errors: []int{http.StatusNotFound},
		description: "Inspections that it has registered stay, and run no more.",
	}, a.deleteScript)
	handle(a, route{
		method: http.MethodPost, path: "/scripts/{id}/publish", id: "publish-script", access: edits, tag: "Scripts",
		summary: "Make the draft what runs, as the next version", audit: "script.publish",
		errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
		description: "It is checked first: a wrong one is answered with 422, and errors[0] has its place as body.draft:LINE:COLUMN and the problem as its value. Triggers get the crontab and the timeout that it fixes.",
	}, a.publishScript)
	handle(a, route{
		method: http.MethodPost, path: "/scripts/{id}/revert", id: "revert-script", access: edits, tag: "Scripts",
		summary: "Make the draft what is published, or what a version was", audit: "script.revert", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.revertScript)
	handle(a, route{
		method: http.MethodGet, path: "/scripts/{id}/versions", id: "list-script-versions", access: reads, tag: "Scripts",
		summary: "What a script has published, newest first, at most 500", errors: []int{http.StatusNotFound},
	}, a.listScriptVersions)
	handle(a, route{
		method: http.MethodGet, path: "/scripts/{id}/versions/{number}", id: "get-script-version", access: reads, tag: "Scripts",
		summary: "One version with its code", errors: []int{http.StatusNotFound},
	}, a.getScriptVersion)
	handle(a, route{
		method: http.MethodPost, path: "/scripts/{id}/run", id: "run-script", access: edits, tag: "Scripts", bodyLimit: scriptBody,
		summary: "Run a function of the draft, at most a minute", audit: "script.run", errors: []int{http.StatusNotFound, http.StatusTooManyRequests},
		description: "JSON lines as they come: prints, then one result. It inspects and checks as a trigger would, and keeps nothing but what it puts into DFF.STORE and DFF.CACHE.",
		streams:     map[string]reflect.Type{"application/x-ndjson": reflect.TypeFor[ScriptLine]()},
	}, a.runScript)
}
