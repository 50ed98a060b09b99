package target

import "strings"

// link is an address with its name in the message's language.
type link struct{ title, url string }

// links are those of a message that it has.
func (m *Message) links() []link {
	var out []link
	for _, l := range []struct {
		url   string
		words Words
	}{
		{m.URL, Words{"Open", "查看详情"}},
		{m.AckURL, Words{"Acknowledge", "认领"}},
		{m.SilenceURL, Words{"Silence", "静默"}},
	} {
		if l.url != "" {
			out = append(out, link{l.words.In(m.Language), l.url})
		}
	}
	return out
}

// links is a last line of Markdown with them.
func links(m *Message) string {
	var parts []string
	for _, l := range m.links() {
		parts = append(parts, "["+l.title+"]("+l.url+")")
	}
	if len(parts) == 0 {
		return ""
	}
	return "\n\n" + strings.Join(parts, " | ")
}

// list splits what a user wrote into its items: by commas, semicolons, blanks or lines.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;，； \t\r\n", r) })
}
