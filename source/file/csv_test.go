package file

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

func TestCSVIsReadInAnyShape(t *testing.T) {
	want := []sample{{1_800_000_000_000, 10.5}, {1_800_000_060_000, 11}}
	for _, c := range []struct{ name, text string }{
		{"plain", "timestamp,host,used_percent\n1800000000,h,10.5\n1800000060,h,11\n"},
		{"columns in another order, and others", "zone,used_percent,host,note,timestamp\na,10.5,h,x,1800000000\na,11,h,,1800000060\n"},
		{"a byte order mark and CRLF", "\ufefftimestamp,host,used_percent\r\n1800000000,h,10.5\r\n1800000060,h,11\r\n"},
		{"no end of the last line", "timestamp,host,used_percent\n1800000000,h,10.5\n1800000060,h,11"},
		{"quoted", "\"timestamp\",\"host\",\"used_percent\"\n\"1800000000\",\"h\",\"10.5\"\n1800000060,\"h\",11\n"},
		{"a comma in a quoted field before", "note,timestamp,host,used_percent\n\"a, \"\"b\"\"\",1800000000,h,10.5\n,1800000060,h,11\n"},
		{"rows out of order", "timestamp,host,used_percent\n1800000060,h,11\n1800000000,h,10.5\n"},
		{"of two at one time the last", "timestamp,host,used_percent\n1800000000,h,99\n1800000060,h,11\n1800000000,h,10.5\n"},
		{"gaps", "timestamp,host,used_percent\n1800000000,h,10.5\n1800000030,h,\n1800000040,h,NaN\n1800000060,h,11\n"},
		{"empty lines", "timestamp,host,used_percent\n\n1800000000,h,10.5\n\n1800000060,h,11\n\n"},
		{"capitals and spaces in the header", "Timestamp, Host ,USED_PERCENT\n1800000000,h,10.5\n1800000060,h,11\n"},
		{"fractions of seconds", "timestamp,host,used_percent\n1800000000.0,h,10.5\n1.80000006e9,h,11\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFleet()
			if err := readCSV(context.Background(), strings.NewReader(c.text), f); err != nil {
				t.Fatal(err)
			}
			f.settle()
			if len(f.list) != 1 || f.list[0].name != "h" {
				t.Fatalf("hosts are %v", f.list)
			}
			if got := unpack(&f.list[0].used); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestQuotedNames(t *testing.T) {
	f := newFleet()
	text := "timestamp,host,process,rss_bytes\n1800000000,\"rack 1, \"\"left\"\"\",\"a,b\",5\n"
	if err := readCSV(context.Background(), strings.NewReader(text), f); err != nil {
		t.Fatal(err)
	}
	if h := f.list[0]; h.name != `rack 1, "left"` || h.workloads[0].object.Name != "a,b" {
		t.Errorf("host %q, process %q", h.name, h.workloads[0].object.Name)
	}
}

func TestCSVErrorsTellLineAndReason(t *testing.T) {
	const hosts = "timestamp,host,used_percent,total_bytes\n1800000000,h,10,1000\n"
	const loads = "timestamp,host,kind,name,bytes,start\n1800000000,h,pod,p,10,1700000000\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"no host", "timestamp,used_percent\n1,2\n", `line 1: the header has no column timestamp or none named host`},
		{"no memory", "timestamp,host,load\n1,h,2\n", "line 1: the header has no columns of memory"},
		{"column twice", "timestamp,host,host,used_percent\n", "line 1: the column host appears twice"},
		{"too few fields", hosts + "1800000060,h\n", "line 3: 2 fields, where the header needs 4"},
		{"no time", hosts + ",h,10,1000\n", `line 3: timestamp "" is not a time in unix seconds`},
		{"date", hosts + "2026-01-01T00:00:00Z,h,10,1000\n", `"2026-01-01T00:00:00Z" is not a time in unix seconds`},
		{"milliseconds", hosts + "1800000060000,h,10,1000\n", "line 3: timestamp \"1800000060000\" is too large for unix seconds"},
		{"before 1970", hosts + "-5,h,10,1000\n", "lies before 1970"},
		{"no name", hosts + "1800000060,,10,1000\n", "line 3: the host has no name"},
		{"words", hosts + "1800000060,h,much,1000\n", `line 3: used_percent "much" is not a number`},
		{"infinite", hosts + "1800000060,h,+Inf,1000\n", "is not finite"},
		{"negative", hosts + "1800000060,h,-1,1000\n", `line 3: used_percent "-1" is no percentage`},
		{"over a hundred", hosts + "1800000060,h,4096,1000\n", `line 3: used_percent "4096" is no percentage`},
		{"huge", hosts + "1800000060,h,10,1e300\n", `line 3: number of bytes "1e300" is not between 0 and 2^60`},
		{"negative total", hosts + "1800000060,h,10,-1\n", `number of bytes "-1"`},
		{"kind", loads + "1800000060,h,thread,x,1,\n", `line 3: kind "thread" is none of process, container, pod, kernel`},
		{"workload without name", loads + "1800000060,h,pod,,1,\n", "line 3: the workload has no name"},
		{"start", loads + "1800000060,h,pod,p,1,yesterday\n", `line 3: start "yesterday" is not a time`},
		{"open quote", hosts + "1800000060,\"h,10,1000\n", "line 3: a quoted field does not end on its line"},
		{"after a quote", hosts + "1800000060,\"h\"x,10,1000\n", `line 3: a quoted field is followed by "x"`},
		{"long line", hosts + strings.Repeat("x", mostLine+1) + "\n", "line 3: longer than 1048576 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := write(t, "hosts.csv", c.text)
			_, err := Open(context.Background(), path, Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want the path and %q in it", err, c.want)
			}
		})
	}
}

func TestWorkloadsInBothLayouts(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"processes", "timestamp,host,process,rss_bytes\n1800000000,h,java,5\n", "process h/java"},
		{"kinds", "timestamp,host,kind,name,bytes\n1800000000,h,kernel,slab,5\n", "kernel h/slab"},
		{"namespace", "timestamp,host,kind,name,bytes,namespace\n1800000000,h,pod,p,5,shop\n", "pod h/shop/p"},
		{"beside the host", "timestamp,host,used_percent,process,rss_bytes\n1800000000,h,50,,\n1800000000,h,,java,5\n", "process h/java"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFleet()
			if err := readCSV(context.Background(), strings.NewReader(c.text), f); err != nil {
				t.Fatal(err)
			}
			if len(f.list) != 1 || len(f.list[0].workloads) != 1 {
				t.Fatalf("fleet is %+v", f.list)
			}
			w := f.list[0].workloads[0]
			if got := w.object.String(); got != c.want {
				t.Errorf("object is %s, want %s", got, c.want)
			}
			if got := unpack(&w.bytes); !slices.Equal(got, []sample{{1_800_000_000_000, 5}}) {
				t.Errorf("samples are %v", got)
			}
		})
	}
}

func TestDirectory(t *testing.T) {
	ctx := context.Background()
	const hosts = "timestamp,host,used_percent\n1800000000,h,10\n"
	const loads = "timestamp,host,process,rss_bytes\n1800000060,h,java,5\n1800000060,other,java,5\n"

	dir := t.TempDir()
	if _, err := Open(ctx, dir, Options{}); err == nil || !strings.Contains(err.Error(), "holds neither hosts.csv nor workloads.csv") {
		t.Errorf("an empty directory: %v", err)
	}
	put(t, filepath.Join(dir, "hosts.csv.gz"), zipped(t, hosts))
	put(t, filepath.Join(dir, "workloads.csv"), []byte(loads))
	put(t, filepath.Join(dir, "notes.csv"), []byte("no data at all"))
	var done, total int64
	s, err := Open(ctx, dir, Options{Progress: func(d, t int64) { done, total = d, t }})
	if err != nil {
		t.Fatal(err)
	}
	if done != total || total == 0 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	if newest, _ := s.Newest(ctx); newest.Unix() != 1_800_000_060 {
		t.Errorf("newest is %v: want that over all files", newest)
	}
	hs, err := s.Hosts(ctx, time.Unix(1_800_000_060, 0))
	if err != nil || len(hs) != 2 || hs[0].Name != "h" || hs[1].Name != "other" {
		t.Errorf("hosts are %v, %v", hs, err)
	}
	put(t, filepath.Join(dir, "hosts.csv"), []byte(hosts))
	if _, err := Open(ctx, dir, Options{}); err == nil || !strings.Contains(err.Error(), "holds both hosts.csv and hosts.csv.gz") {
		t.Errorf("two of a name: %v", err)
	}
}

func TestBrokenFiles(t *testing.T) {
	whole := zipped(t, "timestamp,host,used_percent\n"+strings.Repeat("1800000000,h,10\n", 10_000))
	for _, c := range []struct {
		name string
		text []byte
		want string
	}{
		{"cut off", whole[:len(whole)-20], "ends too early"},
		{"not gzip behind its mark", []byte("\x1f\x8bnonsense and more of it"), "decompress"},
		{"a header alone", []byte("timestamp,host,used_percent\n"), "not one sample"},
		{"gaps alone", []byte("timestamp,host,used_percent\n1800000000,h,\n"), "not one sample"},
		{"binary", []byte(strings.Repeat("\x00\x01", mostLine)), "is this a text file?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(context.Background(), write(t, "hosts.csv.gz", string(c.text)), Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
	if _, err := Open(context.Background(), filepath.Join(t.TempDir(), "absent.csv"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b strings.Builder
	b.WriteString("timestamp,host,used_percent\n")
	for i := range 70_000 {
		fmt.Fprintf(&b, "%d,h,10\n", 1_800_000_000+i)
	}
	if err := readCSV(ctx, strings.NewReader(b.String()), newFleet()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	put(t, path, []byte(text))
	return path
}

func put(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b strings.Builder
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}
