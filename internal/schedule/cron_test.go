package schedule

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNextRunFollowsTheZonesClock(t *testing.T) {
	tests := []struct {
		name, schedule, zone, after string
		want                        []string // the next runs, one after the other
	}{
		{"hourly", "0 * * * *", "", "2026-03-01T10:00:00Z", []string{"2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z"}},
		{"strictly after", "30 4 * * *", "UTC", "2026-03-01T04:30:00Z", []string{"2026-03-02T04:30:00Z"}},
		{"seconds are cut", "30 4 * * *", "UTC", "2026-03-01T04:29:59.9Z", []string{"2026-03-01T04:30:00Z"}},
		{"a zone", "0 9 * * *", "Asia/Shanghai", "2026-03-01T00:00:00Z", []string{"2026-03-01T01:00:00Z", "2026-03-02T01:00:00Z"}},
		{"half an hour of zone", "0 9 * * *", "Asia/Kolkata", "2026-03-01T00:00:00Z", []string{"2026-03-01T03:30:00Z"}},
		{"weekdays", "0 6 * * mon-fri", "", "2026-03-06T07:00:00Z", []string{"2026-03-09T06:00:00Z"}},
		{"7 is Sunday", "0 6 * * 7", "", "2026-03-02T00:00:00Z", []string{"2026-03-08T06:00:00Z"}},
		{"up to 7", "0 6 * * 6-7", "", "2026-03-02T00:00:00Z", []string{"2026-03-07T06:00:00Z", "2026-03-08T06:00:00Z", "2026-03-14T06:00:00Z"}},
		{"day or weekday", "0 6 13 * 5", "", "2026-03-07T00:00:00Z", []string{"2026-03-13T06:00:00Z", "2026-03-20T06:00:00Z"}},
		{"leap day", "0 0 29 2 *", "", "2026-01-01T00:00:00Z", []string{"2028-02-29T00:00:00Z"}},

		{"a time left out runs once after the gap", "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
			[]string{"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"}},
		{"two left out are one run", "10,40 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z",
			[]string{"2026-03-29T01:00:00Z", "2026-03-30T00:10:00Z"}},
		{"hourly over the gap", "0 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z",
			[]string{"2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"}},
		{"asked for within the day of the gap", "30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", []string{"2026-03-30T00:30:00Z"}},
		{"a time that comes twice runs once", "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z",
			[]string{"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		{"set after the first of two", "30 2 * * *", "Europe/Berlin", "2026-10-25T00:50:00Z", []string{"2026-10-26T01:30:00Z"}},
		{"hourly where an hour comes twice", "0 * * * *", "Europe/Berlin", "2026-10-24T23:00:00Z",
			[]string{"2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"}},
		{"every quarter where an hour comes twice", "*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z",
			[]string{"2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z"}},
		{"New York", "30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", []string{"2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}},
		{"half an hour is set", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z",
			[]string{"2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"}},
		{"midnight left out", "0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00Z", []string{"2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}},
		{"a whole day left out", "0 12 * * *", "Pacific/Apia", "2011-12-29T23:00:00Z",
			[]string{"2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at := when(t, tt.after)
			for _, want := range tt.want {
				next, err := NextRun(tt.schedule, tt.zone, at)
				if err != nil || !next.Equal(when(t, want)) {
					t.Fatalf("after %s: %s, %v; want %s", at.Format(time.RFC3339), next.Format(time.RFC3339), err, want)
				}
				at = next
			}
		})
	}
}

func when(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAWrongScheduleSaysWhatToWrite(t *testing.T) {
	tests := []struct{ name, schedule, zone, want string }{
		{"empty", "", "", "five fields"},
		{"six fields", "0 0 * * * *", "", "five fields"},
		{"a zone inside", "TZ=UTC * * * *", "", "five fields"},
		{"a word", "@hourly 0 0 0 0", "", "@hourly"},
		{"minute 60", "60 * * * *", "", "60"},
		{"a zone that is none", "0 * * * *", "Mars/Olympus", "IANA"},
		{"the machine's zone", "0 * * * *", "Local", "IANA"},
		{"never", "0 0 30 2 *", "", "never comes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := CheckSchedule(tt.schedule, tt.zone)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q in it", err, tt.want)
			}
		})
	}
	if err := CheckSchedule("0 0 30 2 *", ""); !errors.Is(err, ErrNever) {
		t.Errorf("%v is not ErrNever", err)
	}
}

func FuzzNextRun(f *testing.F) {
	f.Add("0 * * * *", "Europe/Berlin", int64(1792886400))
	f.Add("30 2 * * 7", "America/Sao_Paulo", int64(1541246400))
	f.Add("*/5 1-3,22 1,15 jan-mar sun", "Pacific/Apia", int64(1325199600))
	f.Add("TZ= * * * *", "", int64(0))
	f.Fuzz(func(t *testing.T, schedule, zone string, unix int64) {
		after := time.Unix(unix%(1<<33), 0)
		next, err := NextRun(schedule, zone, after)
		if err != nil {
			return
		}
		if !next.After(after) {
			t.Errorf("%q in %q after %s is %s", schedule, zone, after, next)
		}
		// Nothing lies between: asked a second before, it is the same.
		if again, err := NextRun(schedule, zone, next.Add(-time.Second)); err != nil || !again.Equal(next) {
			t.Errorf("%q in %q: %s, asked just before it %s, %v", schedule, zone, next, again, err)
		}
	})
}
