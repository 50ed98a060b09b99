package notify

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// amount is a value with its unit.
func amount(v float64, unit string) string {
	if unit == leak.Bytes.String() {
		return size(v)
	}
	return digits(v) + " %"
}

// size is a number of bytes.
func size(v float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
	i := 0
	for ; math.Abs(v) >= 1023.5 && i < len(units)-1; i++ {
		v /= 1024
	}
	return digits(v) + " " + units[i]
}

// digits is a number with three digits that matter.
func digits(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// duration is a time that passes, to the minute.
func duration(d time.Duration, language string) string {
	d = max(d, 0)
	minutes := int(d.Round(time.Minute) / time.Minute)
	days, hours := minutes/(24*60), minutes/60%24
	zh := language == "zh"
	pick := func(en, zhForm string, values ...any) string {
		if zh {
			return fmt.Sprintf(zhForm, values...)
		}
		return fmt.Sprintf(en, values...)
	}
	switch {
	case d < time.Minute:
		return pick("%d s", "%d 秒", int(d.Round(time.Second)/time.Second))
	case days >= 10:
		return pick("%d days", "%d 天", days)
	case days > 0:
		return pick("%d d %d h", "%d 天 %d 小时", days, hours)
	case hours > 0:
		return pick("%d h %d min", "%d 小时 %d 分钟", hours, minutes%60)
	}
	return pick("%d min", "%d 分钟", minutes)
}

// clock is a time as people in the policy's zone read it.
func clock(t time.Time, p *state.Policy) string { return clockIn(t, zoneOf(p)) }

func zoneOf(p *state.Policy) *time.Location {
	if p == nil {
		return time.UTC
	}
	return location(p.TimeZone)
}

func clockIn(t time.Time, zone *time.Location) string {
	layout := "2006-01-02 15:04 UTC"
	if _, offset := t.In(zone).Zone(); offset != 0 {
		layout += "-07:00" // names such as CST are of several zones
	}
	return t.In(zone).Format(layout)
}

var utcClock = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d UTC`)

// inZone writes the times of a text, which package event gives in UTC, in another zone.
func inZone(text string, zone *time.Location) string {
	if zone == time.UTC {
		return text
	}
	return utcClock.ReplaceAllStringFunc(text, func(s string) string {
		t, err := time.Parse("2006-01-02 15:04 MST", s)
		if err != nil {
			return s
		}
		return clockIn(t, zone)
	})
}

// stamp is a time as programs read it; empty where there is none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
