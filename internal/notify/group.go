package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// Fields that events may be gathered by, beside any dimension or attribute.
const (
	ByInspection = "inspection"
	ByCulprit    = "culprit"
	ByLevel      = "level"
	ByObject     = "object"
)

// defaultGroupBy gathers what one bad release does.
var defaultGroupBy = []string{ByInspection, ByCulprit}

// MaxWindow is how long events may be gathered.
const MaxWindow = 30 * time.Minute

// atOnce is how long what is urgent is gathered nevertheless: chunks of one run end within.
const atOnce = 30 * time.Second

// longestKey is how long the key of a batch may be, in bytes: databases index it, and take a few thousand.
const longestKey = 500

// group says with what the event is told, and when.
func group(p *passage) (target.Words, bool) {
	window := time.Duration(0)
	var by []string
	policyID, rule := "", ""
	if p.policy != nil {
		window, by, policyID = min(max(p.policy.Window, 0), MaxWindow), p.policy.GroupBy, p.policy.ID
	}
	switch {
	case p.ends():
		policyID, rule = p.told.PolicyID, p.told.Rule
	default:
		rule = RuleName(&p.policy.Rules[p.rule], p.rule)
	}
	if p.reason == LevelRose || p.reason == Withdrawn || p.reason == Opened && len(p.collecting) > 0 {
		window = min(window, atOnce)
	}
	p.targets = slices.Compact(slices.Sorted(slices.Values(p.targets)))
	values := GroupValues(by, p.event)
	if p.reason == LevelRose && p.escalates() {
		values = append(values, "escalates")
	}
	p.key = strings.Join(append([]string{policyID, rule, string(p.reason), strings.Join(p.targets, ",")}, values...), "\x1f")
	if len(p.key) > longestKey {
		sum := sha256.Sum256([]byte(p.key))
		p.key = hex.EncodeToString(sum[:])
	}
	p.due = p.now.Add(window)
	what := strings.Join(shownValues(by, p.event), ", ")
	if window == 0 {
		return words("it is told now, with others of the same run: "+what, "立即通知，与同批次的事件合并："+what), true
	}
	return words(fmt.Sprintf("it is gathered for %s with others of the same: %s", duration(window, "en"), what),
		fmt.Sprintf("等待 %s，与同组事件合并：%s", duration(window, "zh"), what)), true
}

// GroupValues are an event's values of the fields that it is gathered by, as "field=value".
func GroupValues(by []string, e *event.Event) []string {
	if len(by) == 0 {
		by = defaultGroupBy
	}
	out := make([]string, len(by))
	for i, field := range by {
		out[i] = field + "=" + fieldOf(field, e)
	}
	return out
}

// shownValues are GroupValues for a person: an inspection has its name.
func shownValues(by []string, e *event.Event) []string {
	out := GroupValues(by, e)
	for i, value := range out {
		if value == ByInspection+"="+e.InspectionID && e.Inspection != "" {
			out[i] = ByInspection + "=" + e.Inspection
		}
	}
	return out
}

func fieldOf(field string, e *event.Event) string {
	switch field {
	case ByInspection:
		return e.InspectionID
	case ByLevel:
		return string(e.Level)
	case ByObject:
		return e.Object.String()
	case ByCulprit:
		if c := e.Attributes[event.AttrCulprit]; c != "" {
			return c
		}
		if e.Owner != "" {
			return e.Owner
		}
		if e.Object.Name != "" {
			return e.Object.Name
		}
		return e.Object.Host // nobody is named: it has nothing in common with others
	}
	if v, ok := e.Dimensions[field]; ok {
		return v
	}
	return e.Attributes[field]
}

// batchOf is the batch that an event which passed belongs to.
func (p *passage) batchOf() state.Batch {
	b := state.Batch{
		WorkspaceID: p.event.WorkspaceID, Reason: string(p.reason), Key: p.key, Targets: p.targets, DueAt: p.due,
	}
	if p.ends() {
		b.PolicyID, b.Rule = p.told.PolicyID, p.told.Rule
		return b
	}
	r := &p.policy.Rules[p.rule]
	b.PolicyID, b.Rule = p.policy.ID, RuleName(r, p.rule)
	if p.escalates() {
		b.Escalations = r.Escalations
	}
	return b
}

// escalates says that the escalations of the rule begin: once for each rule that an event is told by.
func (p *passage) escalates() bool {
	switch p.reason {
	case Opened:
		return true
	case LevelRose:
		return p.told.PolicyID != p.policy.ID || p.told.Rule != RuleName(&p.policy.Rules[p.rule], p.rule)
	}
	return false
}
