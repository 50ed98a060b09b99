package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Inspection is an inspection as a file writes it. What is left out has the default that the API
// has; hosts are one name or glob a line, or a list.
type Inspection struct {
	Name        string      `yaml:"name"`
	Help        string      `yaml:"help,omitempty"`
	Hosts       Lines       `yaml:"hosts,omitempty"`
	Source      string      `yaml:"source,omitempty"` // name of a source; empty is the workspace's own store
	Window      Duration    `yaml:"window,omitempty"`
	History     *Duration   `yaml:"history,omitempty"`
	Levels      *Thresholds `yaml:"levels,omitempty"`
	HealthyRuns int         `yaml:"healthy_runs,omitempty"`
	NoDataRuns  int         `yaml:"no_data_runs,omitempty"`
	Policy      string      `yaml:"policy,omitempty"`
	Schedule    string      `yaml:"schedule"`
	TimeZone    string      `yaml:"time_zone,omitempty"`
	Timeout     Duration    `yaml:"timeout,omitempty"`
	Enabled     *bool       `yaml:"enabled,omitempty"` // left out: true
	Expires     *time.Time  `yaml:"expires,omitempty"`
	Tags        []string    `yaml:"tags,omitempty"`

	Line int `yaml:"-"` // of the file, where it begins
}

// inspectionFile is the section of a file that holds inspections.
type inspectionFile struct {
	Inspections []Inspection `yaml:"inspections"`
}

// ParseInspections reads the section inspections of a YAML text that has no other. Errors name
// the line.
func ParseInspections(text []byte) ([]Inspection, error) {
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	var f inspectionFile
	if err := strict.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.New(explain(err))
	}
	if err := strict.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one document: put all inspections into one list")
	}
	if err := placeInspections(text, f.Inspections); err != nil {
		return nil, err
	}
	return f.Inspections, nil
}

// FormatInspections writes what ParseInspections reads.
func FormatInspections(list []Inspection) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(inspectionFile{list}), e.Close()); err != nil {
		return nil, fmt.Errorf("write inspections as YAML: %w", err)
	}
	return b.Bytes(), nil
}

// placeInspections notes on which line each begins, and checks what needs no other record.
func placeInspections(text []byte, list []Inspection) error {
	var nodes struct {
		Inspections []yaml.Node `yaml:"inspections"`
	}
	if err := yaml.Unmarshal(text, &nodes); err != nil {
		return errors.New(explain(err))
	}
	seen := map[string]int{}
	for i := range list {
		in := &list[i]
		if i < len(nodes.Inspections) {
			in.Line = nodes.Inspections[i].Line
		}
		if in.Name = strings.TrimSpace(in.Name); in.Name == "" {
			return fmt.Errorf("line %d: an inspection needs a name", in.Line)
		}
		if in.Schedule == "" {
			return fmt.Errorf("line %d: inspection %q needs a schedule, for example '0 * * * *'", in.Line, in.Name)
		}
		if before, twice := seen[in.Name]; twice {
			return fmt.Errorf("line %d: inspection %q stands on line %d already", in.Line, in.Name, before)
		}
		seen[in.Name] = in.Line
	}
	return nil
}

// Lines is a text of lines, or a list with one in each place.
type Lines string

// UnmarshalYAML takes both forms.
func (l *Lines) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.SequenceNode {
		var list []string
		if err := n.Decode(&list); err != nil {
			return err
		}
		*l = Lines(strings.Join(list, "\n"))
		return nil
	}
	return n.Decode((*string)(l))
}
