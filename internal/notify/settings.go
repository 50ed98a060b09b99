package notify

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// SetSettings puts what a person has written into a target: secrets are sealed, one that is left
// empty stays as it was. It says which setting is wrong, and checks without sending anything.
func (n *Notify) SetSettings(t *state.Target, given map[string]string) error {
	kind, err := target.Find(t.Kind)
	if err != nil {
		return err
	}
	secrets, err := n.secrets(t)
	if err != nil && len(t.Sealed) > 0 {
		secrets = map[string]string{} // of another key: they have to be written again
	}
	visible := map[string]string{}
	known := maps.Clone(given)
	for _, f := range kind.Fields {
		switch v := given[f.Name]; {
		case !f.Secret:
			if v != "" {
				visible[f.Name] = v
			}
		case v != "":
			secrets[f.Name] = v
		}
		delete(known, f.Name)
	}
	for name := range known {
		return fmt.Errorf("%s has no setting %q", t.Kind, name)
	}
	if _, err := kind.Open(both(visible, secrets), n.o.Network); err != nil {
		return err
	}
	text, err := json.Marshal(secrets)
	if err != nil {
		return err
	}
	sealed, err := n.o.Sealer.Seal(text)
	if err != nil {
		return fmt.Errorf("seal the credentials of target %s: %w", t.Name, err)
	}
	t.Settings, t.Sealed = visible, sealed
	return nil
}

// SecretsSet says which secrets a target has; their values are shown to nobody.
func (n *Notify) SecretsSet(t *state.Target) (map[string]bool, error) {
	secrets, err := n.secrets(t)
	set := map[string]bool{}
	for name := range secrets {
		set[name] = true
	}
	return set, err
}

func (n *Notify) secrets(t *state.Target) (map[string]string, error) {
	secrets := map[string]string{}
	if len(t.Sealed) == 0 {
		return secrets, nil
	}
	text, err := n.o.Sealer.Open(t.Sealed)
	if err == nil {
		err = json.Unmarshal(text, &secrets)
	}
	if err != nil {
		return nil, fmt.Errorf("open the credentials of target %s: %w", t.Name, err)
	}
	return secrets, nil
}

// open makes a target ready to send.
func (n *Notify) open(t *state.Target) (target.Kind, target.Target, error) {
	kind, err := target.Find(t.Kind)
	if err != nil {
		return kind, nil, err
	}
	secrets, err := n.secrets(t)
	if err != nil {
		return kind, nil, err
	}
	to, err := kind.Open(both(t.Settings, secrets), n.o.Network)
	return kind, to, err
}

func both(a, b map[string]string) target.Settings {
	all := target.Settings{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}
