// Package cgroup reads the memory of containers, pods and services from the cgroups of Linux,
// version 1 and 2.
// In goes the root of a cgroup tree, and the root of the file system in which the runtimes keep
// names; out come Groups.
// Read this file first, then place.go for what a directory stands for, then names.go.
package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/memseep/memseep/internal/agent/proc"
)

// Kind is what a group of processes is.
type Kind uint8

// The kinds of groups.
const (
	Other     Kind = iota
	Container      // of any runtime
	Pod            // of Kubernetes
	Service        // of systemd, or the slice of a user
)

// Group is the memory of one container, pod or service, in bytes.
type Group struct {
	Kind                 Kind
	Runtime              string // "docker", "containerd", …; empty where the path does not tell
	ID                   string // of a container
	PodUID               string
	Name, Pod, Namespace string
	StartTime            float64 // unix seconds, that of its oldest process; 0 where it is not known

	Current, WorkingSet, Anon, Swap uint64
	Limit                           uint64 // 0 is none; the lowest of its own and those above it
	OOMKills                        uint64
}

// Tree is the cgroups of a machine. It must not be used by two goroutines at once.
type Tree struct {
	root    string
	files   files
	names   names
	process func(pid int) (start float64, name string, ok bool)
	known   map[string]*directory
	dirs    []*directory
	listed  time.Time
	buf     []byte
	path    []byte
}

// directory is a group that was found.
type directory struct {
	path  string // below the root, starting with a slash
	place place
	up    *directory // the group that it lies in

	pid   int // its oldest process
	start float64

	paused  bool // it holds nothing but a pod's sandbox
	naming  name
	namedAt time.Time
	gone    bool
}

// relist is how often directories are looked for; between, those that are known are read.
const relist = time.Minute

// ErrNone says that the machine does not account memory by cgroups.
var ErrNone = errors.New("no cgroups with memory")

// Open looks into the tree at root, for example "/sys/fs/cgroup". The names of containers are read
// from files below rootfs. Process tells the start, in unix seconds, and the name of a process.
func Open(root, rootfs string, process func(pid int) (start float64, name string, ok bool)) (*Tree, error) {
	t := &Tree{names: names{rootfs: rootfs}, process: process, known: map[string]*directory{}}
	switch {
	case exists(filepath.Join(root, "memory/memory.stat")):
		t.root, t.files = filepath.Join(root, "memory"), version1
	case exists(filepath.Join(root, "cgroup.controllers")):
		t.root, t.files = root, version2
	default:
		return nil, fmt.Errorf("%w in %s: mount the host's there, or name the place by --cgroup", ErrNone, root)
	}
	return t, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Groups reads every container, pod and service. Sandboxes of pods, which hold the pod's network
// and no program, are left out.
func (t *Tree) Groups(now time.Time) ([]Group, error) {
	if since := now.Sub(t.listed); since >= relist || since < 0 {
		if err := t.list(); err != nil {
			return nil, fmt.Errorf("list the cgroups: %w", err)
		}
		t.listed = now
	}
	t.nameAll(now)
	groups := make([]Group, 0, len(t.dirs))
	for _, d := range t.dirs {
		if d.gone || d.place.kind == Other {
			continue
		}
		t.findStart(d)
		g := Group{Kind: d.place.kind, Runtime: d.place.runtime, ID: d.place.id, PodUID: d.place.pod, Name: d.place.name}
		if err := t.measure(d, &g); err != nil {
			d.gone = true // a container ends at any time; a listing finds it if it was not that
			continue
		}
		if d.paused || d.naming.sandbox {
			continue
		}
		if d.naming.name != "" {
			g.Name = d.naming.name
		}
		g.Pod, g.Namespace, g.StartTime = d.naming.pod, d.naming.namespace, d.start
		groups = append(groups, g)
	}
	return groups, nil
}

// list walks the tree, each directory before those in it.
func (t *Tree) list() error {
	t.dirs = t.dirs[:0]
	seen := make(map[string]*directory, len(t.known))
	if err := t.walk("", nil, place{}, 0, seen); err != nil {
		return err
	}
	t.known = seen
	return nil
}

// deepest is how many directories lie in one another; containers lie five or six deep.
const deepest = 12

func (t *Tree) walk(path string, up *directory, above place, depth int, seen map[string]*directory) error {
	dir, err := os.Open(t.root + path)
	if err != nil {
		return err
	}
	entries, err := dir.ReadDir(-1)
	_ = dir.Close() // nothing was written
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		below := path + "/" + e.Name()
		d := t.known[below]
		if d == nil {
			d = &directory{path: below, place: placeOf(e.Name(), above)}
		}
		d.up, d.gone = up, false
		seen[below] = d
		t.dirs = append(t.dirs, d)
		if d.place.kind == Container || depth == deepest {
			continue // what a container makes inside of itself is its own matter
		}
		if err := t.walk(below, d, d.place, depth+1, seen); err != nil && !ended(err) {
			return err
		}
	}
	return nil
}

// ended tells whether the error says that the directory is there no more.
func ended(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENODEV)
}

// findStart finds when the oldest process of the group began; of a pod, that of its first
// container, the sandbox among them.
func (t *Tree) findStart(d *directory) {
	if start, _, ok := t.process(d.pid); ok && d.pid != 0 && start == d.start {
		return
	}
	d.pid, d.start = 0, 0
	t.oldest(d.path, d, 0)
	if d.pid != 0 && d.place.pod != "" && d.place.kind == Container {
		_, name, _ := t.process(d.pid)
		d.paused = name == "pause"
	}
}

// oldest looks for the oldest process in the directory and, where a group is cut up further, in
// those below.
func (t *Tree) oldest(path string, d *directory, depth int) {
	text, err := t.read(path, "cgroup.procs")
	if err != nil {
		return
	}
	for len(text) > 0 {
		var line []byte
		line, text = cutLine(text)
		pid, ok := parseUint(line)
		if !ok || pid == 0 {
			continue
		}
		if start, _, ok := t.process(int(pid)); ok && (d.pid == 0 || start < d.start) {
			d.pid, d.start = int(pid), start
		}
	}
	if d.pid != 0 || depth == deepest {
		return
	}
	entries, err := os.ReadDir(t.root + path)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.IsDir() {
			t.oldest(path+"/"+e.Name(), d, depth+1)
		}
	}
}

// nameAll asks the runtimes for names, and again after a while where they did not know them. The
// files of a container name its pod as well.
func (t *Tree) nameAll(now time.Time) {
	for _, kind := range []Kind{Container, Pod} {
		for _, d := range t.dirs {
			if d.place.kind != kind || d.naming.known || !d.namedAt.IsZero() && now.Sub(d.namedAt) < relist && now.After(d.namedAt) {
				continue
			}
			d.namedAt = now
			if kind == Pod {
				d.naming = t.names.ofPod(d.place.pod)
			} else if d.naming = t.names.ofContainer(d.place); d.naming.known && d.up != nil && d.up.place.kind == Pod {
				d.up.naming = name{name: d.naming.pod, pod: d.naming.pod, namespace: d.naming.namespace, known: d.naming.pod != ""}
			}
		}
	}
}

// read reads a file of a directory; what it returns is valid until the next call.
func (t *Tree) read(path, name string) ([]byte, error) {
	t.path = append(append(append(append(t.path[:0], t.root...), path...), '/'), name...)
	var err error
	t.buf, err = proc.AppendFile(t.buf[:0], string(t.path))
	return t.buf, err
}
