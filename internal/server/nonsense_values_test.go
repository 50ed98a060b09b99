package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// A shape is a schema of the description, as JSON has it.
type shape map[string]any

// described is an operation with all that its description says of a request.
type described struct {
	method, path, access string
	parameters           []parameter
	media                string // of the body; empty where it takes none
	body                 shape
	streams              bool // never ends by itself, or starts a program
	answers              map[string]bool
}

type parameter struct {
	name, in string
	shape    shape
}

// described reads the description that the server gives of itself, so that a new operation is met
// with nonsense by being there.
func (r *running) described() (all []described, schemas shape) {
	r.t.Helper()
	var d struct {
		Paths      map[string]map[string]shape
		Components struct{ Schemas shape }
	}
	if err := json.Unmarshal(r.ask("GET", "/openapi.json", "", nil).body, &d); err != nil {
		r.t.Fatal(err)
	}
	for path, methods := range d.Paths {
		for method, o := range methods {
			all = append(all, describedBy(strings.ToUpper(method), path, o))
		}
	}
	if len(all) < 60 {
		r.t.Fatalf("the description has %d operations", len(all))
	}
	slices.SortFunc(all, func(x, y described) int { return strings.Compare(x.path+x.method, y.path+y.method) })
	return all, d.Components.Schemas
}

func describedBy(method, path string, o shape) described {
	d := described{method: method, path: path, answers: map[string]bool{}}
	d.access, _ = o["x-access"].(string)
	list, _ := o["parameters"].([]any)
	for _, p := range list {
		p := shape(p.(map[string]any))
		d.parameters = append(d.parameters, parameter{p["name"].(string), p["in"].(string), p.inner("schema")})
	}
	for media, content := range shape(o).inner("requestBody").inner("content") {
		d.media, d.body = media, shape(content.(map[string]any)).inner("schema")
	}
	for status, answer := range o.inner("responses") {
		d.answers[status] = true
		for media := range shape(answer.(map[string]any)).inner("content") {
			d.streams = d.streams || media == "text/event-stream" || media == "application/x-ndjson"
		}
	}
	return d
}

func (s shape) inner(name string) shape {
	inner, _ := s[name].(map[string]any)
	return inner
}

// fool makes requests that are right but for one thing, or wrong altogether: the same ones for the
// same seed.
type fool struct {
	*rand.Rand
	schemas shape
	ids     []string // that stand for records, of this workspace and of another
}

func (f *fool) one(of ...string) string { return of[f.IntN(len(of))] }

// rarely is true once in so many times.
func (f *fool) rarely(n int) bool { return f.IntN(n) == 0 }

// names are texts that something might trip over.
var names = []string{
	"", " ", "x", "\x00", "a\x00b", "\xff\xfe", "é\xc3", "\u202e\u0000", "../../etc/passwd", "..%2f..", "%00", "%ff", "'; DROP TABLE users; --", "$(id)", "{{.}}", "<script>alert(1)</script>",
	"=cmd|' /C calc'!A0", "a\r\nSet-Cookie: x=y", "null", "-1", "0", "9999999999999999999999", "1e999", "NaN", "*", "%", "_", "\\", "[", "(", "{", "01K00000000000000000000000", "😀😀", "\ufeff", "x:y", ":", "http://169.254.169.254/",
}

// times lie at the ends of what can be written.
var times = []string{
	"2026-11-01T00:00:00Z", "2026-11-01T11:00:00+01:00", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59", "1969-12-31T23:59:59Z", "2262-04-12T00:00:00Z", "1677-01-01T00:00:00Z",
	"2026-02-30T00:00:00Z", "yesterday", "1761955200", "",
}

var numbers = []any{-1, 0, 1, 59, 1000, 1001, 100000, 2147483648, -2147483649, 9223372036854775807, json.Number("9223372036854775808"), json.Number("-1e308"), json.Number("1e999"), 0.5, json.Number("1e-400")}

// text is a text of any kind, now and then a long one.
func (f *fool) text() string {
	switch {
	case f.rarely(40):
		return strings.Repeat("x", 1<<20)
	case f.rarely(30):
		return strings.Repeat(f.one("(", "[", "*", "a.", "\x00", "é"), 5000)
	}
	return f.one(names...)
}

// wrong is a value of a kind that nobody asked for.
func (f *fool) wrong() any {
	switch f.IntN(9) {
	case 0:
		return nil
	case 1:
		return f.IntN(2) == 0
	case 2:
		return numbers[f.IntN(len(numbers))]
	case 3:
		return []any{f.text()}
	case 4:
		return map[string]any{f.one(names...): f.one(names...)}
	case 5:
		return deep(f.one("list", "object"), 1+f.IntN(12_000))
	case 6:
		return f.one(times...)
	case 7:
		return f.one(f.ids...)
	}
	return f.text()
}

// deep stands for a value in so many others: an encoder would refuse to write it.
func deep(kind string, levels int) string { return fmt.Sprintf("@%s %d@", kind, levels) }

var deepText = regexp.MustCompile(`"@(list|object) (\d+)@"`)

// deepened puts values in others where deep stands for them.
func deepened(text []byte) []byte {
	return deepText.ReplaceAllFunc(text, func(found []byte) []byte {
		of := deepText.FindSubmatch(found)
		levels, _ := strconv.Atoi(string(of[2])) // digits alone
		open, closing := "[", "]"
		if string(of[1]) == "object" {
			open, closing = `{"a":`, "}"
		}
		return []byte(strings.Repeat(open, levels) + "1" + strings.Repeat(closing, levels))
	})
}

// value is one that the schema takes, as far as it tells.
func (f *fool) value(s shape, name string, depth int) any {
	if ref, ok := s["$ref"].(string); ok {
		return f.value(f.schemas.inner(ref[strings.LastIndex(ref, "/")+1:]), name, depth)
	}
	if list, ok := s["enum"].([]any); ok {
		return list[f.IntN(len(list))]
	}
	kind, _ := s["type"].(string)
	switch kind {
	case "object":
		return f.object(s, depth)
	case "array":
		out := []any{}
		for range f.IntN(3) {
			out = append(out, f.value(s.inner("items"), name, depth+1))
		}
		return out
	case "boolean":
		return f.IntN(2) == 0
	case "integer", "number":
		return f.number(s)
	case "string":
		return f.word(s, name)
	}
	return f.wrong() // a schema that takes anything
}

func (f *fool) object(s shape, depth int) map[string]any {
	out := map[string]any{}
	required := map[string]bool{}
	list, _ := s["required"].([]any)
	for _, name := range list {
		required[name.(string)] = true
	}
	properties := s.inner("properties")
	for _, name := range keysOf(properties) {
		if required[name] || depth < 4 && f.IntN(2) == 0 {
			out[name] = f.value(properties.inner(name), name, depth+1)
		}
	}
	if more := s.inner("additionalProperties"); more != nil && depth < 4 {
		out[f.one("url", "host", "a", "x-y", "\x00", "é")] = f.value(more, "", depth+1)
	}
	return out
}

func keysOf(s shape) []string {
	var names []string
	for name := range s {
		if name != "$schema" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

func (f *fool) number(s shape) any {
	least, hasLeast := s["minimum"].(float64)
	most, hasMost := s["maximum"].(float64)
	if !hasLeast {
		least = 0
	}
	if !hasMost {
		most = least + 1000
	}
	switch f.IntN(4) {
	case 0:
		return int64(least)
	case 1:
		return int64(most)
	}
	return int64(least) + f.Int64N(int64(most-least)+1)
}

func (f *fool) word(s shape, name string) string {
	switch s["format"] {
	case "date-time":
		return f.one(times[:10]...)
	case "uri":
		return "http://169.254.169.254/" // is refused before anybody is asked
	case "email":
		return "a@example.com"
	}
	if name == "schedule" || name == "time_zone" || name == "kind" || name == "draft" {
		return f.one("0 * * * *", "Europe/Berlin", "webhook", "string", "import memseep\ndef f():\n    return 1\n", "host", "31 2 30 2 *", f.text())
	}
	if f.rarely(3) {
		return f.one(f.ids...)
	}
	least, _ := s["minLength"].(float64)
	text := f.one(names...)
	return text + strings.Repeat("x", max(0, int(least)-len(text)))
}

// spoiled puts one wrong thing somewhere into a value.
func (f *fool) spoiled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 || f.rarely(6) {
			return f.wrong()
		}
		names := keysOf(v)
		name := names[f.IntN(len(names))]
		if f.rarely(8) {
			delete(v, name)
			return v
		}
		v[name] = f.spoiled(v[name])
		return v
	case []any:
		if len(v) == 0 || f.rarely(6) {
			return f.wrong()
		}
		i := f.IntN(len(v))
		v[i] = f.spoiled(v[i])
		return v
	}
	return f.wrong()
}

// bodyOf is a body of an operation: right, spoiled or no JSON at all. A text that is not UTF-8 is sent
// as it is, which an encoder would not do.
func (f *fool) bodyOf(o described) []byte {
	if f.rarely(12) {
		return []byte(f.one("", "null", "[]", `""`, "1e999", `{"name":`, "{\"name\":\"\xff\xfe\"}", "\x00", strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 100_000), "\xef\xbb\xbf{}", "name=x&value=y", "<xml/>", strings.Repeat(" ", 2<<20)))
	}
	if o.media != "application/json" {
		return []byte(f.one("inspections: []", "inspections:\n- name: x\n  schedule: 0 * * * *\n", "a: &a [*a]", "inspections: {", "inspections:\n- name: \"\\0\"\n", "- \xff", strings.Repeat("[", 20_000), f.text()))
	}
	v := f.value(o.body, "", 0)
	if !f.rarely(3) {
		v = f.spoiled(v)
	}
	text, err := json.Marshal(v)
	if err != nil { // a number that JSON has no place for: as the text that it is
		return []byte(fmt.Sprint(v))
	}
	text = deepened(text)
	if f.rarely(10) {
		text = bytes.ReplaceAll(text, []byte("x"), []byte("\xc3\x28"))
	}
	return text
}

// queryOf are parameters of an operation, and now and then one that it does not have.
func (f *fool) queryOf(o described) string {
	q := url.Values{}
	for _, p := range o.parameters {
		if p.in != "query" || f.IntN(3) > 0 {
			continue
		}
		v := f.value(p.shape, p.name, 0)
		if f.IntN(2) == 0 {
			v = f.wrong()
		}
		if list, ok := v.([]any); ok {
			for _, one := range list {
				q.Add(p.name, short(one))
			}
			continue
		}
		q.Add(p.name, short(v))
	}
	if f.rarely(10) {
		q.Add(f.one("workspace", "token", "x", "\x00"), f.one(f.ids...))
	}
	text := q.Encode()
	if f.rarely(15) {
		text += f.one("&&&", "%zz", "&limit", "&a=%", ";x=y", "&limit=1&limit=2", "&cursor=W10", "&cursor=bnVsbA", "&cursor=WzFd", "&cursor=W1wiXFwwXCJd")
	}
	return text
}

// short is a text that fits into an address.
func short(v any) string {
	text := fmt.Sprint(v)
	return text[:min(len(text), 20_000)]
}
