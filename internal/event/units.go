package event

import (
	"math"
	"strconv"
	"time"

	"github.com/memseep/memseep/leak"
)

// amount is a value with its unit: "71.2 %", "4.2 GiB".
func amount(v float64, unit string) string {
	if unit == leak.Bytes.String() {
		return size(v)
	}
	return digits(v) + " %"
}

// rate is the growth of an hour; empty where it does not grow.
func rate(v float64, unit, lang string) string {
	if !(v > 0) {
		return ""
	}
	return amount(v, unit)
}

func size(v float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	i := 0
	for ; math.Abs(v) >= 1023.5 && i < len(units)-1; i++ {
		v /= 1024
	}
	if i == 0 {
		return strconv.FormatFloat(v, 'f', 0, 64) + " B"
	}
	return digits(v) + " " + units[i]
}

// digits keeps three of them.
func digits(v float64) string {
	places := 2
	switch a := math.Abs(v); {
	case a >= 100:
		places = 0
	case a >= 10:
		places = 1
	case a < 0.1 && a > 0:
		places = 3
	}
	return strconv.FormatFloat(v, 'f', places, 64)
}

// span is a length of time in its two largest units.
func span(d time.Duration, lang string) string {
	d = max(d, 0).Round(time.Minute)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	s := say(lang)
	switch {
	case days >= 10:
		return s("%d days", "%d 天", days)
	case days > 0:
		return s("%d d %d h", "%d 天 %d 小时", days, hours)
	case hours > 0:
		return s("%d h %d min", "%d 小时 %d 分钟", hours, minutes)
	}
	return s("%d min", "%d 分钟", minutes)
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
