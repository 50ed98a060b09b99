package notify

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func leakOf(kind leak.Kind, host, namespace, name string) *event.Event {
	return &event.Event{
		ID: "e1", InspectionID: "i1", Object: leak.Object{Kind: kind, Host: host, Namespace: namespace, Name: name}, Status: event.Open, Level: leak.Error,
		Dimensions: map[string]string{"host": host, "kind": string(kind)},
		Attributes: map[string]string{"culprit": "deployment/cart", "zone": "eu-1", "team": "shop"},
	}
}

func TestMatches(t *testing.T) {
	hostLeaks, podLeaks := leakOf(leak.KindHost, "web-1", "", ""), leakOf(leak.KindPod, "node-7", "shop", "cart-0")
	is := func(key string, values ...string) state.Matcher {
		return state.Matcher{Attributes: []state.Condition{{Key: key, Values: values}}}
	}
	not := func(key string, values ...string) state.Matcher {
		return state.Matcher{Attributes: []state.Condition{{Key: key, Values: values, Not: true}}}
	}
	for _, tt := range []struct {
		name string
		m    state.Matcher
		e    *event.Event
		want bool
	}{
		{"nothing asked", state.Matcher{}, hostLeaks, true},
		{"its inspection", state.Matcher{Inspections: []string{"i0", "i1"}}, hostLeaks, true},
		{"another inspection", state.Matcher{Inspections: []string{"i0"}}, hostLeaks, false},
		{"its host", state.Matcher{Objects: []string{"web-1"}}, hostLeaks, true},
		{"a glob of hosts", state.Matcher{Objects: []string{"db-*", "web-?"}}, hostLeaks, true},
		{"a glob of others", state.Matcher{Objects: []string{"web-[2-9]"}}, hostLeaks, false},
		{"a pod by its host", state.Matcher{Objects: []string{"node-*"}}, podLeaks, true},
		{"a pod by its name", state.Matcher{Objects: []string{"cart-*"}}, podLeaks, true},
		{"a pod by namespace and name", state.Matcher{Objects: []string{"shop/cart-*"}}, podLeaks, true},
		{"a pod by host and name", state.Matcher{Objects: []string{"node-7/cart-0"}}, podLeaks, true},
		{"a host by a workload's name", state.Matcher{Objects: []string{"cart*"}}, hostLeaks, false},
		{"an attribute", is("zone", "eu-1"), hostLeaks, true},
		{"one of some values", is("zone", "us-1", "eu-*"), hostLeaks, true},
		{"a dimension", is("kind", "pod"), podLeaks, true},
		{"another value", is("zone", "us-1"), hostLeaks, false},
		{"not a value", not("zone", "us-1"), hostLeaks, true},
		{"not its value", not("zone", "us-1", "eu-1"), hostLeaks, false},
		{"an attribute that is not there", is("rack", "7"), hostLeaks, false},
		{"not one that is not there", not("rack", "7"), hostLeaks, true},
		{"that it has none", is("rack", ""), hostLeaks, true},
		{"a star meets slashes", is("culprit", "deployment*"), hostLeaks, true},
		{"all conditions", state.Matcher{Attributes: []state.Condition{{Key: "zone", Values: []string{"eu-1"}}, {Key: "team", Values: []string{"ads"}}}}, hostLeaks, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Matches(&tt.m, tt.e); got != tt.want {
				t.Errorf("it matches: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheFirstRuleThatMatchesCounts(t *testing.T) {
	office := state.Period{Cron: "0 9 * * 1-5", For: 9 * time.Hour}
	p := &state.Policy{TimeZone: "Asia/Shanghai", Rules: []state.Rule{
		{Name: "critical", Levels: []leak.Level{leak.Critical}},
		{Name: "shop in office hours", Matcher: state.Matcher{Attributes: []state.Condition{{Key: "team", Values: []string{"shop"}}}}, Times: []state.Period{office}},
		{Name: "new year", Times: []state.Period{{From: time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 16, 0, 0, 0, time.UTC)}}},
		{Name: "errors", Levels: []leak.Level{leak.Error}},
	}}
	monday := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, location("Asia/Shanghai")) }
	for _, tt := range []struct {
		name  string
		level leak.Level
		at    time.Time
		want  string
	}{
		{"urgent", leak.Critical, monday(3), "critical"},
		{"at ten in the morning there", leak.Error, monday(10), "shop in office hours"},
		{"at six in the evening there", leak.Error, monday(18), "errors"},
		{"on a Sunday", leak.Error, monday(10).AddDate(0, 0, -1), "errors"},
		{"a warning at night", leak.Warning, monday(3), ""},
		{"a warning at new year", leak.Warning, time.Date(2027, 1, 1, 3, 0, 0, 0, location("Asia/Shanghai")), "new year"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := leakOf(leak.KindHost, "web-1", "", "")
			e.Level = tt.level
			got := ""
			if i := Match(p, e, tt.at); i >= 0 {
				got = p.Rules[i].Name
			}
			if got != tt.want {
				t.Errorf("rule %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPeriods(t *testing.T) {
	berlin := location("Europe/Berlin")
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, berlin)
	}
	night := state.Period{Cron: "0 22 * * *", For: 8 * time.Hour}
	until := state.Period{Cron: "0 22 * * *", For: 8 * time.Hour, From: at(3, 2, 0, 0), To: at(3, 5, 2, 0)}
	skipped := state.Period{Cron: "30 2 * * *", For: 4 * time.Hour}
	once := state.Period{From: at(3, 2, 10, 0), To: at(3, 2, 12, 0)}
	for _, tt := range []struct {
		name         string
		p            state.Period
		at           time.Time
		is           SilenceState
		begins, ends time.Time
	}{
		{"before it", once, at(3, 2, 9, 59), SilencePending, at(3, 2, 10, 0), time.Time{}},
		{"at its beginning", once, at(3, 2, 10, 0), SilenceActive, at(3, 2, 10, 0), at(3, 2, 12, 0)},
		{"at its end", once, at(3, 2, 12, 0), SilenceExpired, time.Time{}, time.Time{}},
		{"without an end", state.Period{From: at(3, 2, 10, 0)}, at(9, 2, 10, 0), SilenceActive, at(3, 2, 10, 0), time.Time{}},
		{"in the evening", night, at(3, 2, 21, 59), SilencePending, at(3, 2, 22, 0), time.Time{}},
		{"past midnight", night, at(3, 3, 5, 59), SilenceActive, at(3, 2, 22, 0), at(3, 3, 6, 0)},
		{"in the morning", night, at(3, 3, 6, 0), SilencePending, at(3, 3, 22, 0), time.Time{}},
		{"the last night, cut off", until, at(3, 5, 1, 0), SilenceActive, at(3, 4, 22, 0), at(3, 5, 2, 0)},
		{"after the last night", until, at(3, 5, 2, 0), SilenceExpired, time.Time{}, time.Time{}},
		{"before the first night", until, at(3, 1, 23, 0), SilencePending, at(3, 2, 22, 0), time.Time{}},
		{"the night when clocks go forward", night, at(3, 29, 4, 0), SilenceActive, at(3, 28, 22, 0), at(3, 28, 22, 0).Add(8 * time.Hour)},
		{"what the clocks leave out begins after it", skipped, at(3, 29, 3, 0), SilenceActive, at(3, 29, 3, 0), at(3, 29, 7, 0)},
		{"not before", skipped, at(3, 29, 1, 59), SilencePending, at(3, 29, 3, 0), time.Time{}},
		{"and on the next day as ever", skipped, at(3, 30, 2, 30), SilenceActive, at(3, 30, 2, 30), at(3, 30, 6, 30)},
		{"what comes twice begins once", skipped, at(10, 25, 1, 0).Add(90 * time.Minute), SilenceActive, at(10, 25, 1, 0).Add(90 * time.Minute), at(10, 25, 1, 0).Add(330 * time.Minute)},
		{"and ends once", skipped, at(10, 25, 5, 45), SilencePending, at(10, 26, 2, 30), time.Time{}},
		{"the night when clocks go back", night, at(10, 25, 4, 59), SilenceActive, at(10, 24, 22, 0), at(10, 24, 22, 0).Add(8 * time.Hour)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := state.Silence{TimeZone: "Europe/Berlin", Period: tt.p}
			is, begins, ends := StateOf(&s, tt.at)
			if is != tt.is || !begins.Equal(tt.begins) || !ends.Equal(tt.ends) {
				t.Errorf("%s from %s to %s; want %s from %s to %s", is, begins, ends, tt.is, tt.begins, tt.ends)
			}
		})
	}
}

func TestGroupValues(t *testing.T) {
	pod := leakOf(leak.KindPod, "node-7", "shop", "cart-0")
	nobody := leakOf(leak.KindHost, "web-1", "", "")
	nobody.Attributes = nil
	for _, tt := range []struct {
		by   []string
		e    *event.Event
		want []string
	}{
		{nil, pod, []string{"inspection=i1", "culprit=deployment/cart"}},
		{nil, nobody, []string{"inspection=i1", "culprit=web-1"}},
		{[]string{ByLevel, ByObject, "zone", "kind", "rack"}, pod, []string{"level=error", "object=" + pod.Object.String(), "zone=eu-1", "kind=pod", "rack="}},
	} {
		if got := GroupValues(tt.by, tt.e); !slices.Equal(got, tt.want) {
			t.Errorf("by %v: %v, want %v", tt.by, got, tt.want)
		}
	}
}

func TestNextTry(t *testing.T) {
	made := start
	now, tries := made, 0
	for {
		tries++
		next, again := NextTry(tries, made, now, 0)
		if !again {
			break
		}
		if !next.After(now) || next.Sub(now) > time.Hour {
			t.Fatalf("after try %d comes %s", tries, next.Sub(now))
		}
		now = next
	}
	if total := now.Sub(made); total < 24*time.Hour || total > triedFor {
		t.Errorf("it is tried for %s", total)
	}
	if next, _ := NextTry(1, made, made, 10*time.Minute); next.Sub(made) != 10*time.Minute {
		t.Errorf("a target that asks for 10 min is asked after %s", next.Sub(made))
	}
}

func TestChecksSayWhatIsWrong(t *testing.T) {
	rule := func(r state.Rule) error { return CheckPolicy(&state.Policy{Name: "p", Rules: []state.Rule{r}}) }
	quiet := func(s state.Silence) error { s.Name = "s"; return CheckSilence(&s) }
	for want, err := range map[string]error{
		"needs a name":        CheckPolicy(&state.Policy{}),
		"0 to 30 minutes":     CheckPolicy(&state.Policy{Name: "p", Window: time.Hour}),
		"Mars":                CheckPolicy(&state.Policy{Name: "p", TimeZone: "Mars/Base"}),
		"rule #1":             rule(state.Rule{Levels: []leak.Level{"loud"}}),
		"bracket":             rule(state.Rule{Matcher: state.Matcher{Objects: []string{"web-["}}}),
		"attribute":           rule(state.Rule{Matcher: state.Matcher{Attributes: []state.Condition{{Key: "zone"}}}}),
		"five fields":         rule(state.Rule{Times: []state.Period{{Cron: "* * *", For: time.Hour}}}),
		"Sunday is 0":         rule(state.Rule{Times: []state.Period{{Cron: "0 0 * * 7", For: time.Hour}}}),
		"a minute to 31 days": rule(state.Rule{Times: []state.Period{{Cron: "0 0 * * 0"}}}),
		"end after it begins": rule(state.Rule{Times: []state.Period{{From: start, To: start}}}),
		"needs a target":      rule(state.Rule{Escalations: []state.Escalation{{After: time.Hour, Unless: state.UnlessRecovered}}}),
		"2 escalations":       rule(state.Rule{Escalations: make([]state.Escalation, 3)}),
		"begins now":          quiet(state.Silence{}),
		"7 days":              quiet(state.Silence{Period: state.Period{From: start}, NoticeBefore: 300 * time.Hour}),
		"template body":       CheckTemplates(state.Templates{Body: "{{.Nope"}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want one with %q", err, want)
		}
	}
}

// By the clocks of a zone, each day has one beginning, wherever clocks are set.
func TestEachDayHasOneBeginning(t *testing.T) {
	for _, zone := range []string{"UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kathmandu"} {
		for _, line := range []string{"0 0 * * *", "15 1 * * *", "30 2 * * *", "0 3 * * *", "45 23 * * *"} {
			p, l := state.Period{Cron: line, For: time.Hour}, location(zone)
			days := map[string]bool{}
			for at := time.Date(2017, 12, 31, 23, 59, 0, 0, l); ; {
				next := Next(p, l, at)
				if !next.After(at) {
					t.Fatalf("%s, %q: after %s comes %s", zone, line, at, next)
				}
				if at = next; at.In(l).Year() > 2018 {
					break
				}
				day := at.In(l).Format(time.DateOnly)
				if days[day] {
					t.Errorf("%s, %q: %s begins twice", zone, line, day)
				}
				days[day] = true
			}
			if len(days) != 365 {
				t.Errorf("%s, %q: %d days of 2018 have a beginning", zone, line, len(days))
			}
		}
	}
}
