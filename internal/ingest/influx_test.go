package ingest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/memseep/memseep/internal/ingest"
)

var withKey = map[string]string{"Authorization": "Bearer " + key}

func TestInfluxNamesAndValues(t *testing.T) {
	s := serve(t, ingest.Limits{})
	lines := fmt.Sprintf("# a comment\n\nmem,host=web-1 used=1i,total=2u,free=0.5,ok=true,bad=f,name=\"x\" %[1]d\r\n"+
		"disk.io,host=web\\ 2,path-to=/a\\,b,__x=y read-bytes=3 %[1]d\n", now.UnixNano())
	expect(t, s.post(t, "/write", withKey, []byte(lines)), 204, 6, 0)
	want := map[string]string{
		"map[__name__:mem_used host:web-1]":                                 "1",
		"map[__name__:mem_total host:web-1]":                                "2",
		"map[__name__:mem_free host:web-1]":                                 "0.5",
		"map[__name__:mem_ok host:web-1]":                                   "1",
		"map[__name__:mem_bad host:web-1]":                                  "0",
		"map[__name__:disk_io_read_bytes host:web 2 path_to:/a,b tag__x:y]": "3",
	}
	if diff := cmp.Diff(want, s.query(t, `{__name__=~".+"}`, now)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestInfluxPrecision(t *testing.T) {
	s := serve(t, ingest.Limits{})
	for precision, unit := range map[string]time.Duration{
		"": 1, "n": 1, "ns": 1, "u": time.Microsecond, "us": time.Microsecond, "ms": time.Millisecond,
		"s": time.Second, "m": time.Minute, "h": time.Hour,
	} {
		line := fmt.Sprintf("mem,p=p%s used=1 %d", precision, now.UnixNano()/int64(unit))
		expect(t, s.post(t, "/write?precision="+precision, withKey, []byte(line)), 204, 1, 0)
		want := now.Truncate(unit)
		if got := s.query(t, fmt.Sprintf(`timestamp(mem_used{p="p%s"})`, precision), want); got["map[p:p"+precision+"]"] != fmt.Sprint(want.Unix()) {
			t.Errorf("precision %q: %v, want %d", precision, got, want.Unix())
		}
	}
	if a := s.post(t, "/write?precision=fortnight", withKey, []byte("a b=1")); a.status != 400 {
		t.Errorf("%d %s, want 400", a.status, a.body)
	}
	expect(t, s.post(t, "/write", withKey, []byte("a b=1")), 204, 1, 0)
	if got := s.query(t, "timestamp(a_b)", now); got["map[]"] != fmt.Sprint(now.Unix()) {
		t.Errorf("without a time: %v, want that of its arrival", got)
	}
}

// A line that is bad loses nothing else; the text is what Telegraf looks for.
func TestInfluxGoesOnAfterABadLine(t *testing.T) {
	s := serve(t, ingest.Limits{})
	body := strings.Join([]string{"mem,host=a used=1", "mem,host used=2", "garbage", "mem,host=b used=", "mem,host=c used=1 12x", "mem,host=d used=99999999999999999999i", "mem,host=e used=NaN", "mem,host=f used=3"}, "\n")
	a := s.post(t, "/write", withKey, []byte(body))
	expect(t, a, 400, 2, 6)
	var one struct{ Error string }
	if err := json.Unmarshal([]byte(a.body), &one); err != nil || !strings.HasPrefix(one.Error, "partial write: 2 samples kept, 6 refused: 6 invalid; first: line 2, column") {
		t.Errorf("%s: %v", a.body, err)
	}
	a = s.post(t, "/api/v2/write", withKey, []byte(body))
	var two struct{ Code, Message string }
	if err := json.Unmarshal([]byte(a.body), &two); err != nil || two.Code != "invalid" || !strings.HasPrefix(two.Message, "partial write: ") {
		t.Errorf("%s: %v", a.body, err)
	}
}

func TestInfluxOtherCalls(t *testing.T) {
	s := serve(t, ingest.Limits{})
	for _, c := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/ping", 204, ""},
		{"HEAD", "/ping", 204, ""},
		{"GET", "/health", 200, `"status":"pass"`},
		{"POST", "/query?q=CREATE+DATABASE+%22telegraf%22", 200, `{"results":[{"statement_id":0}]}`},
		{"POST", "/query?q=SELECT+1", 200, "InfluxQL is not spoken here"},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			a := s.send(t, c.method, c.path, withKey, nil)
			if a.status != c.status {
				t.Errorf("%d %s, want %d", a.status, a.body, c.status)
			}
			explains(t, a, c.says)
			if a := s.send(t, c.method, c.path, nil, nil); a.status != 401 {
				t.Errorf("without a key %d, want 401", a.status)
			}
		})
	}
}
