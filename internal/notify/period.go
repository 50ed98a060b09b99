package notify

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/memseep/memseep/internal/state"
)

// Within tells whether a time lies in a period, and when that occurrence of it begins and ends; an
// end that does not come is zero.
func Within(p state.Period, zone *time.Location, at time.Time) (begins, ends time.Time, in bool) {
	if at.Before(p.From) || !p.To.IsZero() && !at.Before(p.To) {
		return time.Time{}, time.Time{}, false
	}
	if p.Cron == "" {
		return p.From, p.To, true
	}
	line, err := parseCron(p.Cron)
	if err != nil {
		return time.Time{}, time.Time{}, false
	}
	// The first beginning later than For ago is the only one that can hold the time, or others that
	// overlap with it do too.
	begins = nextOf(line, zone, at.Add(-p.For))
	if begins.IsZero() || begins.After(at) {
		return time.Time{}, time.Time{}, false
	}
	return begins.UTC(), earlier(begins.Add(p.For).UTC(), p.To), true
}

// Next is when a period begins the next time after a time; zero where it does not.
func Next(p state.Period, zone *time.Location, after time.Time) time.Time {
	if p.Cron == "" {
		if p.From.After(after) {
			return p.From
		}
		return time.Time{}
	}
	line, err := parseCron(p.Cron)
	if err != nil {
		return time.Time{}
	}
	if from := p.From.Add(-time.Nanosecond); from.After(after) {
		after = from
	}
	next := nextOf(line, zone, after)
	if next.IsZero() || !p.To.IsZero() && !next.Before(p.To) {
		return time.Time{}
	}
	return next.UTC()
}

// nextOf is the first time of a crontab line after a time, by the clocks of a zone. What lies in an hour that clocks
// leave out begins at its end; what lies in one that comes twice begins the first time.
func nextOf(line cron.Schedule, zone *time.Location, after time.Time) time.Time {
	for shown := shownAt(after, zone); ; {
		if shown = line.Next(shown); shown.IsZero() {
			return time.Time{}
		}
		if at := whenShown(shown, zone); at.After(after) {
			return at
		}
	}
}

// shownAt is what clocks of a zone show at a time, as if they were those of UTC.
func shownAt(at time.Time, zone *time.Location) time.Time {
	_, offset := at.In(zone).Zone()
	return at.UTC().Add(time.Duration(offset) * time.Second)
}

// whenShown is the first time at which clocks of a zone show this, or more.
func whenShown(shown time.Time, zone *time.Location) time.Time {
	at := time.Date(shown.Year(), shown.Month(), shown.Day(), shown.Hour(), shown.Minute(), shown.Second(), shown.Nanosecond(), zone)
	begins, ends := at.ZoneBounds()
	switch there := shownAt(at, zone); {
	case there.After(shown): // it was left out
		return begins
	case there.Before(shown):
		return ends
	}
	if begins.IsZero() { // clocks were never set
		return at
	}
	_, is := at.Zone()
	_, was := begins.Add(-1).Zone()
	if back := time.Duration(was-is) * time.Second; at.Sub(begins) < back { // it comes twice
		return at.Add(-back)
	}
	return at
}

// maxFor is how long an occurrence may last: a month.
const maxFor = 31 * 24 * time.Hour

// CheckPeriod says what is wrong with a period, nil where nothing is.
func CheckPeriod(p state.Period) error {
	switch {
	case !p.From.IsZero() && !p.To.IsZero() && !p.From.Before(p.To):
		return errors.New("it has to end after it begins")
	case p.Cron == "" && p.For != 0:
		return errors.New("a duration belongs to a time that comes again: write when it begins as five fields of a crontab line")
	case p.Cron == "":
		return nil
	case p.For < time.Minute || p.For > maxFor:
		return errors.New("a time that comes again lasts from a minute to 31 days")
	}
	_, err := parseCron(p.Cron)
	return err
}

// CheckZone says what is wrong with a time zone, nil where nothing is.
func CheckZone(zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return fmt.Errorf("time zone %q is not known: write an IANA name as in Europe/Berlin", zone)
	}
	return nil
}

func parseCron(line string) (cron.Schedule, error) {
	if len(strings.Fields(line)) != 5 || strings.Contains(line, "=") {
		return nil, fmt.Errorf("%q: write five fields, minute hour day month weekday, as in \"0 22 * * 5\"", line)
	}
	s, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(line)
	if err != nil {
		return nil, fmt.Errorf("%q: %w (Sunday is 0)", line, err)
	}
	return s, nil // in the zone of the time that it is asked with
}

// location is a time zone that was checked; UTC where it is not known any more.
func location(zone string) *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return time.UTC
	}
	return l
}

func earlier(a, b time.Time) time.Time {
	if !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
