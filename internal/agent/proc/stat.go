package proc

import (
	"bytes"
	"math"
)

// stat is what /proc/PID/stat tells, see proc_pid_stat(5).
type stat struct {
	comm       []byte
	kernel     bool // a thread of the kernel, without memory of its own
	startTicks uint64
}

// The fields of /proc/PID/stat after the command's name, counted from its end.
const (
	statFlags  = 6
	statStart  = 19
	flagKernel = 0x00200000 // PF_KTHREAD
)

// parseStat reads /proc/PID/stat. The command's name may hold blanks and brackets: it ends at the
// last bracket of the line.
func parseStat(text []byte) (s stat, ok bool) {
	from, to := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if from < 0 || to < from {
		return s, false
	}
	s.comm = text[from+1 : to]
	rest := text[to+1:]
	for i := 0; i <= statStart; i++ {
		field := firstField(rest)
		if len(field) == 0 {
			return s, false
		}
		rest = bytes.TrimLeft(rest, " ")[len(field):]
		switch i {
		case statFlags:
			flags, ok := parseUint(field)
			if !ok {
				return s, false
			}
			s.kernel = flags&flagKernel != 0
		case statStart:
			if s.startTicks, ok = parseUint(field); !ok {
				return s, false
			}
		}
	}
	return s, true
}

// status is what /proc/PID/status tells, see proc_pid_status(5); memory in bytes.
type status struct {
	uid                          uint64
	rss, anon, file, shmem, swap uint64
	apart                        bool // anon, file and shmem are told: Linux 4.5 and later
}

// parseStatus reads /proc/PID/status. A process without memory, a zombie, has none of the lines.
func parseStatus(text []byte) (s status) {
	for len(text) > 0 {
		line := text
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = nil
		}
		if len(line) < 5 {
			continue
		}
		// The first letters sort out most lines.
		switch {
		case line[0] == 'U' && bytes.HasPrefix(line, []byte("Uid:")):
			s.uid, _ = parseUint(firstField(line[4:]))
		case line[0] == 'V' && bytes.HasPrefix(line, []byte("VmRSS:")):
			s.rss = parseKilobytes(line[6:])
		case line[0] == 'V' && bytes.HasPrefix(line, []byte("VmSwap:")):
			s.swap = parseKilobytes(line[7:])
			return s // the last of the lines that are wanted
		case line[0] == 'R' && bytes.HasPrefix(line, []byte("RssAnon:")):
			s.anon, s.apart = parseKilobytes(line[8:]), true
		case line[0] == 'R' && bytes.HasPrefix(line, []byte("RssFile:")):
			s.file = parseKilobytes(line[8:])
		case line[0] == 'R' && bytes.HasPrefix(line, []byte("RssShmem:")):
			s.shmem = parseKilobytes(line[9:])
		}
	}
	return s
}

// parseStatm reads the resident and the shared pages of /proc/PID/statm.
func parseStatm(text []byte) (resident, shared uint64, ok bool) {
	var fields [3]uint64
	for i := range fields {
		field := firstField(text)
		if fields[i], ok = parseUint(field); !ok {
			return 0, 0, false
		}
		text = bytes.TrimLeft(text, " \t")[len(field):]
	}
	return fields[1], fields[2], true
}

// parsePSS finds the proportional set size, in bytes, in /proc/PID/smaps_rollup.
func parsePSS(text []byte) (pss uint64, ok bool) {
	for line := range bytes.Lines(text) {
		if rest, found := bytes.CutPrefix(line, []byte("Pss:")); found {
			_, ok := parseUint(firstField(rest))
			return parseKilobytes(rest), ok
		}
	}
	return 0, false
}

// parseKilobytes reads "   1234 kB".
func parseKilobytes(text []byte) uint64 {
	n, ok := parseUint(firstField(text))
	if !ok || n > math.MaxUint64/1024 {
		return 0
	}
	return n * 1024
}

// firstField is the text up to the first blank, without blanks before it.
func firstField(text []byte) []byte {
	text = bytes.TrimLeft(text, " \t")
	for i, c := range text {
		if c == ' ' || c == '\t' || c == '\n' {
			return text[:i]
		}
	}
	return text
}

func parseUint(text []byte) (n uint64, ok bool) {
	if len(text) == 0 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' || n > (math.MaxUint64-9)/10 {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}
