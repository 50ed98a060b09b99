package library

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/memseep/memseep/internal/state"
)

// Kinds of variables.
var Kinds = []string{"string", Secret, "integer", "float", "boolean", "json", "list"}

// Secret is the kind that is sealed, never answered, and masked in what scripts print.
const Secret = "secret"

// Variables that fill `account`, by its keys.
var accountVariables = map[string]string{
	"account_api_key_id": "api_key_id", "account_api_key": "api_key", "account_guance_node": "guance_node",
}

// shortestSecret is what can be masked without masking every word.
const shortestSecret = 4

// SetVariable makes a variable what is given, or adds it; nil leaves it without a value. setID is
// empty for one of the workspace. An error of what was given is a *Refusal.
func (l *Library) SetVariable(ctx context.Context, tx *state.Tx, workspaceID, setID, name, kind string, value any, by string) error {
	rows, err := tx.VariablesOf(ctx, workspaceID, setID)
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if value != nil {
		if raw, err = json.Marshal(value); err != nil {
			return refuse("value", "the value of %s is none that JSON has: %v", name, err)
		}
	}
	at := slices.IndexFunc(rows, func(v state.Variable) bool { return v.SetID == setID && v.Name == name })
	if at < 0 {
		v := state.Variable{WorkspaceID: workspaceID, SetID: setID, Name: name, Kind: kind, CreatedBy: by, CreatedAt: l.o.Clock().UTC()}
		if err := l.FillVariable(&v, raw); err != nil {
			return err
		}
		return tx.AddVariable(ctx, &v)
	}
	v := rows[at]
	v.Kind, v.UpdatedAt = kind, l.o.Clock().UTC()
	if err := l.FillVariable(&v, raw); err != nil {
		return err
	}
	return tx.UpdateVariable(ctx, &v)
}

// FillVariable puts a value into a variable, sealed where its kind is secret, and checks both; null
// takes the value out.
func (l *Library) FillVariable(v *state.Variable, value json.RawMessage) error {
	if len(v.Name) > longestName || !identifier.MatchString(v.Name) {
		return refuse("name", "the name of a variable is letters without accents, digits and _, at most %d, and begins with no digit", longestName)
	}
	if v.Name == "account_api_key" && v.Kind != Secret {
		return refuse("kind", "account_api_key is a secret: give it this kind")
	}
	if len(value) == 0 || string(value) == "null" {
		v.Value, v.Sealed = nil, nil
		return nil
	}
	if err := checkValue(v.Kind, value); err != nil {
		return err
	}
	v.Value, v.Sealed = value, nil
	if v.Kind != Secret {
		return nil
	}
	sealed, err := l.o.Sealer.Seal(value)
	if err != nil {
		return fmt.Errorf("seal variable %s: %w", v.Name, err)
	}
	v.Value, v.Sealed = nil, sealed
	return nil
}

func checkValue(kind string, value json.RawMessage) error {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return refuse("value", "the value is no JSON: %v", err)
	}
	fits := false
	switch kind {
	case "string":
		_, fits = v.(string)
	case Secret:
		text, isText := v.(string)
		if isText && len(text) < shortestSecret {
			return refuse("value", "a secret has at least %d characters: a shorter one cannot be masked in what scripts print", shortestSecret)
		}
		fits = isText
	case "integer":
		var n json.Number
		if n, fits = v.(json.Number); fits {
			_, err := n.Int64()
			fits = err == nil
		}
	case "float":
		var n json.Number
		if n, fits = v.(json.Number); fits {
			f, err := n.Float64()
			fits = err == nil && !math.IsInf(f, 0)
		}
	case "boolean":
		_, fits = v.(bool)
	case "list":
		_, fits = v.([]any)
	case "json":
		fits = true
	default:
		return refuse("kind", "a variable is of kind %s, not %s", strings.Join(Kinds, ", "), kind)
	}
	if !fits {
		return refuse("value", "the value is no %s: %s", kind, map[string]string{
			"string": `write a text`, Secret: `write a text`, "integer": "write a whole number", "float": "write a number",
			"boolean": "write true or false", "list": "write a JSON list",
		}[kind])
	}
	return nil
}

// given is what the scripts of a set are given of its variables and the workspace's.
type given struct {
	account   map[string]string
	variables map[string]any
	secrets   []string // to be masked
}

func (l *Library) given(ctx context.Context, q *state.Queries, workspaceID, setID string) (given, error) {
	g := given{account: map[string]string{}, variables: map[string]any{}}
	rows, err := q.VariablesOf(ctx, workspaceID, setID)
	if err != nil {
		return g, err
	}
	for _, v := range rows {
		text, err := l.valueOf(v)
		if err != nil {
			return g, err
		}
		var value any
		if len(text) > 0 {
			if err := json.Unmarshal(text, &value); err != nil {
				return g, fmt.Errorf("read variable %s: %w", v.Name, err)
			}
		}
		said, isText := value.(string)
		if v.Kind == Secret && isText {
			g.secrets = append(g.secrets, said)
		}
		if key, isAccount := accountVariables[v.Name]; isAccount {
			g.account[key] = said
			continue
		}
		g.variables[v.Name] = value
	}
	return g, nil
}

// errSealed says what to do about a secret that cannot be opened.
var errSealed = errors.New("enter its value again")

func (l *Library) valueOf(v state.Variable) (json.RawMessage, error) {
	if len(v.Sealed) == 0 {
		return v.Value, nil
	}
	text, err := l.o.Sealer.Open(v.Sealed)
	if err != nil {
		return nil, fmt.Errorf("variable %s: %w: %w", v.Name, err, errSealed)
	}
	return text, nil
}
