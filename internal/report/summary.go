package report

import (
	"fmt"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// summaryLine says in a sentence what a run has seen.
func summaryLine(s inspect.Summary, lang string) string {
	if lang == "zh" {
		line := fmt.Sprintf("%s UTC：已巡检 %d 台主机，%d 台存在泄漏", clock(s.At.Unix()), s.Hosts, s.LeakHosts)
		if s.NoData > 0 {
			line += fmt.Sprintf("，%d 台数据不足", s.NoData)
		}
		if s.Failed > 0 {
			line += fmt.Sprintf("，%d 台读取失败", s.Failed)
		}
		return line + "。"
	}
	line := fmt.Sprintf("As of %s UTC: %s inspected, %d with a leak", clock(s.At.Unix()), counted(s.Hosts, "host"), s.LeakHosts)
	if s.NoData > 0 {
		line += fmt.Sprintf(", %d without enough data", s.NoData)
	}
	if s.Failed > 0 {
		line += fmt.Sprintf(", %d that could not be read", s.Failed)
	}
	return line + "."
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// remarks gathers notes and errors over all hosts, the first few of them.
type remarks struct {
	lines []string
	more  int
}

const mostRemarks = 5

func (r *remarks) take(f *inspect.Finding, lang string) {
	if f.Object.Kind != leak.KindHost {
		return
	}
	if f.Err != nil {
		r.add(f.Object.Host + ": " + f.Err.Error())
	}
	for _, n := range f.Notes {
		r.add(n.Text(lang))
	}
}

func (r *remarks) add(line string) {
	if len(r.lines) == mostRemarks {
		r.more++
		return
	}
	r.lines = append(r.lines, printable(line))
}

// all is every line, and how many more there were.
func (r *remarks) all(lang string) []string {
	if r.more == 0 {
		return r.lines
	}
	return append(r.lines[:len(r.lines):len(r.lines)], fmt.Sprintf(words{"… and %d more", "…… 另有 %d 条"}.in(lang), r.more))
}
