package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// markdown prints a heading, a table and what is missing, for a ticket or a chat.
type markdown struct {
	w       io.Writer
	options Options
	rows    []row
	remarks remarks
}

func newMarkdown(w io.Writer, o Options) Writer { return &markdown{w: w, options: o} }

func (m *markdown) Write(f inspect.Finding) error {
	m.remarks.take(&f, m.options.Lang)
	if m.options.shown(&f) {
		m.rows = append(m.rows, newRow(&f, m.options.Lang, sparkWidth))
	}
	return nil
}

func (m *markdown) Close(s inspect.Summary) error {
	byUrgency(m.rows, func(r *row) (leak.Object, leak.Level, int64) { return r.object, r.level, r.left })
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", title(m.options.Lang), summaryLine(s, m.options.Lang))
	if len(m.rows) > 0 {
		b.WriteByte('\n')
		head := heading(m.options.Lang)
		writeMarkdownRow(&b, head)
		b.WriteString(strings.Repeat("|---", len(head)) + "|\n")
		for i := range m.rows {
			writeMarkdownRow(&b, m.rows[i].cells[:])
		}
	}
	if lines := m.remarks.all(m.options.Lang); len(lines) > 0 {
		b.WriteByte('\n')
		for _, l := range lines {
			fmt.Fprintf(&b, "- %s\n", escapeMarkdown(l))
		}
	}
	_, err := io.WriteString(m.w, b.String())
	return err
}

func title(lang string) string { return words{"Memory leaks", "内存泄漏巡检"}.in(lang) }

func writeMarkdownRow(b *strings.Builder, cells []string) {
	for _, c := range cells {
		b.WriteString("| ")
		b.WriteString(escapeMarkdown(c))
		b.WriteByte(' ')
	}
	b.WriteString("|\n")
}

var markdownMeanings = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "~", `\~`, "#", `\#`, "\n", " ", "\r", " ",
)

// escapeMarkdown takes its meaning from what a hostile name may hold.
func escapeMarkdown(s string) string {
	return html.EscapeString(markdownMeanings.Replace(s))
}
