package target

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// cut shortens a text to so many bytes, at the end of a line where one is near, else between two
// runes, and ends it with more.
func cut(text string, size int, more string) string {
	if len(text) <= size {
		return text
	}
	size = max(size-len(more), 0)
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	head := text[:size]
	if line := strings.LastIndexByte(head, '\n'); line > size-size/4 {
		head = head[:line]
	}
	return head + more
}

// runes shortens a text to so many characters.
func runes(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:max(n-1, 0)]) + "…"
}

// units shortens a text to so many characters as telephones and Telegram count them: an emoji is two (UTF-16).
func units(s string, n int) string {
	if len(s) <= n || len(utf16.Encode([]rune(s))) <= n {
		return s
	}
	n-- // for what says that it was cut
	for i, r := range s {
		if n -= utf16.RuneLen(r); n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// rest is what ends a text of Markdown that was cut: a link to all of it.
func (m *Message) rest() string {
	words := Words{"… read on", "…… 查看全部"}
	if m.URL == "" {
		return "\n…"
	}
	return "\n\n[" + words.In(m.Language) + "](" + m.URL + ")"
}

// plainRest is the same for a text without marks.
func (m *Message) plainRest() string {
	if m.URL == "" {
		return "…"
	}
	return "…\n" + m.URL
}

// fit encodes a text that is cut until what encode makes of it is no longer than size: an encoding
// adds to it, by how much is seen afterwards.
func fit(text string, size int, more string, encode func(text string) ([]byte, error)) ([]byte, error) {
	for room := len(text); ; {
		body, err := encode(cut(text, room, more))
		if err != nil || len(body) <= size || room == 0 {
			return body, err
		}
		over := len(body) - size
		room = max(min(room, len(text))-over, 0)
	}
}

// oneLine is a text without line ends.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
