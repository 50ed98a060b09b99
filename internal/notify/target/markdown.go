package target

import (
	"html"
	"regexp"
	"strings"
)

var (
	marks    = strings.NewReplacer("*", "∗", "`", "ˋ", "<", "‹", ">", "›", "](", "］(")
	brackets = strings.NewReplacer("[", "［", "]", "］")
	everyone = regexp.MustCompile(`(?i)@(all|channel|everyone|here)\b`)
)

// Escape keeps a name from being taken for what chats make of a text: links, pictures and HTML, bold and code, and
// mentions of everybody.
func Escape(name string) string {
	return brackets.Replace(unmarked(name))
}

func unmarked(text string) string {
	return everyone.ReplaceAllString(marks.Replace(html.UnescapeString(text)), "＠$1")
}

// heading is the title where it stands in Markdown, at most so many bytes of it; its own brackets stay.
func (m *Message) heading(size int) string { return cut(unmarked(oneLine(m.Title)), size, "…") }
