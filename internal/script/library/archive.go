package library

import (
	"encoding/json"
	"time"
)

// Archive holds sets of scripts, triggers and variables for another workspace.
type Archive struct {
	Memseep   int               `json:"memseep" minimum:"1" maximum:"1" doc:"Of the form of the file: 1."`
	Sets      []ArchiveSet      `json:"sets,omitempty" maxItems:"1000"`
	Triggers  []ArchiveTrigger  `json:"triggers,omitempty" maxItems:"10000"`
	Variables []ArchiveVariable `json:"variables,omitempty" maxItems:"10000"`
}

// ArchiveSet is a set with its scripts.
type ArchiveSet struct {
	Name        string          `json:"name" minLength:"1" maxLength:"64"`
	Title       string          `json:"title,omitempty" maxLength:"200"`
	Description string          `json:"description,omitempty" maxLength:"20000"`
	Scripts     []ArchiveScript `json:"scripts,omitempty" maxItems:"1000"`
}

// ArchiveScript is a script: its published code, and its draft where that is another.
type ArchiveScript struct {
	Name  string  `json:"name" minLength:"1" maxLength:"64"`
	Title string  `json:"title,omitempty" maxLength:"200"`
	Code  string  `json:"code,omitempty" maxLength:"1048576" doc:"Published; absent where nothing is."`
	Draft *string `json:"draft,omitempty" maxLength:"1048576" doc:"Absent where it is the published code."`
}

// ArchiveTrigger is a trigger of a script that the file or the workspace has.
type ArchiveTrigger struct {
	Script         string          `json:"script" minLength:"1" maxLength:"130" doc:"SET__NAME."`
	Function       string          `json:"function" minLength:"1" maxLength:"200"`
	Args           json.RawMessage `json:"args,omitempty"`
	Schedule       string          `json:"schedule,omitempty" maxLength:"200"`
	TimeZone       string          `json:"time_zone,omitempty" maxLength:"100"`
	TimeoutSeconds int64           `json:"timeout_seconds,omitempty" minimum:"0" maximum:"3600"`
	Enabled        bool            `json:"enabled"`
	ExpiresAt      *time.Time      `json:"expires_at,omitempty"`
	Note           string          `json:"note,omitempty" maxLength:"2000"`
	Tags           []string        `json:"tags,omitempty" maxItems:"50"`
	Keep           int             `json:"keep,omitempty" minimum:"0" maximum:"10000"`
}

// ArchiveVariable is a variable of the workspace or of a set; a secret has no value.
type ArchiveVariable struct {
	Set   string          `json:"set,omitempty" maxLength:"64" doc:"Name of a set; absent is the workspace's."`
	Name  string          `json:"name" minLength:"1" maxLength:"64"`
	Kind  string          `json:"kind" enum:"string,secret,integer,float,boolean,json,list"`
	Value json.RawMessage `json:"value,omitempty"`
	Note  string          `json:"note,omitempty" maxLength:"2000"`
}
