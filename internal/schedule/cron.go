package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// ErrNever says that a schedule is well-formed and never comes, as on the 30th of February.
var ErrNever = errors.New("this time never comes")

// NextRun is the first time after the one given that a crontab line names, in UTC. The schedule has
// five fields (minute, hour, day of month, month, day of week; 7 is Sunday as 0 is), the zone is an
// IANA name, or empty for UTC.
//
// Where clocks are set forward, a time that is left out comes once, at the first moment after the
// gap. Where they are set back, a time that comes twice counts once, at the first; a schedule of
// every hour counts both, so that it goes on hourly.
func NextRun(schedule, zone string, after time.Time) (time.Time, error) {
	line, everyHour, err := parse(schedule)
	if err != nil {
		return time.Time{}, err
	}
	location, err := loadZone(zone)
	if err != nil {
		return time.Time{}, err
	}
	// No clock is set by more than this, but where a country changes the day.
	const shift = 3 * time.Hour
	now := wallOf(after.In(location))
	var next time.Time
	for wall := line.Next(now.Add(-shift)); ; wall = line.Next(wall) {
		if wall.IsZero() {
			break
		}
		if !next.IsZero() && wall.After(now.Add(shift)) {
			break
		}
		for _, t := range moments(wall, location, everyHour) {
			if t.After(after) && (next.IsZero() || t.Before(next)) {
				next = t
			}
		}
	}
	if next.IsZero() {
		return time.Time{}, fmt.Errorf("schedule %q: %w: check day and month", schedule, ErrNever)
	}
	return next.UTC(), nil
}

// CheckSchedule tells what is wrong with a schedule or its zone, nil where nothing is.
func CheckSchedule(schedule, zone string) error {
	_, err := NextRun(schedule, zone, time.Now())
	return err
}

// parse reads a crontab line; its times are those of a wall clock, kept as UTC.
func parse(schedule string) (line cron.Schedule, everyHour bool, err error) {
	fields := strings.Fields(schedule)
	if len(fields) != 5 || strings.Contains(schedule, "=") {
		return nil, false, fmt.Errorf("schedule %q: write five fields, minute hour day month weekday, as in \"0 * * * *\"", schedule)
	}
	for _, f := range fields {
		if !field.MatchString(f) {
			return nil, false, fmt.Errorf("schedule %q: %q is no field of a crontab line: numbers, names of months or days, and , - * / are", schedule, f)
		}
	}
	fields[4] = sundays(fields[4])
	parser := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	if line, err = parser.Parse(strings.Join(fields, " ")); err != nil {
		return nil, false, fmt.Errorf("schedule %q: %w", schedule, err)
	}
	spec, ok := line.(*cron.SpecSchedule)
	if !ok {
		return nil, false, fmt.Errorf("schedule %q is no crontab line", schedule)
	}
	spec.Location = time.UTC
	const allHours = 1<<24 - 1
	return spec, spec.Hour&allHours == allHours, nil
}

var field = regexp.MustCompile(`^[0-9A-Za-z,\-*/?]+$`)

// sundays writes the 7 of a field of weekdays as 0, which alone the parser knows.
func sundays(days string) string {
	var out []string
	for part := range strings.SplitSeq(days, ",") {
		first, isRange := strings.CutSuffix(part, "-7")
		switch {
		case part == "7" || part == "7-7":
			out = append(out, "0")
		case isRange:
			out = append(out, first+"-6", "0")
		default:
			out = append(out, part)
		}
	}
	return strings.Join(slices.Compact(out), ",")
}

func loadZone(zone string) (*time.Location, error) {
	if zone == "Local" { // the machine's own zone would differ between replicas
		return nil, fmt.Errorf("time zone %q is not known: write an IANA name as in Europe/Berlin", zone)
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("time zone %q is not known: write an IANA name as in Europe/Berlin", zone)
	}
	return location, nil
}

// wallOf is what the clock on the wall shows, kept as if it were UTC.
func wallOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// moments are the instants at which the clock on the wall shows this time, earliest first: one; the
// first after the gap where there is none; both of two where that is asked for, else the first.
func moments(wall time.Time, location *time.Location, both bool) []time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, location)
	start, end := t.ZoneBounds()
	if shown := wallOf(t); shown.After(wall) {
		return []time.Time{start}
	} else if shown.Before(wall) {
		return []time.Time{end}
	}
	found := []time.Time{t}
	if !start.IsZero() {
		if before := atOffset(wall, start.Add(-time.Second)); before.Before(start) {
			found = []time.Time{before, t}
		}
	}
	if !end.IsZero() {
		if after := atOffset(wall, end); !after.Before(end) {
			found = append(found, after)
		}
	}
	if both {
		return found
	}
	return found[:1]
}

// atOffset is the instant at which a clock with the offset that holds at a moment shows the wall time.
func atOffset(wall, moment time.Time) time.Time {
	_, offset := moment.Zone()
	return wall.Add(-time.Duration(offset) * time.Second).In(moment.Location())
}
