package proc

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// Process is one process with memory of its own, in bytes.
type Process struct {
	PID       int
	Name      string  // what it runs, see name.go
	Cmdline   string  // a hash of its command line, 16 hexadecimal digits
	User      string  // the name of the owner, or the number where it has none
	StartTime float64 // unix seconds

	RSS, Anon, File, Shmem, Swap uint64

	start  uint64 // in ticks since the boot: together with the pid it tells processes apart
	comm   string
	kernel bool
	uid    uint64
	turn   uint64 // when it was last seen
}

// ticks are a second: USER_HZ, which is 100 on every architecture that Go runs on.
const ticks = 100

// Processes reads every process that has memory of its own, in the order in which /proc lists
// them, and says how many there were that could not be read. A process that ends meanwhile is left
// out. What it returns is valid until the next call.
func (f *FS) Processes() (processes []*Process, unreadable int, err error) {
	dir, err := os.Open(f.root)
	if err != nil {
		return nil, 0, fmt.Errorf("list the processes: %w", err)
	}
	names, err := dir.Readdirnames(-1)
	_ = dir.Close() // nothing was written
	if err != nil {
		return nil, 0, fmt.Errorf("list the processes in %s: %w", f.root, err)
	}
	f.turn++
	processes = make([]*Process, 0, len(f.known))
	for _, name := range names {
		if name[0] < '0' || name[0] > '9' {
			continue
		}
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		switch p, err := f.process(pid); {
		case err == nil && p != nil:
			processes = append(processes, p)
		case err != nil && !ended(err):
			unreadable++
		}
	}
	for pid, p := range f.known {
		if p.turn != f.turn {
			delete(f.known, pid)
		}
	}
	return processes, unreadable, nil
}

// ended tells whether the error says that the process is there no more.
func ended(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH)
}

var errFormat = errors.New("not in the form that Linux writes")

// process reads one process, nil where it has no memory of its own.
func (f *FS) process(pid int) (*Process, error) {
	text, err := f.readOf(pid, "stat")
	if err != nil {
		return nil, err
	}
	st, ok := parseStat(text)
	if !ok {
		return nil, fmt.Errorf("%s/%d/stat: %w", f.root, pid, errFormat)
	}
	p := f.known[pid]
	if p == nil || p.start != st.startTicks {
		p = &Process{PID: pid, start: st.startTicks, StartTime: f.boot + float64(st.startTicks)/ticks, kernel: st.kernel}
		f.known[pid] = p
	}
	p.turn = f.turn
	if st.kernel {
		return nil, nil
	}
	if p.Name == "" || p.comm != string(st.comm) { // it is new, or runs another program now
		p.comm = string(st.comm)
		if err := f.identify(p); err != nil {
			return nil, err
		}
	}
	return p, f.measure(p)
}

// identify finds what the process runs.
func (f *FS) identify(p *Process) error {
	cmdline, err := f.readOf(p.PID, "cmdline")
	if err != nil {
		return err
	}
	hash := fnv.New64a()
	hash.Write(cmdline)
	p.Cmdline = fmt.Sprintf("%016x", hash.Sum64())
	p.Name = nameOf(p.comm, cmdline)
	return nil
}

// measure reads the memory of the process.
func (f *FS) measure(p *Process) error {
	text, err := f.readOf(p.PID, "status")
	if err != nil {
		return err
	}
	s := parseStatus(text)
	if p.User == "" || p.uid != s.uid {
		p.uid, p.User = s.uid, f.users.name(s.uid)
	}
	p.RSS, p.Anon, p.File, p.Shmem, p.Swap = s.rss, s.anon, s.file, s.shmem, s.swap
	if s.apart || s.rss == 0 {
		return nil
	}
	if text, err = f.readOf(p.PID, "statm"); err != nil {
		return err
	}
	resident, shared, ok := parseStatm(text)
	if !ok {
		return fmt.Errorf("%s/%d/statm: %w", f.root, p.PID, errFormat)
	}
	page := uint64(os.Getpagesize())
	p.File = min(shared, resident) * page
	p.Anon = resident*page - p.File
	return nil
}

// PSS is the proportional set size of the process, in bytes: what it shares with others is counted
// in parts. The kernel walks all of the process's pages for it, and tells it to root, to the
// owner, and to who has CAP_SYS_PTRACE.
func (f *FS) PSS(p *Process) (uint64, error) {
	text, err := f.readOf(p.PID, "smaps_rollup")
	if err != nil {
		return 0, fmt.Errorf("read the proportional set size: %w", err)
	}
	pss, ok := parsePSS(text)
	if !ok {
		return 0, fmt.Errorf("%s/%d/smaps_rollup: %w", f.root, p.PID, errFormat)
	}
	return pss, nil
}

// Lookup tells the start, in unix seconds, and the name of a process that the last call of
// Processes has found.
func (f *FS) Lookup(pid int) (start float64, name string, ok bool) {
	p := f.known[pid]
	if p == nil {
		return 0, "", false
	}
	return p.StartTime, p.Name, true
}
