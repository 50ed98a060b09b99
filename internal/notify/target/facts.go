package target

import (
	"maps"
	"slices"
)

// Facts is the shape that templates work with: texts, numbers and lists of them, nothing with
// methods. Texts are in the target's language, times RFC 3339 in UTC, "" where there is none.
type Facts struct {
	Workspace  string `json:"workspace"`
	Inspection string `json:"inspection"`
	Policy     string `json:"policy"`
	Reason     string `json:"reason"`     // opened, level_rose, reminder, recovered, not_recovered, not_acknowledged, test
	ReasonName string `json:"reasonName"` // the same in words
	Status     string `json:"status"`     // open or recovered
	Level      string `json:"level"`      // critical, error, warning, info
	LevelName  string `json:"levelName"`

	Count   int      `json:"count"`   // events that the message is about
	Objects []string `json:"objects"` // what they are about, the first twenty

	// Of the event that the message is about, the most urgent where there are several.
	EventID      string            `json:"eventId"`
	Host         string            `json:"host"`
	Kind         string            `json:"kind"`
	Name         string            `json:"name"` // of the workload; "" of a host
	Namespace    string            `json:"namespace"`
	Culprit      string            `json:"culprit"`
	Cause        string            `json:"cause"`
	Used         string            `json:"used"`        // "71.2 %" or "1.2 GiB"
	Growth       string            `json:"growth"`      // an hour, "0.4 %"
	Onset        string            `json:"onset"`       // since when it grows
	OpenedAt     string            `json:"openedAt"`    // when it was found
	RecoveredAt  string            `json:"recoveredAt"` // when it was over
	ExhaustionAt string            `json:"exhaustionAt"`
	TimeLeft     string            `json:"timeLeft"` // "5 h 20 min"
	KilledAt     string            `json:"killedAt"` // when a leak that is killed and leaks again is killed next
	Confidence   float64           `json:"confidence"`
	Suspects     []SuspectFacts    `json:"suspects"` // the first three
	Labels       map[string]string `json:"labels"`   // dimensions and attributes

	Summary string `json:"summary"` // the sentences of the message, a line each
	ToDo    string `json:"toDo"`    // what to do, a line each
}

// Bounds of facts where they are sent as they are: whoever names hosts and labels must not make a message too large.
const (
	longestFact = 1000 // characters
	mostLabels  = 100
)

// bounded are the facts with their texts cut, and no more labels than a message has room for.
func (f Facts) bounded() Facts {
	for _, text := range []*string{&f.Inspection, &f.Policy, &f.Host, &f.Name, &f.Namespace, &f.Culprit} {
		*text = runes(*text, longestFact)
	}
	f.Objects = slices.Clone(f.Objects)
	for i := range f.Objects {
		f.Objects[i] = runes(f.Objects[i], longestFact)
	}
	f.Suspects = slices.Clone(f.Suspects)
	for i := range f.Suspects {
		f.Suspects[i].Name = runes(f.Suspects[i].Name, longestFact)
	}
	labels := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(f.Labels))[:min(len(f.Labels), mostLabels)] {
		labels[runes(name, longestFact)] = runes(f.Labels[name], longestFact)
	}
	f.Labels = labels
	return f
}

// fewest is how many objects and suspects there are at least in withBlanks.
const fewest = 3

// withBlanks are the facts with blanks for objects and suspects that there are not, so that a template which names the
// first of them finds one.
func (f Facts) withBlanks() Facts {
	f.Objects = append(slices.Clone(f.Objects), make([]string, max(fewest-len(f.Objects), 0))...)
	f.Suspects = append(slices.Clone(f.Suspects), make([]SuspectFacts, max(fewest-len(f.Suspects), 0))...)
	return f
}

// SuspectFacts is a workload with its share of the growth.
type SuspectFacts struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Share  string `json:"share"`  // "82 %"
	Growth string `json:"growth"` // "1.2 GiB"
	Used   string `json:"used"`
}

// View is what a template is given: the facts, and the message as it was rendered.
type View struct {
	Facts

	ID         string `json:"id"`  // of the notice
	Key        string `json:"key"` // of what it is about
	Language   string `json:"language"`
	Recovered  bool   `json:"recovered"`
	Short      string `json:"short"`
	Title      string `json:"title"`
	Text       string `json:"text"`
	Markdown   string `json:"markdown"`
	URL        string `json:"url"`
	SilenceURL string `json:"silenceUrl"`
	AckURL     string `json:"ackUrl"`
	PictureURL string `json:"pictureUrl"` // of a PNG, without sign-in

	Phone   string `json:"phone,omitempty"`   // of an SMS: the number
	Message string `json:"message,omitempty"` // of an SMS: the text, cut to what one takes
}

// View is the message as templates see it.
func (m *Message) View() View {
	return View{
		Facts: m.Facts, ID: m.ID, Key: m.Key, Language: m.Language, Recovered: m.Recovered,
		Short: m.Short, Title: m.Title, Text: m.Text, Markdown: m.Markdown,
		URL: m.URL, SilenceURL: m.SilenceURL, AckURL: m.AckURL, PictureURL: m.PictureURL,
	}
}
