package notify

import (
	"slices"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// Reason is why something is told.
type Reason string

// The reasons to tell.
const (
	Opened          Reason = "opened"
	LevelRose       Reason = "level_rose"
	Reminder        Reason = "reminder"  // it still goes on
	Recovered       Reason = "recovered" // to those who were told
	Withdrawn       Reason = "withdrawn" // it goes on in another event, or is no leak: targets that keep what is open close it, nobody else is told
	NotRecovered    Reason = "not_recovered"
	NotAcknowledged Reason = "not_acknowledged"

	SilenceBegins  Reason = "silence_begins"
	TargetDisabled Reason = "target_disabled"
	Test           Reason = "test"
)

// passage is one event on its way through the stages. What the stages read is above, what they find
// below; they change nothing else.
type passage struct {
	event      *event.Event
	told       *state.Told // nil where nothing was told yet
	collecting []string    // the targets that are told of it as opened when the batches are due in which it waits
	now        time.Time
	policies   *policies
	silences   []state.Silence

	policy  *state.Policy
	rule    int // of the policy
	silence *state.Silence
	reason  Reason
	targets []string
	key     string // of the batch
	due     time.Time
}

// Stage is one step between a change of an event and what is told. It says what it decided, and
// whether the event goes on to the next.
type Stage interface {
	Pass(p *passage) (said target.Words, goesOn bool)
}

// StageFunc is a function as a Stage.
type StageFunc func(p *passage) (target.Words, bool)

// Pass calls the function.
func (f StageFunc) Pass(p *passage) (target.Words, bool) { return f(p) }

// stages are the way of each change, in order. Each is a pure function of its passage.
var stages = []struct {
	name string
	Stage
}{
	{"life", StageFunc(life)},
	{"match", StageFunc(match)},
	{"silence", StageFunc(silence)},
	{"limit", StageFunc(limit)},
	{"group", StageFunc(group)},
}

// Step is what one stage said of an event.
type Step struct {
	Stage  string
	GoesOn bool
	Said   target.Words
}

// pass leads an event through the stages; it is told where the last one lets it go on.
func (p *passage) pass() (steps []Step, tell bool) {
	for _, s := range stages {
		said, goesOn := s.Pass(p)
		steps = append(steps, Step{Stage: s.name, GoesOn: goesOn, Said: said})
		if !goesOn {
			return steps, false
		}
		if p.ends() && s.name == "life" { // neither rules nor silences nor limits keep it back
			said, goesOn := group(p)
			return append(steps, Step{Stage: "group", GoesOn: goesOn, Said: said}), goesOn
		}
	}
	return steps, true
}

// ends says that what is told is that something is over.
func (p *passage) ends() bool { return p.reason == Recovered || p.reason == Withdrawn }

// life looks at how the event goes: whether there is anything to tell of it at all.
func life(p *passage) (target.Words, bool) {
	e := p.event
	wasTold := p.told != nil && !p.told.Ended
	over := func(reason Reason, to []string, said target.Words) (target.Words, bool) {
		p.reason, p.targets = reason, to
		if p.policy = p.policies.byID[p.told.PolicyID]; p.policy == nil {
			p.policy = p.policies.of(e)
		}
		return said, len(to) > 0
	}
	switch {
	case e.NotLeak != "" && wasTold:
		return over(Withdrawn, p.told.Targets, words("a person said that it is no leak: targets that keep what is open close it", "已被人工标记为非泄漏：有状态的通知对象将关闭它"))
	case e.NotLeak != "":
		return words("a person said that it is no leak: nothing about it is told", "已被人工标记为非泄漏：不再通知"), false
	case e.Status == event.Recovered && !wasTold:
		return words("it is over, and nobody was told that it began", "已恢复，且未曾通知过任何人"), false
	case e.Status == event.Recovered && e.Recovery == event.Merged:
		return over(Withdrawn, p.told.Targets, words("it goes on in the event of its host: targets that keep what is open close it", "已并入主机的事件：有状态的通知对象将关闭它"))
	case e.Status == event.Recovered:
		return over(Recovered, p.told.Targets, words("it is over: those who were told are told", "已恢复：通知曾被告知的对象"))
	case e.HealthyRuns > 0 || e.NoDataRuns > 0:
		return words("the last run did not find it leaking: it is not news", "最近一次巡检未发现泄漏：不作通知"), false
	}
	return words("it is open", "事件未恢复"), true
}

// policies are those of a workspace.
type policies struct {
	byID         map[string]*state.Policy
	byInspection map[string]string // identifier of the inspection → of its policy
	standard     *state.Policy
}

// of is the policy of an event: its inspection's, else the default; nil where there is none.
func (ps *policies) of(e *event.Event) *state.Policy {
	if p := ps.byID[ps.byInspection[e.InspectionID]]; p != nil {
		return p
	}
	return ps.standard
}

func words(en, zh string) target.Words { return target.Words{EN: en, ZH: zh} }

// urgency of a level; higher is more.
func urgency(l leak.Level) int {
	return slices.Index([]leak.Level{leak.OK, event.Info, leak.Warning, leak.Error, leak.Critical}, l)
}
