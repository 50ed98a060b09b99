package event

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
)

func TestIncidents(t *testing.T) {
	// "id host name minutes [incident]"
	parse := func(lines string) []Event {
		var out []Event
		for line := range strings.SplitSeq(lines, ";") {
			var id, host, name, incident string
			var minutes int
			if n, _ := fmt.Sscan(line, &id, &host, &name, &minutes, &incident); n < 4 {
				continue
			}
			out = append(out, Event{
				ID: id, Status: Open, IncidentID: incident, Onset: midnight.Add(time.Duration(minutes) * time.Minute),
				Object: leak.Object{Kind: leak.KindProcess, Host: host, Name: name}, Owner: name,
			})
		}
		return out
	}
	for _, c := range []struct{ name, opened, before, want string }{
		{"two hosts are none", "1 a java 0; 2 b java 10", "", ""},
		{"three within the hour", "1 a java 0; 2 b java 10; 3 c java 60", "", "1→1 2→1 3→1"},
		{"three workloads of one host", "1 a java 0; 2 a java 10; 3 a java 20", "", ""},
		{"not together", "1 a java 0; 2 b java 50; 3 c java 100", "", ""},
		{"other workloads", "1 a java 0; 2 b db 0; 3 c web 0", "", ""},
		{"the third comes later", "3 c java 20", "1 a java 0; 2 b java 10", "1→1 2→1 3→1"},
		{"joins", "4 d java 70", "1 a java 0 1; 2 b java 10 1; 3 c java 20 1", "4→1"},
		{"comes too late", "4 d java 90", "1 a java 0 1; 2 b java 10 1; 3 c java 20 1", ""},
		{"two incidents meet", "7 g java 60", "1 a java 0 1; 2 b java 10 1; 5 e java 110 5; 6 f java 120 5", "5→1 6→1 7→1"},
		{"nothing was opened", "", "1 a java 0; 2 b java 0; 3 c java 0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, tr := range Incidents(parse(c.opened), parse(c.before), midnight) {
				got = append(got, tr.Event.ID+"→"+tr.Event.IncidentID)
				if len(tr.Entries) != 1 || tr.Entries[0].Change != JoinedIncident || tr.Entries[0].Note != tr.Event.IncidentID || tr.New {
					t.Errorf("%s: entries %+v", tr.Event.ID, tr.Entries)
				}
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
}
