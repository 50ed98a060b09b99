package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// groups makes a control group (version 2) a child, where the kernel's tree has a part that is ours.
type groups struct {
	root  string // where the tree is mounted
	own   string // file that names the group of this process
	uid   int
	xattr func(path, name string) string

	once    sync.Once
	home    string // where groups are made; empty where they cannot be
	refused atomic.Bool
	made    atomic.Int64
}

var controlGroups = &groups{root: "/sys/fs/cgroup", own: "/proc/self/cgroup", uid: os.Geteuid(), xattr: attribute}

// Bounds of a group, besides those of the process: the kernel counts threads as processes.
const (
	mostThreads = 64
	groupPrefix = "memseep-script-"
)

// group is one control group; nil is none.
type group struct {
	dir  string
	file *os.File
}

// group makes one under the limits; it is nil where none can be made.
func (g *groups) group(l Limits) *group {
	g.once.Do(g.find)
	if g.home == "" || g.refused.Load() {
		return nil
	}
	dir := filepath.Join(g.home, fmt.Sprintf("%s%d-%d", groupPrefix, os.Getpid(), g.made.Add(1)))
	if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // as the kernel makes them
		return nil
	}
	made := &group{dir: dir}
	// The limits of the process come first, with a message; this is the kernel's last word, also about what a process cannot count.
	err := errors.Join(
		set(dir, "memory.max", strconv.FormatInt(l.Memory/4*5, 10)),
		set(dir, "pids.max", strconv.Itoa(mostThreads)),
	)
	_ = set(dir, "memory.swap.max", "0") // a kernel without swap has none
	_ = set(dir, "memory.oom.group", "1")
	if err == nil {
		made.file, err = os.Open(dir)
	}
	if err != nil {
		made.remove()
		return nil
	}
	return made
}

// find looks for a group that was given to us: the one around ours, as systemd's DelegateSubgroup
// makes it, or ours where it holds no process.
func (g *groups) find() {
	text, err := os.ReadFile(g.own)
	if err != nil {
		return
	}
	if _, err := os.Stat(filepath.Join(g.root, "cgroup.controllers")); err != nil {
		return // version 1, or no tree at all
	}
	for line := range strings.Lines(string(text)) {
		path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::/")
		if !ok || strings.HasPrefix(path, "../") {
			continue
		}
		for _, home := range []string{filepath.Dir(filepath.Join(g.root, path)), filepath.Join(g.root, path)} {
			if strings.HasPrefix(home, g.root) && g.isOurs(home) && set(home, "cgroup.subtree_control", "+memory +pids") == nil {
				g.home = home
				g.clean()
				return
			}
		}
	}
}

// isOurs tells whether whoever manages the tree has left a group to us.
func (g *groups) isOurs(dir string) bool {
	for _, name := range []string{"trusted.delegate", "user.delegate"} {
		if g.xattr(dir, name) == "1" {
			return true
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && g.uid != 0 && int(owner.Uid) == g.uid
}

// clean removes groups that a process which was killed has left behind; those in use refuse.
func (g *groups) clean() {
	left, err := filepath.Glob(filepath.Join(g.home, groupPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		_ = os.Remove(dir)
	}
}

// enter makes a command start in the group.
func (g *group) enter(c *exec.Cmd) {
	if g != nil {
		c.SysProcAttr.UseCgroupFD, c.SysProcAttr.CgroupFD = true, int(g.file.Fd())
	}
}

// remove ends the use of a group, whose process has ended.
func (g *group) remove() {
	if g == nil {
		return
	}
	if g.file != nil {
		_ = g.file.Close()
	}
	_ = os.Remove(g.dir)
}

// killed tells whether the kernel ended a process of the group for its memory.
func (g *group) killed() bool {
	if g == nil {
		return false
	}
	text, err := os.ReadFile(filepath.Join(g.dir, "memory.events"))
	if err != nil {
		return false
	}
	for line := range bytes.Lines(text) {
		if n, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("oom_kill ")); ok {
			return string(n) != "0"
		}
	}
	return false
}

// never is called once a child could not be started in a group.
func (g *groups) never() { g.refused.Store(true) }

func set(dir, name, value string) error {
	return os.WriteFile(filepath.Join(dir, name), []byte(value), 0o644) //nolint:gosec // the kernel's file
}

func attribute(path, name string) string {
	value := make([]byte, 16)
	n, err := unix.Getxattr(path, name, value)
	if err != nil {
		return ""
	}
	return string(value[:n])
}
