package event

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

var update = flag.Bool("update", false, "write again what happens in the stories")

// TestStories plays testdata/stories/*.txt: a line without indent is what a run finds, what a script
// reports, or what a person does; the indented lines under it are what happens to events. Run n ends n hours after
// midnight. Read one: they are what this package does.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("stories: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := newPlay(t).all(string(text))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(text) {
				t.Errorf("it went otherwise:\n%s", got)
			}
		})
	}
}

var midnight = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// play keeps what a database would.
type play struct {
	t       *testing.T
	events  []Event // by number less one
	entries map[string]int
	last    []inspect.Finding
	now     time.Time
}

func newPlay(t *testing.T) *play { return &play{t: t, entries: map[string]int{}, now: midnight} }

func (p *play) all(story string) string {
	var out strings.Builder
	for line := range strings.Lines(story) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, " ") {
			continue
		}
		out.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		told := p.step(line)
		if len(told) == 0 {
			told = []string{"nothing"}
		}
		for _, s := range told {
			out.WriteString("    " + s + "\n")
		}
	}
	return out.String()
}

func (p *play) step(line string) []string {
	command, rest, _ := strings.Cut(line, ":")
	rest = strings.TrimSpace(rest)
	words := strings.Fields(command)
	if words[0] == "run" || words[0] == "again" {
		if words[0] == "run" {
			n, err := strconv.Atoi(words[1])
			if err != nil {
				p.t.Fatalf("%q: %v", line, err)
			}
			p.now = midnight.Add(time.Duration(n) * time.Hour)
			p.last = parseFindings(p.t, rest, p.now)
		}
		return p.run(p.last)
	}
	if words[0] == "report" {
		n, err := strconv.Atoi(words[1])
		if err != nil {
			p.t.Fatalf("%q: %v", line, err)
		}
		p.now = midnight.Add(time.Duration(n) * time.Hour)
		return p.report(parseReports(p.t, rest))
	}
	n, err := strconv.Atoi(words[1])
	if err != nil || n > len(p.events) {
		p.t.Fatalf("%q: no such event", line)
	}
	e := p.events[n-1]
	switch words[0] {
	case "acknowledge":
		return p.keep([]Transition{Acknowledge(e, words[3], rest, p.now)})
	case "deny":
		return p.keep([]Transition{Deny(e, words[3], rest, p.now)})
	case "recover":
		return p.keep([]Transition{RecoverByHand(e, words[3], rest, p.now)})
	}
	p.t.Fatalf("%q: unknown command", line)
	return nil
}

// split are the events that are open, and the options of a run with the others.
func (p *play) split() (open []Event, o Options) {
	n := len(p.events)
	o = Options{WorkspaceID: "w", InspectionID: "i", Inspection: "memory", NewID: func() string { n++; return fmt.Sprintf("#%d", n) }}
	for _, e := range p.events {
		if e.Status == Open {
			open = append(open, e)
		} else {
			o.Earlier = append(o.Earlier, e)
		}
	}
	return open, o
}

func (p *play) report(reports []Report) []string {
	open, o := p.split()
	return p.keep(AdvanceReports(open, reports, p.now, p.now, o))
}

func (p *play) run(findings []inspect.Finding) []string {
	open, o := p.split()
	var opened []Event
	told := p.keep(Advance(open, findings, p.now, o))
	for _, e := range p.events {
		if e.OpenedAt.Equal(p.now) && e.Status == Open {
			opened = append(opened, e)
		}
	}
	return append(told, p.keep(Incidents(opened, p.events, p.now))...)
}

// keep stores transitions and says each entry in a line.
func (p *play) keep(ts []Transition) []string {
	var told []string
	for _, t := range ts {
		e := t.Event
		i := slices.IndexFunc(p.events, func(o Event) bool { return o.ID == e.ID })
		switch {
		case t.New != (i < 0):
			p.t.Errorf("%s: new %v, kept at %d", e.ID, t.New, i)
		case i < 0:
			p.events = append(p.events, e)
		default:
			p.events[i] = e
		}
		for _, entry := range t.Entries {
			p.entries[e.ID]++
			if entry.Seq != p.entries[e.ID] || entry.EventID != e.ID {
				p.t.Errorf("%s: entry %d of %s follows %d", e.ID, entry.Seq, entry.EventID, p.entries[e.ID]-1)
			}
			told = append(told, sentence(e, entry))
		}
	}
	return told
}

func sentence(e Event, entry Entry) string {
	s := fmt.Sprintf("%s %s %s", e.ID, e.Object, entry.Change)
	switch entry.Change {
	case Opened:
		s += fmt.Sprintf(": %s, %s", entry.Level, Title(e, "en"))
		if earlier := e.Attributes[AttrEarlier]; earlier != "" {
			s += ", after " + earlier
		}
	case LevelRose, LevelFell:
		s += fmt.Sprintf(": %s, was %s", entry.Level, entry.Note)
	case CulpritChanged:
		s += fmt.Sprintf(": %s, was %s", e.Attributes[AttrCulprit], entry.Note)
	case Closed:
		s += fmt.Sprintf(": %s after %s", entry.Recovery, entry.Duration)
	case MergedInto, JoinedIncident:
		s += " " + entry.Note
	default:
		s += ": " + entry.Note
	}
	if entry.By != "" {
		s += " (" + entry.By + ")"
	}
	return s
}

// parseReports reads "host=web-1 disk=/var error Disk is full; ok Probe": dimensions, level, title.
func parseReports(t *testing.T, text string) []Report {
	var out []Report
	for part := range strings.SplitSeq(text, ";") {
		r := Report{Dimensions: map[string]string{}}
		words := strings.Fields(part)
		for len(words) > 0 && strings.Contains(words[0], "=") {
			key, value, _ := strings.Cut(words[0], "=")
			r.Dimensions[key] = value
			words = words[1:]
		}
		if len(words) < 2 {
			t.Fatalf("%q: a level and a title", part)
		}
		r.Level, r.Title = leak.Level(words[0]), strings.Join(words[1:], " ")
		out = append(out, r)
	}
	return out
}

// parseFindings reads "web-1 leaks error left=30h by java=0.8, db=0.1; web-1/process:java healthy".
func parseFindings(t *testing.T, text string, at time.Time) []inspect.Finding {
	var out []inspect.Finding
	for part := range strings.SplitSeq(text, ";") {
		words := strings.Fields(part)
		if len(words) < 2 {
			t.Fatalf("%q: an object and what is found of it", part)
		}
		f := inspect.Finding{At: at, Object: parseObject(words[0]), Unexplained: math.NaN()}
		v := &f.Verdict
		*v = leak.Verdict{Level: leak.OK, Value: 50, Confidence: 0.9}
		if f.Object.Kind != leak.KindHost {
			f.Unit = leak.Bytes
		}
		switch words[1] {
		case "leaks":
			*v = leak.Verdict{Leak: true, Cause: leak.Steady, Level: leak.Warning, Value: 70, SlopePerHour: 0.5, Confidence: 0.9, Onset: at.Add(-5 * time.Hour).Unix()}
			if f.Unit == leak.Bytes {
				v.Value, v.SlopePerHour = 3<<30, 256<<20
			}
		case "healthy":
			v.Cause = leak.SteadyLevel
		case "no_data", "too_short":
			v.Cause, v.Value = leak.Cause(words[1]), math.NaN()
		case "failed":
			v.Cause, f.Err = leak.NoData, os.ErrDeadlineExceeded
		default:
			t.Fatalf("%q: what is %q?", part, words[1])
		}
		parseDetails(t, &f, words[2:])
		out = append(out, f)
	}
	return out
}

func parseObject(s string) leak.Object {
	host, rest, isWorkload := strings.Cut(s, "/")
	if !isWorkload {
		return leak.Object{Kind: leak.KindHost, Host: host}
	}
	kind, name, _ := strings.Cut(rest, ":")
	o := leak.Object{Kind: leak.Kind(kind), Host: host, Name: name}
	if o.Kind == leak.KindPod || o.Kind == leak.KindContainer && strings.Contains(name, "/") {
		o.Namespace, o.Name, _ = strings.Cut(name, "/")
	}
	return o
}

func parseDetails(t *testing.T, f *inspect.Finding, words []string) {
	by := false
	for _, word := range words {
		key, value, _ := strings.Cut(strings.TrimSuffix(word, ","), "=")
		switch {
		case word == "by":
			by = true
		case by:
			share, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatalf("%q: %v", word, err)
			}
			o := parseObject("h/" + key)
			f.Suspects = append(f.Suspects, suspect.Suspect{Kind: o.Kind, Name: o.Name, Namespace: o.Namespace, Share: share, GrowthBytes: share * 1e9, Bytes: 2e9, Count: 1})
		case key == "left", key == "onset":
			d, err := time.ParseDuration(value)
			if err != nil {
				t.Fatalf("%q: %v", word, err)
			}
			if key == "left" {
				f.Verdict.Exhaustion.At = f.At.Add(d).Unix()
			} else {
				f.Verdict.Onset = f.At.Add(-d).Unix()
			}
		case key == "owner":
			f.Owner = value
		case key == "wait":
			f.Wait = inspect.Wait(value)
		default:
			f.Verdict.Level = leak.Level(key)
		}
	}
}
