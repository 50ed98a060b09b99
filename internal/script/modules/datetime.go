package modules

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/memseep/memseep/internal/script/runtime"
)

// datetimeModule is datetime: datetime.now(), .fromtimestamp(), .strptime(), timedelta, timezone.utc.
func datetimeModule(s *Set) starlark.StringDict {
	return starlark.StringDict{
		"datetime": &Module{"datetime.datetime", functions(map[string]function{
			"now":   s.nowFunction,
			"today": s.nowFunction,
			"utcnow": func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
				return moment(s.Now().UTC()), nil
			},
			"fromtimestamp": fromTimestamp,
			"strptime":      strptime,
		})},
		"timedelta": starlark.NewBuiltin("timedelta", newSpan),
		"timezone":  &Module{"datetime.timezone", starlark.StringDict{"utc": starlark.String("utc")}},
	}
}

func (s *Set) nowFunction(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args)+len(kwargs) > 0 {
		return moment(s.Now().UTC()), nil // the only zone that a script can name
	}
	return moment(s.Now()), nil
}

func fromTimestamp(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var at, zone starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "timestamp", &at, "tz?", &zone); err != nil {
		return nil, err
	}
	f, ok := starlark.AsFloat(at)
	if !ok || f > 1e11 || f < -1e11 {
		return nil, runtime.Fail(runtime.ValueError, "fromtimestamp takes seconds since 1970, not %s", runtime.Repr(at))
	}
	t := time.UnixMicro(int64(f * 1e6))
	if zone != nil && zone != starlark.None {
		t = t.UTC()
	}
	return moment(t), nil
}

// layouts maps Python's directives to Go's.
var layouts = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'I': "03", 'p': "PM", 'f': "000000",
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'z': "-0700", 'Z': "MST", 'F': "2006-01-02", 'T': "15:04:05", 'j': "002",
}

func strftime(t time.Time, format string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; c {
		case '%':
			b.WriteByte('%')
		case 'w':
			fmt.Fprint(&b, int(t.Weekday()))
		case 's':
			fmt.Fprint(&b, t.Unix())
		case 'f':
			fmt.Fprintf(&b, "%06d", t.Nanosecond()/1000)
		default:
			layout, ok := layouts[c]
			if !ok {
				return "", runtime.Fail(runtime.ValueError, "strftime: %%%c is not supported", c)
			}
			b.WriteString(t.Format(layout))
		}
	}
	return b.String(), nil
}

func strptime(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var text, format string
	if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 2, &text, &format); err != nil {
		return nil, err
	}
	var layout strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			layout.WriteByte(format[i])
			continue
		}
		i++
		part, ok := layouts[format[i]]
		if !ok {
			return nil, runtime.Fail(runtime.ValueError, "strptime: %%%c is not supported", format[i])
		}
		layout.WriteString(part)
	}
	t, err := time.ParseInLocation(layout.String(), text, time.Local)
	if err != nil {
		return nil, runtime.Fail(runtime.ValueError, "time data %q does not match format %q", text, format)
	}
	return moment(t), nil
}

// moment is a datetime.
type moment time.Time

func (m moment) String() string        { return time.Time(m).Format("2006-01-02 15:04:05") }
func (m moment) Type() string          { return "datetime" }
func (m moment) Freeze()               {}
func (m moment) Truth() starlark.Bool  { return true }
func (m moment) Hash() (uint32, error) { return uint32(time.Time(m).Unix()), nil } //nolint:gosec // a hash may wrap

// Format is what an f-string makes of {moment:%H:%M}.
func (m moment) Format(format string) (string, bool) {
	text, err := strftime(time.Time(m), format)
	return text, err == nil
}

// AttrNames are those of Python's datetime that scripts use.
func (m moment) AttrNames() []string {
	return []string{"day", "hour", "isoformat", "isoweekday", "microsecond", "minute", "month", "second", "strftime", "timestamp", "weekday", "year"}
}

// Attr is a part of the time, or a method.
func (m moment) Attr(name string) (starlark.Value, error) {
	t := time.Time(m)
	number := map[string]int{
		"year": t.Year(), "month": int(t.Month()), "day": t.Day(), "hour": t.Hour(), "minute": t.Minute(), "second": t.Second(), "microsecond": t.Nanosecond() / 1000,
	}
	if n, ok := number[name]; ok {
		return starlark.MakeInt(n), nil
	}
	weekday := (int(t.Weekday()) + 6) % 7
	method := map[string]func(args starlark.Tuple) (starlark.Value, error){
		"weekday":    func(starlark.Tuple) (starlark.Value, error) { return starlark.MakeInt(weekday), nil },
		"isoweekday": func(starlark.Tuple) (starlark.Value, error) { return starlark.MakeInt(weekday + 1), nil },
		"isoformat": func(starlark.Tuple) (starlark.Value, error) {
			return starlark.String(t.Format("2006-01-02T15:04:05")), nil
		},
		"timestamp": func(starlark.Tuple) (starlark.Value, error) { return starlark.Float(float64(t.UnixMicro()) / 1e6), nil },
		"strftime": func(args starlark.Tuple) (starlark.Value, error) {
			if len(args) != 1 {
				return nil, runtime.Fail(runtime.TypeError, "strftime takes a format")
			}
			text, err := strftime(t, runtime.Text(args[0]))
			return starlark.String(text), err
		},
	}[name]
	if method == nil {
		return nil, nil
	}
	return starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		return method(args)
	}), nil
}

// CompareSameType orders moments.
func (m moment) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	return compared(op, time.Time(m).Compare(time.Time(y.(moment)))), nil
}

func compared(op syntax.Token, order int) bool {
	switch op {
	case syntax.EQL:
		return order == 0
	case syntax.NEQ:
		return order != 0
	case syntax.LT:
		return order < 0
	case syntax.LE:
		return order <= 0
	case syntax.GT:
		return order > 0
	}
	return order >= 0
}

// Binary is moment - moment, moment - timedelta and moment + timedelta.
func (m moment) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	switch y := y.(type) {
	case moment:
		if op == syntax.MINUS && side == starlark.Left {
			return span(time.Time(m).Sub(time.Time(y))), nil
		}
	case span:
		switch {
		case op == syntax.PLUS:
			return moment(time.Time(m).Add(time.Duration(y))), nil
		case op == syntax.MINUS && side == starlark.Left:
			return moment(time.Time(m).Add(-time.Duration(y))), nil
		}
	}
	return nil, nil
}

// span is a timedelta.
type span time.Duration

func newSpan(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var days, seconds, minutes, hours, weeks starlark.Value
	if err := starlark.UnpackArgs("timedelta", args, kwargs, "days?", &days, "seconds?", &seconds, "minutes?", &minutes, "hours?", &hours, "weeks?", &weeks); err != nil {
		return nil, err
	}
	total := 0.0
	for _, part := range []struct {
		v    starlark.Value
		unit float64
	}{{days, 86400}, {seconds, 1}, {minutes, 60}, {hours, 3600}, {weeks, 604800}} {
		if part.v == nil {
			continue
		}
		f, ok := starlark.AsFloat(part.v)
		if !ok {
			return nil, runtime.Fail(runtime.TypeError, "timedelta takes numbers, not %s", runtime.Repr(part.v))
		}
		total += f * part.unit
	}
	const longest = 200 * 365 * 86400
	if !(total < longest && total > -longest) {
		return nil, runtime.Fail(runtime.ValueError, "a timedelta of more than 200 years")
	}
	return span(total * float64(time.Second)), nil
}

func (s span) String() string        { return time.Duration(s).String() }
func (s span) Type() string          { return "timedelta" }
func (s span) Freeze()               {}
func (s span) Truth() starlark.Bool  { return s != 0 }
func (s span) Hash() (uint32, error) { return 0, errors.New("a timedelta is not hashable") }
func (s span) AttrNames() []string   { return []string{"days", "seconds", "total_seconds"} }

// Attr is days, seconds or total_seconds().
func (s span) Attr(name string) (starlark.Value, error) {
	whole := int64(time.Duration(s) / time.Second)
	switch name {
	case "days":
		return starlark.MakeInt64(whole / 86400), nil
	case "seconds":
		return starlark.MakeInt64(whole % 86400), nil
	case "total_seconds":
		return starlark.NewBuiltin(name, func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return starlark.Float(time.Duration(s).Seconds()), nil
		}), nil
	}
	return nil, nil
}

// CompareSameType orders timedeltas.
func (s span) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	order := 0
	switch other := y.(span); {
	case s < other:
		order = -1
	case s > other:
		order = 1
	}
	return compared(op, order), nil
}
