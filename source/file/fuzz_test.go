package file

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
)

// readAll reads every host of a content that was taken in, and holds it to what a reading promises.
func readAll(t *testing.T, c content) {
	at := time.UnixMilli(c.newest())
	hosts := c.hosts(at)
	read := c.reader(leak.Query{At: at, Window: 6 * time.Hour, History: 7 * 24 * time.Hour, Parallel: 1})
	for i := range hosts {
		if k, ok := c.find(hosts[i].Name); !ok || k != i {
			t.Fatalf("host %q is not found where it is", hosts[i].Name)
		}
		r := read(i)
		if r.Host.Name != hosts[i].Name {
			t.Fatalf("asked for %q, got %q", hosts[i].Name, r.Host.Name)
		}
		series := r.Workloads
		if r.Memory != nil {
			series = append(series[:len(series):len(series)], *r.Memory)
		}
		for _, s := range series {
			if w := s.Window; w.Step < 10 || w.End() != at.Unix() || len(w.Values) == 0 {
				t.Fatalf("window of %v: step %d, end %d, %d slots", s.Object, w.Step, w.End(), len(w.Values))
			}
			if h := s.History; h.Start%leak.FloorSeconds != 0 || len(h.Floors) > 7*96 {
				t.Fatalf("history of %v: start %d, %d floors", s.Object, h.Start, len(h.Floors))
			}
			for _, values := range [][]float64{s.Window.Values, s.History.Floors} {
				for _, v := range values {
					if v-v != 0 && v == v {
						t.Fatalf("%v holds %v", s.Object, v)
					}
				}
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"timestamp,host,used_percent,total_bytes\n1800000000,h,10.5,1000\n1800000060,h,11,1000\n",
		"timestamp,host,process,rss_bytes\n1800000000,h,java,5\n1799999940,h,java,4.5\n1799999940,h,java,4.55\n",
		"timestamp,host,kind,name,bytes,namespace,limit_bytes,start\n1800000000,h,pod,p,1e9,shop,2e9,1700000000\n",
		"\ufeff\"timestamp\",\"host\",used_percent\r\n1800000000,\"a,\"\"b\",NaN\r\n1800000000.5,b,99.123456789012345678\r\n",
		"used_percent,host,timestamp,process,rss_bytes\n,h,1800000000,java,5\n50,h,1800000000,,\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fl := newFleet()
		err := readCSV(context.Background(), bytes.NewReader(text), fl)
		var line *lineError
		if err != nil && !errors.As(err, &line) && len(text) > 3 {
			t.Fatalf("an error without a line: %v", err)
		}
		fl.settle()
		if err == nil && fl.size() > 0 && fl.last > 0 {
			readAll(t, fl)
		}
	})
}

func FuzzOpenMetrics(f *testing.F) {
	for _, seed := range []string{
		"node_memory_MemTotal_bytes{instance=\"a:9100\"} 1000 1800000000\nnode_memory_MemAvailable_bytes{instance=\"a:9100\"} 10 1800000000\n# EOF\n",
		"# TYPE x gauge\nnode_memory_MemAvailable_bytes{instance=\"a\"} 10 1800000000000\nnode_memory_MemTotal_bytes{instance=\"a\"} NaN 1800000000000\n",
		"namedprocess_namegroup_memory_bytes{instance=\"b\",groupname=\"java\",memtype=\"resident\"} 1e9 1800000000.5 # {trace=\"x\"} 1 1\n",
		"container_memory_rss{node=\"n\",namespace=\"s\",pod=\"p\",container=\"c\"} 5 1800000000\nkube_pod_owner{pod=\"p\",namespace=\"s\",owner_kind=\"ReplicaSet\",owner_name=\"r\"} 1 1800000000\n",
		"procstat_memory_rss{host=\"h\",pid=\"5\",process_name=\"x\"} -5 1800000000\nmem_used_percent{host=\"h\"} 1e308 1800000000\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		e := newExposition()
		if err := readExposition(context.Background(), bytes.NewReader(text), e); err != nil {
			var line *lineError
			if !errors.As(err, &line) {
				t.Fatalf("an error without a line: %v", err)
			}
			return
		}
		if c := newExposedFleet(e); c.size() > 0 {
			readAll(t, c)
		}
	})
}
