package script

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// shortestSecret keeps a secret of a letter or two from masking every word.
const shortestSecret = 4

// mask replaces secrets by stars; one that turns up during a run is added to it.
type mask struct {
	mu       sync.Mutex
	secrets  []string
	replacer *strings.Replacer
}

func newMask(secrets []string) *mask {
	m := &mask{}
	m.add(secrets...)
	return m
}

func (m *mask) add(secrets ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range secrets {
		if len(s) >= shortestSecret && !slices.Contains(m.secrets, s) {
			m.secrets, m.replacer = append(m.secrets, s), nil
		}
	}
}

// Replace is a text without the secrets.
func (m *mask) Replace(text string) string {
	m.mu.Lock()
	if m.replacer == nil {
		m.replacer = replacer(m.secrets)
	}
	r := m.replacer
	m.mu.Unlock()
	return r.Replace(text)
}

// replacer replaces the longest first; also as JSON writes them.
func replacer(secrets []string) *strings.Replacer {
	secrets = slices.Clone(secrets)
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, "***")
		if text, err := json.Marshal(s); err == nil && string(text) != `"`+s+`"` {
			pairs = append(pairs, string(text[1:len(text)-1]), "***")
		}
	}
	return strings.NewReplacer(pairs...)
}
