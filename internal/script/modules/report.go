package modules

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// Event is what a check of a script reports.
type Event struct {
	Title         string            `json:"title"`
	Message       string            `json:"message,omitempty"` // Markdown
	Status        string            `json:"status"`            // critical, error, warning, info, or ok, which recovers
	DimensionTags map[string]string `json:"dimension_tags,omitempty"`
}

// Statuses of an event.
var Statuses = []string{"critical", "error", "warning", "info", "ok"}

// reportResult reports what a check returned: an event as a dict, or a list of them. Anything else
// is a value that nobody asked for.
func (s *Set) reportResult(v starlark.Value) error {
	switch v := v.(type) {
	case *starlark.Dict:
		if _, found, _ := v.Get(starlark.String("title")); !found {
			return nil
		}
		return s.report(v)
	case *starlark.List, starlark.Tuple:
		for item := range starlark.Elements(v.(starlark.Iterable)) {
			if err := s.reportResult(item); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Set) report(d *starlark.Dict) error {
	e := Event{Status: "warning"}
	for _, item := range d.Items() {
		switch key := runtime.Text(item[0]); key {
		case "title":
			e.Title = runtime.Text(item[1])
		case "message":
			e.Message = runtime.Text(item[1])
		case "status":
			e.Status = runtime.Text(item[1])
		case "dimension_tags":
			if item[1] == starlark.None {
				continue
			}
			tags, ok := item[1].(starlark.IterableMapping)
			if !ok {
				return runtime.Fail(runtime.TypeError, "an event's dimension_tags is a dict, not %s", runtime.Repr(item[1]))
			}
			e.DimensionTags = map[string]string{}
			for _, tag := range tags.Items() {
				e.DimensionTags[runtime.Text(tag[0])] = runtime.Text(tag[1])
			}
		default:
			return runtime.Fail(runtime.ValueError, "an event has title, message, status and dimension_tags, not %s", key)
		}
	}
	if e.Title == "" {
		return runtime.Fail(runtime.ValueError, "an event needs a title")
	}
	if !slices.Contains(Statuses, e.Status) {
		return runtime.Fail(runtime.ValueError, "an event's status is one of %v, not %s", Statuses, e.Status)
	}
	return s.call("report", e, nil)
}
