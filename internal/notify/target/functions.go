package target

import (
	"fmt"
	"net/url"
	"strings"
	"text/template"
)

// work is what one run of a template has done.
type work struct{ steps, operands, made int }

// functions of a template. Those of Go that make a longer text of a text are bounded here: in a loop
// they would double it until the memory is full.
func (w *work) functions() template.FuncMap {
	return template.FuncMap{
		"tick": w.tick,
		"json": func(v any) (string, error) {
			b, err := encode(v)
			if err != nil {
				return "", err
			}
			return w.whole(string(b))
		},
		"upper": func(s string) (string, error) { return w.whole(strings.ToUpper(s)) },
		"lower": func(s string) (string, error) { return w.whole(strings.ToLower(s)) },
		"join": func(sep string, items []string) (string, error) {
			if len(sep)*len(items) > templateOut {
				return "", errLarge
			}
			return w.whole(strings.Join(items, sep))
		},
		"cut":      func(n int, s string) (string, error) { return w.whole(first(s, n)) },
		"print":    func(v ...any) (string, error) { return w.fitting(v, 1, func() string { return fmt.Sprint(v...) }) },
		"println":  func(v ...any) (string, error) { return w.fitting(v, 1, func() string { return fmt.Sprintln(v...) }) },
		"printf":   w.printf,
		"html":     func(v any) (string, error) { return w.whole(template.HTMLEscapeString(fmt.Sprint(v))) },
		"js":       func(v any) (string, error) { return w.whole(template.JSEscapeString(fmt.Sprint(v))) },
		"urlquery": func(v any) (string, error) { return w.whole(url.QueryEscape(fmt.Sprint(v))) },
	}
}

// tick is a step of a loop whose body has so many operands.
func (w *work) tick(operands int) (string, error) {
	w.steps++
	w.operands += operands
	if w.steps > templateSteps || w.operands > templateOperands {
		return "", errSteps
	}
	return "", nil
}

// whole is a text that is not too long, and is not one too many.
func (w *work) whole(s string) (string, error) {
	if len(s) > templateOut {
		return "", errLarge
	}
	if w.made += len(s); w.made > templateMade {
		return "", errMade
	}
	return s, nil
}

// fitting makes a text of values where each of them so many times is not too long.
func (w *work) fitting(values []any, times int, text func() string) (string, error) {
	for _, v := range values {
		s, ok := v.(string)
		if !ok {
			s = fmt.Sprint(v)
		}
		if _, err := w.whole(s); err != nil {
			return "", err
		}
		if w.made += len(s) * (times - 1); w.made > templateMade {
			return "", errMade
		}
	}
	return w.whole(text())
}

// printf counts what a format adds by itself, such as %60000d, before it is written; a format may name a value in
// each of its verbs.
func (w *work) printf(format string, values ...any) (string, error) {
	width, number := 0, 0
	for _, r := range format {
		switch {
		case r == '*':
			return "", errWidth
		case '0' <= r && r <= '9':
			number = min(10*number+int(r-'0'), templateOut)
		default:
			width, number = width+number, 0
		}
		if width > templateOut {
			return "", errLarge
		}
	}
	return w.fitting(values, max(strings.Count(format, "%"), 1), func() string { return fmt.Sprintf(format, values...) })
}

// first is at most so many characters of a text.
func first(s string, n int) string {
	if r := []rune(s); n >= 0 && len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
