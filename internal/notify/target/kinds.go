package target

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Kinds are all that there are, in the order in which they are offered: one line a kind.
var Kinds = []Kind{
	dingtalk,
	feishu,
	wecom,
	email,
	webhook,
	slack,
	teams,
	telegram,
	pagerduty,
	alertmanager,
	sms,
}

// Kind is a sort of target: what it has to be told, and what it can do.
type Kind struct {
	Name   string // stable, for programs
	Title  Words
	Fields []Field
	Limits Limits

	Deduplicates bool // a message that comes twice is shown once
	Resolves     bool // it keeps what is open by its key, and closes it by the same
	Each         bool // it takes each event by itself, as Alerts, and does its own grouping
	Pictures     bool // it is sent the picture
	Charts       bool // it draws the curve itself
	PictureLinks bool // it shows the picture that a link leads to, where that is public

	// Recipients are those who get a message each, as Message.To; nil where one message is for all. What one of
	// them took is not sent to them again since another could not be reached.
	Recipients func(s Settings) []string

	make func(s Settings, n Network) (Target, error)
}

// Words is a text in both languages.
type Words struct{ EN, ZH string }

// In is the text in a language.
func (w Words) In(language string) string {
	if language == "zh" {
		return w.ZH
	}
	return w.EN
}

// Field is one setting of a kind.
type Field struct {
	Name     string
	Title    Words
	Help     Words
	Secret   bool     // sealed, and never shown again
	Required bool     // has to be given
	Long     bool     // of several lines
	Choices  []string // the only values; the first is the default
	Default  string
}

// Limits is how much a target takes.
type Limits struct {
	Bytes    int           // of a message; longer ones are cut
	Messages int           // so many …
	Per      time.Duration // … within so long; 0 where no limit is known
	Second   int           // messages within one second; 0 where no such limit is known
	Of       []string      // the settings that name what takes so much: targets that have them alike share it
}

// Settings are the values of a kind's fields.
type Settings map[string]string

// Find is the kind of a name.
func Find(name string) (Kind, error) {
	for _, k := range Kinds {
		if k.Name == name {
			return k, nil
		}
	}
	return Kind{}, fmt.Errorf("there is no target of kind %q", name)
}

// Limited names what the limits of messages are of: a robot, a chat, an account of a server. It holds credentials.
func (k Kind) Limited(s Settings) string {
	parts := []string{k.Name}
	for _, f := range k.Fields {
		if slices.Contains(k.Limits.Of, f.Name) {
			parts = append(parts, f.value(s))
		}
	}
	return strings.Join(parts, "\x00")
}

// value is what a field is in settings, without blanks around.
func (f Field) value(s Settings) string {
	v := strings.TrimSpace(s[f.Name])
	switch {
	case v == "" && f.Default != "":
		return f.Default
	case v == "" && len(f.Choices) > 0:
		return f.Choices[0]
	}
	return v
}

// Open makes a target of this kind, or says which setting is wrong. Whatever it answers, credentials
// are struck out of it.
func (k Kind) Open(s Settings, n Network) (Target, error) {
	given := maps.Clone(s)
	if given == nil {
		given = Settings{}
	}
	known := map[string]bool{}
	var secrets []string
	for _, f := range k.Fields {
		known[f.Name] = true
		v := f.value(given)
		if v == "" && f.Required {
			return nil, fmt.Errorf("%s: %q is missing", k.Name, f.Name)
		}
		if len(f.Choices) > 0 && !slices.Contains(f.Choices, v) {
			return nil, fmt.Errorf("%s: %q has to be one of %s", k.Name, f.Name, strings.Join(f.Choices, ", "))
		}
		given[f.Name] = v
		if f.Secret && v != "" {
			secrets = append(secrets, v)
		}
	}
	if user, password := given["user"], given["password"]; user != "" && password != "" { // as they are sent
		for _, pair := range []string{user + ":" + password, "\x00" + user + "\x00" + password} {
			secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(pair)))
		}
	}
	for name := range given {
		if !known[name] {
			return nil, fmt.Errorf("%s has no setting %q", k.Name, name)
		}
	}
	t, err := k.make(given, n)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.Name, strike(secrets).from(err))
	}
	return discreet{t, strike(secrets)}, nil
}
