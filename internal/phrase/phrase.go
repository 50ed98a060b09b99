// Package phrase says in a person's language what the server has said in English.
//
// In goes a finished English text, from wherever it comes: an error through many layers, a row of the
// database, a script's process, a library. Out comes the same in the language; what stands in no table
// stays English. Read this file, then pattern.go, then one of the tables zh_*.go.
package phrase

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// tables are the sentences of each language, by the English format that writes them. In a format %v is
// a part that is said in the language too, as the cause of an error; %s is one that stays as it is,
// as a name, or what another program answered.
var tables = map[string][]map[string]string{
	"zh": {zhAPI, zhState, zhNotify, zhTarget, zhSchedule, zhLibrary, zhPython, zhScript, zhMarket, zhSource, zhIngest, zhLibraries},
}

// In is the text in the language: the whole where a format has written it, else part by part, as
// errors are wrapped ("what was done: why").
func In(language, text string) string {
	p := phrases[language]
	if p == nil || len(text) > longest {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i], _ = p().say(line, deepest)
	}
	return strings.Join(lines, "\n")
}

// Bounds of what is looked at: a longer text is the output of a program, not ours.
const (
	longest    = 8 << 10
	deepest    = 6 // parts within parts
	mostColons = 4 // where it may be cut
)

// phrases are the tables as they are looked up, made at their first use.
var phrases = func() map[string]func() *book {
	out := map[string]func() *book{}
	for language, list := range tables {
		out[language] = sync.OnceValue(func() *book { return bookOf(list) })
	}
	return out
}()

// book is the tables of a language.
type book struct {
	whole    map[string]string
	patterns []pattern // those with the most text of their own first
}

func bookOf(list []map[string]string) *book {
	b := &book{whole: map[string]string{}}
	for _, table := range list {
		for _, format := range slices.Sorted(maps.Keys(table)) {
			if !strings.Contains(format, "%") {
				b.whole[format] = table[format]
				continue
			}
			b.patterns = append(b.patterns, patternOf(format, table[format]))
		}
	}
	slices.SortStableFunc(b.patterns, func(x, y pattern) int { return y.own - x.own })
	return b
}

// say is the text in the language; ok tells whether all of it is.
func (b *book) say(text string, deep int) (said string, ok bool) {
	if said, ok := b.whole[text]; ok {
		return said, true
	}
	if deep == 0 {
		return text, false
	}
	best := text
	for _, p := range b.patterns {
		parts := p.match(text)
		if parts == nil {
			continue
		}
		said, ok := p.fill(parts, func(part string) (string, bool) { return b.say(part, deep-1) })
		if ok {
			return said, true
		}
		if best == text {
			best = said
		}
	}
	if said, ok = b.inParts(text, deep); ok || best == text {
		return said, ok
	}
	return best, false
}

// inParts says what was done and why one after the other. What was done may say what to do, behind a
// colon of its own.
func (b *book) inParts(text string, deep int) (said string, ok bool) {
	best, end := text, 0
	for range mostColons {
		at := strings.Index(text[end:], ": ")
		if at < 0 {
			break
		}
		done, why := text[:end+at], text[end+at+len(": "):]
		end += at + len(": ")
		first, known := b.say(done, deep-1)
		if !known && best != text {
			continue
		}
		rest, all := b.say(why, deep-1)
		switch {
		case known:
			return first + "：" + rest, all
		case first != done:
			best = first + "：" + rest
		case all: // behind a name
			best = done + "：" + rest
		case rest != why: // within what another program says
			best = done + ": " + rest
		}
	}
	return best, false
}
