package proc

import (
	"testing"
	"unicode/utf8"
)

func TestParseStat(t *testing.T) {
	const rest = " S 1 700 700 0 -1 4194560 100 0 0 0 4 2 0 0 20 0 1 0 9000 331776 27750 18446744073709551615"
	for _, c := range []struct {
		name, text, comm string
		start            uint64
		kernel, bad      bool
	}{
		{name: "a program", text: "700 (dockerd)" + rest, comm: "dockerd", start: 9000},
		{name: "a name with blanks and brackets", text: "700 (a) S 1 (b) " + rest, comm: "a) S 1 (b", start: 9000},
		{name: "a thread of the kernel", text: "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 12 0 0 20 0 1 0 3 0", comm: "kthreadd", start: 3, kernel: true},
		{name: "cut off", text: "700 (dockerd) S 1 700", bad: true},
		{name: "no name", text: "700 dockerd" + rest, bad: true},
		{name: "empty", bad: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, ok := parseStat([]byte(c.text))
			if ok == c.bad {
				t.Fatalf("read: %t", ok)
			}
			if ok && (string(s.comm) != c.comm || s.startTicks != c.start || s.kernel != c.kernel) {
				t.Errorf("got %q, start %d, kernel %t", s.comm, s.startTicks, s.kernel)
			}
		})
	}
}

func TestParseStatus(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       status
	}{
		{
			"all is told", "Name:\tx\nUid:\t33\t33\t33\t33\nVmRSS:\t    1768 kB\nRssAnon:\t     116 kB\nRssFile:\t    1652 kB\nRssShmem:\t       4 kB\nVmSwap:\t       8 kB\nThreads:\t1\n",
			status{uid: 33, rss: 1768 << 10, anon: 116 << 10, file: 1652 << 10, shmem: 4 << 10, swap: 8 << 10, apart: true},
		},
		{"before Linux 4.5", "Uid:\t0\t0\nVmRSS:\t 100 kB\nVmSwap:\t 0 kB\n", status{rss: 100 << 10}},
		{"a zombie", "Name:\tx\nState:\tZ (zombie)\nUid:\t5\t5\t5\t5\n", status{uid: 5}},
		{"not a number", "VmRSS:\tmany kB\nRssAnon:\t99999999999999999999999 kB\n", status{apart: true}},
		{"cut off", "VmRSS:\t 1 kB\nRssAn", status{rss: 1 << 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := parseStatus([]byte(c.text)); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestOtherFiles(t *testing.T) {
	if got, err := parseBootTime([]byte("cpu 1 2\nbtime 1795583010\nprocesses 3\n")); err != nil || got != 1795583010 {
		t.Errorf("boot time: %v, %v", got, err)
	}
	if _, err := parseBootTime([]byte("cpu 1 2\n")); err == nil {
		t.Error("a stat without btime is taken")
	}
	if kills, ok := parseOOMKills([]byte("nr_free_pages 1\noom_kill 12\n")); !ok || kills != 12 {
		t.Errorf("kills: %d, %t", kills, ok)
	}
	if pss, ok := parsePSS([]byte("55d0-7ffe ---p 00000000 00:00 0 [rollup]\nRss:  900 kB\nPss:  120 kB\nPss_Anon: 7 kB\n")); !ok || pss != 120<<10 {
		t.Errorf("proportional set size: %d, %t", pss, ok)
	}
	if resident, shared, ok := parseStatm([]byte("1000 300 200 5 0 90 0\n")); !ok || resident != 300 || shared != 200 {
		t.Errorf("pages: %d, %d, %t", resident, shared, ok)
	}
	users := parsePasswd([]byte("root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nbroken\nwww:x:33:33::/:/bin/false\n"))
	if users[0] != "root" || users[33] != "www" || len(users) != 2 {
		t.Errorf("users: %v", users)
	}
}

func FuzzParsers(f *testing.F) {
	f.Add([]byte("700 (dockerd) S 1 700 700 0 -1 4194560 100 0 0 0 4 2 0 0 20 0 1 0 9000 331776"))
	f.Add([]byte("Uid:\t33\t33\nVmRSS:\t 1768 kB\nRssAnon:\t 116 kB\nVmSwap:\t 8 kB\n"))
	f.Add([]byte("oom_kill 3\nbtime 12\nPss: 3 kB\n1 2 3\nroot:x:0:0::/:/bin/sh\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = parseStat(text)
		s := parseStatus(text)
		if s.apart && s.anon%1024 != 0 {
			t.Errorf("%d is no number of kilobytes", s.anon)
		}
		_, _, _ = parseStatm(text)
		_, _ = parsePSS(text)
		_, _ = parseOOMKills(text)
		_, _ = parseBootTime(text)
		for _, name := range parsePasswd(text) {
			if !utf8.ValidString(name) {
				t.Errorf("%q is no text", name)
			}
		}
	})
}
