package notify

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// What a script reports is told by its own words: its title, and its message in Markdown.

// nameOf is the reason to tell of an object of this kind in words; "" is any kind.
func (r Reason) nameOf(kind leak.Kind) target.Words {
	switch {
	case r == Opened && kind == event.KindCheck:
		return words("Reported", "脚本报告")
	case r == Opened && kind == "":
		return words("Opened", "新事件")
	case r == Reminder && (kind == event.KindCheck || kind == ""):
		return words("Still open", "仍未恢复")
	}
	return reasonNames[r]
}

// reports tells whether the message is about one event that a script reported.
func (s *subject) reports() bool { return !s.many() && s.event.Object.Kind == event.KindCheck }

// anyReported tells whether a script reported one of them: then they have no leak in common.
func (s *subject) anyReported() bool {
	for _, m := range s.members {
		if m.Object.Kind == event.KindCheck {
			return true
		}
	}
	return false
}

// sentences are what we say beside the message of a script.
func (s *subject) sentences() []string {
	e := &s.event
	if !s.ended() {
		return nil
	}
	bare := *e
	bare.Message = ""
	opened := clock(e.OpenedAt, s.policy)
	return []string{
		inZone(event.Overview(bare, s.language), zoneOf(s.policy)),
		s.say("It was reported at "+opened+".", "报告于 "+opened+"。"),
	}
}

// reportedSummary is a line each of what is told of a reported event, without marks.
func (s *subject) reportedSummary() []string {
	lines := s.sentences()
	if message := strings.TrimSpace(s.event.Message); message != "" {
		for line := range strings.Lines(plain(links.ReplaceAllString(message, "$1 ($2)"))) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// reportedMarkdown is the same with the marks of the script's message.
func (s *subject) reportedMarkdown() string {
	var parts []string
	for _, line := range s.sentences() {
		parts = append(parts, target.Escape(line))
	}
	if message := strings.TrimSpace(s.event.Message); message != "" {
		parts = append(parts, tame(message))
	}
	return strings.Join(parts, "\n")
}

var links = regexp.MustCompile(`!?\[([^\]\n]*)\]\(([^)\s]*)\)`)

// tame leaves a script's Markdown no HTML, and no mention of everybody as chats write it.
func tame(markdown string) string {
	return strings.ReplaceAll(html.UnescapeString(markdown), "<", "‹")
}

// reportedTogether says in one line what several events are of which scripts reported some.
func (s *subject) reportedTogether() string {
	n, hosts := len(s.members), hostsOf(s.members)
	events, eventsZH := fmt.Sprintf("%d events", n), fmt.Sprintf("%d 个事件", n)
	if hosts > 0 {
		events, eventsZH = fmt.Sprintf("%d events on %s", n, hostsText(hosts)), fmt.Sprintf("%d 台主机上的 %d 个事件", hosts, n)
	}
	if s.ended() {
		return s.say(events+" are over", eventsZH+"已恢复")
	}
	return s.say(events+": ", eventsZH+"：") + event.Title(s.event, s.language)
}

func hostsText(n int) string {
	if n == 1 {
		return "1 host"
	}
	return fmt.Sprintf("%d hosts", n)
}

// hostsOf counts the hosts that events name.
func hostsOf(members []state.BatchEvent) int {
	seen := map[string]bool{}
	for _, m := range members {
		if m.Object.Host != "" {
			seen[m.Object.Host] = true
		}
	}
	return len(seen)
}
