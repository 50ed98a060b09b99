package notify

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// objectsMost is how many objects a message about many events names.
const objectsMost = 20

// render makes the message of a subject, with a target's own texts in place of ours where it has
// some. Where a template fails ours stay, and the message says so: it is told in any case.
func render(s *subject, t state.Templates) target.Message {
	m := target.Message{
		ID: s.id, Key: s.key, Language: s.language, Level: s.members[0].Level, Recovered: s.ended(),
		Short: s.short(), Title: s.title(), StartsAt: s.begun(), EndsAt: s.over(), Facts: s.facts(),
	}
	if !m.Recovered {
		m.EndsAt = time.Time{}
	}
	s.links(&m)
	summary, todo := s.summary(), s.todo()
	m.Facts.Summary, m.Facts.ToDo = strings.Join(summary, "\n"), strings.Join(todo, "\n")
	m.Text = strings.Join(append(append([]string{}, summary...), todo...), "\n")
	m.Markdown = s.markdown(summary, todo)
	if err := own(&m, t); err != nil {
		note := s.say("(the target's template fails: "+err.Error()+")", "（通知模板出错："+err.Error()+"）")
		m.Text += "\n" + note
		m.Markdown += "\n\n" + note
	}
	m.Short, m.Title, m.Text, m.Markdown = line(m.Short), line(m.Title), visible(m.Text), visible(m.Markdown)
	return m
}

// own puts a target's templates in place, each by itself: where one fails our text stays there alone.
func own(m *target.Message, t state.Templates) error {
	view := m.View()
	var failed []string
	for _, one := range []struct {
		name, text string
		put        func(s string)
	}{
		{"short", t.Short, func(s string) { m.Short = strings.Join(strings.Fields(s), " ") }},
		{"title", t.Title, func(s string) { m.Title = strings.Join(strings.Fields(s), " ") }},
		{"body", t.Body, func(s string) { m.Markdown, m.Text = s, plain(s) }},
	} {
		if strings.TrimSpace(one.text) == "" {
			continue
		}
		out, err := filledIn(one.text, view)
		if err != nil {
			failed = append(failed, one.name+": "+err.Error())
		} else if out != "" { // chats refuse what says nothing
			one.put(out)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return errors.New(strings.Join(failed, "; "))
}

func filledIn(text string, view target.View) (string, error) {
	parsed, err := target.ParseTemplate(text)
	if err != nil {
		return "", err
	}
	out, err := parsed.Execute(view)
	return strings.TrimSpace(out), err
}

// plain takes the marks off a Markdown text.
func plain(s string) string {
	s = strings.NewReplacer("**", "", "`", "").Replace(s)
	var out []string
	for line := range strings.Lines(s) {
		out = append(out, strings.TrimLeft(strings.TrimRight(line, "\r\n"), "# "))
	}
	return strings.Join(out, "\n")
}

// summary is a sentence a line: what, since when, how fast, how long left, who, why.
func (s *subject) summary() []string {
	if s.reports() {
		return s.reportedSummary()
	}
	if !s.many() {
		lines := strings.Split(inZone(event.Overview(s.event, s.language), zoneOf(s.policy)), "\n")
		if s.ended() { // how it went on, and who grew, is of the past
			opened, used := clock(s.event.OpenedAt, s.policy), amount(s.event.Verdict.Value, s.event.Verdict.Unit)
			return append(lines[:1], s.say(fmt.Sprintf("It was found at %s; %s was in use at its last sight.", opened, used),
				fmt.Sprintf("发现于 %s，最后一次发现泄漏时用量为 %s。", opened, used)))
		}
		if why := s.why(); why != "" {
			lines = append(lines, why)
		}
		return lines
	}
	var lines []string
	add := func(en, zh string) { lines = append(lines, s.say(en, zh)) }
	var counts []string
	for _, c := range s.levels() {
		counts = append(counts, fmt.Sprintf("%s %d", levelNames[c.level].In(s.language), c.n))
	}
	began := clock(s.begun(), s.policy)
	if s.ended() {
		add(fmt.Sprintf("%d events are over; the first had begun at %s.", len(s.members), began), fmt.Sprintf("%d 个事件已恢复，最早开始于 %s。", len(s.members), began))
	} else {
		if s.anyReported() {
			add(fmt.Sprintf("%d events (%s), the first since %s.", len(s.members), strings.Join(counts, ", "), began),
				fmt.Sprintf("共 %d 个事件（%s），最早开始于 %s。", len(s.members), strings.Join(counts, "，"), began))
			if s.event.Object.Kind == event.KindCheck {
				add("The most urgent: "+s.event.Title, "最紧急："+s.event.Title)
			}
		} else {
			add(fmt.Sprintf("%d events (%s), growing since %s.", len(s.members), strings.Join(counts, ", "), began),
				fmt.Sprintf("共 %d 个事件（%s），最早自 %s 开始增长。", len(s.members), strings.Join(counts, "，"), began))
		}
		if name, hosts := s.sameCulprit(); name != "" && hosts >= 3 && !s.anyReported() {
			add(fmt.Sprintf("All name %s: one release, or one change of it, is the likely reason.", name), fmt.Sprintf("均指向 %s：很可能是同一次发布或变更所致。", name))
		}
		e := &s.event
		if x := e.Verdict.Exhaustion; !x.IsZero() {
			add(fmt.Sprintf("The most urgent: %s, %s left.", e.Object, duration(x.Sub(s.now), "en")), fmt.Sprintf("最紧急：%s，约 %s后耗尽。", e.Object, duration(x.Sub(s.now), "zh")))
		}
		if v := &e.Verdict; v.SlopePerHour > 0 {
			add(fmt.Sprintf("It grows by %s an hour; %s is in use.", amount(v.SlopePerHour, v.Unit), amount(v.Value, v.Unit)),
				fmt.Sprintf("每小时增长 %s，当前用量 %s。", amount(v.SlopePerHour, v.Unit), amount(v.Value, v.Unit)))
		}
	}
	names := s.objects()
	list := strings.Join(names, ", ")
	if more := len(s.members) - len(names); more > 0 {
		list += s.say(fmt.Sprintf(" and %d more", more), fmt.Sprintf(" 等，另有 %d 个", more))
	}
	return append(lines, s.say("On: ", "涉及：")+list)
}

// markdown is the summary with what matters marked.
func (s *subject) markdown(summary, todo []string) string {
	var b strings.Builder
	if s.reports() {
		b.WriteString(s.reportedMarkdown() + "\n")
		summary = nil
	}
	for _, line := range summary {
		b.WriteString(target.Escape(line) + "\n")
	}
	if len(todo) > 0 {
		b.WriteString("\n**" + s.say("What to do", "建议处理") + "**\n")
		for _, line := range todo {
			b.WriteString("- " + target.Escape(line) + "\n")
		}
	}
	var of []string
	for _, part := range []string{s.event.Inspection, s.policyName()} {
		if part != "" {
			of = append(of, target.Escape(part))
		}
	}
	if len(of) > 0 {
		b.WriteString("\n" + s.say("Inspection and policy: ", "巡检与策略：") + strings.Join(of, " · ") + "\n")
	}
	return strings.TrimSpace(b.String())
}

func (s *subject) policyName() string {
	if s.policy == nil {
		return ""
	}
	return s.policy.Name
}

func (s *subject) objects() []string {
	var names []string
	for _, m := range s.members[:min(len(s.members), objectsMost)] {
		names = append(names, m.Object.String())
	}
	return names
}

func (s *subject) links(m *target.Message) {
	if s.base == "" {
		return
	}
	m.URL = s.base + "/events/" + s.event.ID
	if s.many() {
		m.URL = s.base + "/events"
		if s.event.IncidentID != "" {
			m.URL += "?incident=" + s.event.IncidentID
		}
	}
	if s.ended() {
		return
	}
	m.SilenceURL = s.base + "/silences/new?event=" + s.event.ID
	m.AckURL = s.ackURL
	m.PictureURL = s.picture // of the opening: it says nothing of an end
}

// facts are what templates work with.
func (s *subject) facts() target.Facts {
	e, v := &s.event, &s.event.Verdict
	f := target.Facts{
		Workspace: s.workspace, Inspection: e.Inspection, Policy: s.policyName(),
		Reason: string(s.reason), ReasonName: s.reason.nameOf(e.Object.Kind).In(s.language), Status: string(event.Open),
		Level: string(s.members[0].Level), LevelName: levelNames[s.members[0].Level].In(s.language),
		Count: len(s.members), Objects: s.objects(),
		EventID: e.ID, Host: e.Object.Host, Kind: string(e.Object.Kind), Name: e.Object.Name, Namespace: e.Object.Namespace,
		Culprit: cmp.Or(e.Attributes[event.AttrCulprit], e.Object.Name), Cause: string(e.Cause),
		Used: amount(v.Value, v.Unit), Onset: stamp(e.Onset), OpenedAt: stamp(e.OpenedAt), RecoveredAt: stamp(e.RecoveredAt),
		ExhaustionAt: stamp(v.Exhaustion), KilledAt: stamp(s.nextKill()), Confidence: v.Confidence, Labels: labels(e), Suspects: []target.SuspectFacts{},
	}
	if e.Object.Kind == event.KindCheck {
		f.Used = ""
	}
	if s.ended() {
		f.Status = string(event.Recovered)
	}
	if v.SlopePerHour > 0 {
		f.Growth = amount(v.SlopePerHour, v.Unit)
	}
	if !v.Exhaustion.IsZero() && !s.ended() {
		f.TimeLeft = duration(v.Exhaustion.Sub(s.now), s.language)
	}
	for _, one := range e.Suspects[:min(len(e.Suspects), 3)] {
		f.Suspects = append(f.Suspects, target.SuspectFacts{
			Kind: string(one.Kind), Name: one.Name, Share: fmt.Sprintf("%.0f %%", 100*one.Share), Growth: size(float64(one.Growth)), Used: size(float64(one.Bytes)),
		})
	}
	return f
}

// labels are an event's dimensions and attributes; a dimension goes before an attribute.
func labels(e *event.Event) map[string]string {
	out := map[string]string{}
	for _, from := range []map[string]string{e.Attributes, e.Dimensions} {
		for k, v := range from {
			out[k] = v
		}
	}
	return out
}

// alerts are an event for monitoring systems, one for each level that was told: the severity is among
// the labels that an alert is known by, since routes ask for it. The one of the highest level goes on
// while the event does, the others are over.
func (n *Notify) alerts(e *event.Event, told *state.Told, language string) []target.Alert {
	var out []target.Alert
	picture := n.pictureURL(e)
	for i, level := range told.Levels {
		a := target.Alert{
			Key: e.ID,
			Labels: map[string]string{
				"alertname": "MemoryLeak", "severity": string(level), "event": e.ID, "inspection": e.Inspection,
				"host": e.Object.Host, "kind": string(e.Object.Kind), "name": e.Object.Name, "namespace": e.Object.Namespace,
			},
			Annotations: map[string]string{
				"summary": event.Title(*e, language), "description": event.Overview(*e, language), "culprit": e.Attributes[event.AttrCulprit],
			},
			StartsAt: e.OpenedAt, EndsAt: e.RecoveredAt,
		}
		if e.Object.Kind == event.KindCheck {
			a.Labels["alertname"] = "ScriptReport"
			for key, value := range e.Dimensions { // they never change
				if _, taken := a.Labels[key]; !taken {
					a.Labels[key] = value
				}
			}
		}
		if n.o.BaseURL != "" {
			a.URL = n.o.BaseURL + "/events/" + e.ID
		}
		if a.EndsAt.IsZero() && (told.Ended || i < len(told.Levels)-1) {
			a.EndsAt = e.UpdatedAt
		}
		if picture != "" && a.EndsAt.IsZero() {
			a.Annotations["picture"] = picture
		}
		out = append(out, a)
	}
	return out
}
