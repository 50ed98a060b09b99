package modules

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	starlarkmath "go.starlark.net/lib/math"
	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

var jsonModule = functions(map[string]function{"dumps": dumps, "loads": loads})

func dumps(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var v, indent, ignored starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "obj", &v, "indent?", &indent, "ensure_ascii?", &ignored, "sort_keys?", &ignored, "default?", &ignored, "separators?", &ignored); err != nil {
		return nil, err
	}
	text, err := ToJSON(v)
	if err != nil {
		return nil, err
	}
	if n, ok := indent.(starlark.Int); ok {
		width, err := starlark.AsInt32(n)
		if err != nil || width < 0 || width > 16 {
			return nil, runtime.Fail(runtime.ValueError, "json.dumps: indent is a number up to 16")
		}
		var out bytes.Buffer
		if err := json.Indent(&out, text, "", strings.Repeat(" ", width)); err != nil {
			return nil, err
		}
		return starlark.String(out.String()), nil
	}
	return starlark.String(text), nil
}

func loads(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var text string
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "s", &text); err != nil {
		return nil, err
	}
	v, err := FromJSON([]byte(text))
	if err != nil {
		return nil, runtime.Fail(runtime.ValueError, "json.loads: %v", err)
	}
	return v, nil
}

var mathModule = func() starlark.StringDict {
	made := starlark.StringDict{"inf": starlark.Float(inf), "nan": starlark.Float(nan)}
	for name, v := range starlarkmath.Module.Members {
		made[name] = v
	}
	made["isnan"] = test("isnan", func(f float64) bool { return f != f }) //nolint:staticcheck // NaN is not itself
	made["isinf"] = test("isinf", func(f float64) bool { return f == inf || f == -inf })
	return made
}()

func test(name string, is func(float64) bool) starlark.Value {
	return starlark.NewBuiltin(name, func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var v starlark.Value
		if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 1, &v); err != nil {
			return nil, err
		}
		f, ok := starlark.AsFloat(v)
		if !ok {
			return nil, runtime.Fail(runtime.TypeError, "%s takes a number", b.Name())
		}
		return starlark.Bool(is(f)), nil
	})
}

var regexpModule = func() starlark.StringDict {
	made := functions(map[string]function{
		"compile": func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			p, _, err := pattern(b, args, kwargs, 0)
			if err != nil {
				return nil, err
			}
			return compiled(p), nil
		},
		"escape": func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var text string
			err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 1, &text)
			return starlark.String(regexp.QuoteMeta(text)), err
		},
	})
	for name, f := range matchers {
		made[name] = starlark.NewBuiltin(name, func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			p, rest, err := pattern(b, args, kwargs, 1)
			if err != nil {
				return nil, err
			}
			return f(p, rest)
		})
	}
	made["IGNORECASE"], made["I"] = starlark.MakeInt(ignoreCase), starlark.MakeInt(ignoreCase)
	return made
}()

const ignoreCase = 2

// pattern reads (pattern, texts…, flags=).
func pattern(b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple, texts int) (*regexp.Regexp, []string, error) {
	flags := 0
	for _, k := range kwargs {
		if k[0] == starlark.String("flags") {
			args = append(args[:len(args):len(args)], k[1])
		}
	}
	var rest []string
	for i, a := range args {
		if n, ok := a.(starlark.Int); ok && i > texts {
			flags, _ = starlark.AsInt32(n)
			continue
		}
		text, ok := starlark.AsString(a)
		if !ok {
			return nil, nil, runtime.Fail(runtime.TypeError, "re.%s takes texts, not %s", b.Name(), a.Type())
		}
		rest = append(rest, text)
	}
	if len(rest) < 1+texts {
		return nil, nil, runtime.Fail(runtime.TypeError, "re.%s takes a pattern and a text", b.Name())
	}
	expression := rest[0]
	if flags&ignoreCase != 0 {
		expression = "(?i)" + expression
	}
	p, err := regexp.Compile(expression)
	if err != nil {
		return nil, nil, runtime.Fail(runtime.ValueError, "re.%s: %v (look-ahead and back references are not supported)", b.Name(), err)
	}
	return p, rest[1:], nil
}

// matchers take the texts behind the pattern.
var matchers = map[string]func(p *regexp.Regexp, texts []string) (starlark.Value, error){
	"match": func(p *regexp.Regexp, texts []string) (starlark.Value, error) {
		return match(p, texts[0], func(at []int) bool { return at[0] == 0 }), nil
	},
	"fullmatch": func(p *regexp.Regexp, texts []string) (starlark.Value, error) {
		return match(p, texts[0], func(at []int) bool { return at[0] == 0 && at[1] == len(texts[0]) }), nil
	},
	"search": func(p *regexp.Regexp, texts []string) (starlark.Value, error) {
		return match(p, texts[0], func([]int) bool { return true }), nil
	},
	"findall": func(p *regexp.Regexp, texts []string) (starlark.Value, error) {
		var out []starlark.Value
		for _, found := range p.FindAllStringSubmatch(texts[0], -1) {
			out = append(out, starlark.String(found[min(1, len(found)-1)]))
		}
		return starlark.NewList(out), nil
	},
	"sub": func(p *regexp.Regexp, texts []string) (starlark.Value, error) {
		if len(texts) < 2 {
			return nil, runtime.Fail(runtime.TypeError, "re.sub takes a pattern, a replacement and a text")
		}
		replacement := backReference.ReplaceAllString(strings.ReplaceAll(texts[0], "$", "$$"), "$${$1}")
		return starlark.String(p.ReplaceAllString(texts[1], replacement)), nil
	},
	"split": func(p *regexp.Regexp, texts []string) (starlark.Value, error) {
		var out []starlark.Value
		for _, part := range p.Split(texts[0], -1) {
			out = append(out, starlark.String(part))
		}
		return starlark.NewList(out), nil
	},
}

var backReference = regexp.MustCompile(`\\(\d)`)

func compiled(p *regexp.Regexp) starlark.Value {
	members := starlark.StringDict{"pattern": starlark.String(p.String())}
	for name, f := range matchers {
		members[name] = starlark.NewBuiltin(name, func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			var texts []string
			for _, a := range args {
				text, ok := starlark.AsString(a)
				if !ok {
					return nil, runtime.Fail(runtime.TypeError, "%s takes texts, not %s", b.Name(), a.Type())
				}
				texts = append(texts, text)
			}
			if len(texts) == 0 {
				return nil, runtime.Fail(runtime.TypeError, "%s takes a text", b.Name())
			}
			return f(p, texts)
		})
	}
	return &Module{"re.Pattern", members}
}

// match is a match object, or None.
func match(p *regexp.Regexp, text string, accept func(at []int) bool) starlark.Value {
	at := p.FindStringSubmatchIndex(text)
	if at == nil || !accept(at) {
		return starlark.None
	}
	group := func(n int) starlark.Value {
		if at[2*n] < 0 {
			return starlark.None
		}
		return starlark.String(text[at[2*n]:at[2*n+1]])
	}
	return &Module{"re.Match", functions(map[string]function{
		"group": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			if len(args) == 0 {
				return group(0), nil
			}
			n, err := starlark.AsInt32(args[0])
			if name, isName := starlark.AsString(args[0]); isName {
				n, err = p.SubexpIndex(name), nil
			}
			if err != nil || n < 0 || 2*n >= len(at) {
				return nil, runtime.Fail(runtime.ValueError, "the pattern has no group %s", runtime.Text(args[0]))
			}
			return group(n), nil
		},
		"groups": func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			var out starlark.Tuple
			for n := 1; 2*n < len(at); n++ {
				out = append(out, group(n))
			}
			return out, nil
		},
		"start": func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return starlark.MakeInt(at[0]), nil
		},
		"end": func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return starlark.MakeInt(at[1]), nil
		},
	})}
}

func timeModule(s *Set) starlark.StringDict {
	return functions(map[string]function{
		"time": func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return starlark.Float(float64(s.Now().UnixMicro()) / 1e6), nil
		},
		"strftime": func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var format string
			if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 1, &format); err != nil {
				return nil, err
			}
			text, err := strftime(s.Now(), format)
			return starlark.String(text), err
		},
		"sleep": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			const longest = time.Minute
			if len(args) == 1 {
				if seconds, ok := starlark.AsFloat(args[0]); ok && seconds > 0 {
					time.Sleep(min(time.Duration(seconds*float64(time.Second)), longest))
				}
			}
			return starlark.None, nil
		},
	})
}
