package market

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/semver"
)

// Manifest is a package.yaml: what a package is, and how it is set to work.
type Manifest struct {
	Name          string        `yaml:"name" json:"name"`       // an identifier, also of its script set
	Version       string        `yaml:"version" json:"version"` // semantic: 1.2.3
	Title         string        `yaml:"title" json:"title"`
	TitleZH       string        `yaml:"title_zh" json:"title_zh,omitempty"`
	Description   string        `yaml:"description" json:"description,omitempty"` // Markdown
	DescriptionZH string        `yaml:"description_zh" json:"description_zh,omitempty"`
	Requires      []string      `yaml:"requires" json:"requires,omitempty"` // packages: NAME, or NAME@VERSION for that version or a later one
	Scripts       []Script      `yaml:"scripts" json:"scripts,omitempty"`
	Startup       *Startup      `yaml:"startup" json:"startup,omitempty"` // nil where it only gives scripts to others
	Placeholders  []Placeholder `yaml:"placeholders" json:"placeholders,omitempty"`
}

// Script is a script of the package's set. It is named as its file is.
type Script struct {
	File  string `yaml:"file" json:"file"`
	Title string `yaml:"title" json:"title,omitempty"`
}

func (s Script) name() string { return strings.TrimSuffix(path.Base(s.File), ".py") }

// Startup is the script that sets the package to work. It becomes the user's own.
type Startup struct {
	File     string `yaml:"file" json:"file"`
	Function string `yaml:"function" json:"function,omitempty"` // empty is the first
	Set      string `yaml:"set" json:"set"`                     // empty is "startup"
	Name     string `yaml:"name" json:"name"`                   // empty is the file's
}

// Placeholder is a value that a user gives; it becomes a variable.
type Placeholder struct {
	Name     string `yaml:"name" json:"name"`
	Title    string `yaml:"title" json:"title"`
	TitleZH  string `yaml:"title_zh" json:"title_zh,omitempty"`
	Secret   bool   `yaml:"secret" json:"secret"`
	Required bool   `yaml:"required" json:"required"`
}

// defaultSet is where startup scripts lie.
const defaultSet = "startup"

// maxManifest is what a package.yaml may be long, in bytes.
const maxManifest = 64 << 10

var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// isSetName tells whether a name can be that of a set: SET__SCRIPT is read at the first two underscores.
func isSetName(name string) bool {
	return identifier.MatchString(name) && !strings.Contains(name, "__") && !strings.HasSuffix(name, "_")
}

func parseManifest(text []byte) (Manifest, error) {
	var m Manifest
	if len(text) > maxManifest {
		return m, fmt.Errorf("%s is longer than %d kB", manifestFile, maxManifest>>10)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&m); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return m, fmt.Errorf("read %s: %w", manifestFile, err)
	}
	if s := m.Startup; s != nil {
		if s.Set == "" {
			s.Set = defaultSet
		}
		if s.Name == "" {
			s.Name = Script{File: s.File}.name()
		}
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return m, nil
}

func (m *Manifest) check() error {
	switch {
	case !isSetName(m.Name):
		return fmt.Errorf("name %q has to be an identifier without __ and without _ at its end: it names the script set", m.Name)
	case !validVersion(m.Version):
		return fmt.Errorf("version %q has to be semantic, as 1.2.3", m.Version)
	case strings.TrimSpace(m.Title) == "":
		return errors.New("it has no title")
	case len(m.Scripts) == 0 && m.Startup == nil:
		return errors.New("it has neither scripts nor a startup script")
	}
	for _, text := range []string{m.Title, m.TitleZH, m.Description, m.DescriptionZH} {
		if len(text) > 20_000 {
			return errors.New("a title or description is longer than 20,000 bytes")
		}
	}
	for _, r := range m.Requires {
		name, version, ok := strings.Cut(r, "@")
		if !isSetName(name) || ok && !validVersion(version) || name == m.Name {
			return fmt.Errorf("requires: %q has to be NAME or NAME@1.2.3 of another package", r)
		}
	}
	var names []string
	for _, s := range m.Scripts {
		if err := checkScript(s.File, s.name()); err != nil {
			return fmt.Errorf("scripts: %w", err)
		}
		names = append(names, s.name())
	}
	if err := unique("scripts", names); err != nil {
		return err
	}
	if s := m.Startup; s != nil {
		if err := checkScript(s.File, s.Name); err != nil {
			return fmt.Errorf("startup: %w", err)
		}
		if !isSetName(s.Set) || s.Set == m.Name {
			return fmt.Errorf("startup.set %q has to be an identifier other than the package's name: startup scripts are the user's own", s.Set)
		}
	}
	names = nil
	for _, p := range m.Placeholders {
		if !identifier.MatchString(p.Name) || p.Title == "" {
			return fmt.Errorf("placeholders: %q needs an identifier as name, and a title", p.Name)
		}
		names = append(names, p.Name)
	}
	return unique("placeholders", names)
}

func checkScript(file, name string) error {
	if checkPath(file) != nil || path.Ext(file) != ".py" || !identifier.MatchString(name) {
		return fmt.Errorf("%q has to be a .py file whose name is an identifier", file)
	}
	return nil
}

func unique(what string, names []string) error {
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return fmt.Errorf("%s: %s is there twice", what, names[i])
		}
	}
	return nil
}

// validVersion tells whether all three numbers are there: 1.2 is none.
func validVersion(v string) bool {
	canonical := semver.Canonical("v" + v)
	return canonical != "" && canonical+semver.Build("v"+v) == "v"+v && len(v) <= 100
}

// compare orders versions: -1, 0 or 1.
func compare(a, b string) int { return semver.Compare("v"+a, "v"+b) }
