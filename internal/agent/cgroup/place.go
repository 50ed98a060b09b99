package cgroup

import "strings"

// place is what the path of a directory says of it.
type place struct {
	kind    Kind
	runtime string
	id      string // of a container
	pod     string // the uid of the pod that it is, or lies in
	name    string
	lxc     bool // the directories in it are containers of LXC
	unit    bool // it is a service, or lies in one
}

// placeOf says what a directory of the name is that lies in another. Both drivers of the runtimes
// are known: cgroupfs (/kubepods/burstable/podUID/ID, /docker/ID) and systemd
// (kubepods-burstable-podUID.slice/cri-containerd-ID.scope, system.slice/docker-ID.scope).
func placeOf(dir string, above place) place {
	p := place{pod: above.pod, unit: above.unit}
	if above.lxc {
		return place{kind: Container, runtime: "lxc", id: dir, name: dir}
	}
	// containerd with systemd's paths but not its driver: kubepods-podUID.slice:cri-containerd:ID
	if parts := strings.Split(dir, ":"); len(parts) == 3 && isID(parts[2]) {
		p.pod = podUID(parts[0])
		p.kind, p.id, p.runtime = Container, parts[2], runtimes[parts[1]]
		p.name = short(p.id)
		return p
	}
	if uid := podUID(dir); uid != "" {
		return place{kind: Pod, pod: uid, name: uid}
	}
	unit, suffix := cutUnit(dir)
	prefix, id := cutID(unit)
	if runtime, known := runtimes[prefix]; known && id != "" && (suffix == "" || suffix == "scope") {
		p.kind, p.id, p.runtime, p.name = Container, id, runtime, short(id)
		return p
	}
	switch {
	case strings.HasPrefix(dir, "lxc.payload."):
		name := strings.TrimPrefix(dir, "lxc.payload.")
		return place{kind: Container, runtime: "lxc", id: name, name: name}
	case dir == "lxc":
		return place{lxc: true}
	case suffix == "scope" && strings.HasPrefix(unit, "machine-"):
		name := unescape(strings.TrimPrefix(unit, "machine-"))
		return place{kind: Container, runtime: "machine", id: name, name: name}
	case !above.unit && (suffix == "service" || suffix == "slice" && isUser(unit)):
		return place{kind: Service, runtime: "systemd", name: unescape(dir), unit: true}
	}
	return p
}

// runtimes are named by what stands before the id of a container in its directory's name.
var runtimes = map[string]string{
	"":               "",
	"docker":         "docker",
	"cri-containerd": "containerd",
	"nerdctl":        "containerd",
	"crio":           "crio",
	"libpod":         "podman",
}

// podUID is the uid of the pod that the directory stands for: podUID, or
// kubepods-burstable-podUID.slice with underscores for dashes.
func podUID(dir string) string {
	unit, suffix := cutUnit(dir)
	if suffix == "slice" {
		if !strings.HasPrefix(unit, "kubepods") {
			return ""
		}
		_, unit, _ = strings.Cut(unit, "-pod")
	} else if suffix == "" {
		var ok bool
		if unit, ok = strings.CutPrefix(unit, "pod"); !ok {
			return ""
		}
	}
	uid := strings.ReplaceAll(unit, "_", "-")
	digits := strings.ReplaceAll(uid, "-", "")
	if len(digits) != 32 || !isHex(digits) {
		return ""
	}
	return uid
}

// cutUnit takes the kind of a systemd unit off its name.
func cutUnit(dir string) (name, suffix string) {
	if i := strings.LastIndexByte(dir, '.'); i > 0 {
		switch s := dir[i+1:]; s {
		case "slice", "scope", "service":
			return dir[:i], s
		}
	}
	return dir, ""
}

// cutID takes the id of a container off what stands before it.
func cutID(unit string) (prefix, id string) {
	if isID(unit) {
		return "", unit
	}
	if i := strings.LastIndexByte(unit, '-'); i > 0 && isID(unit[i+1:]) {
		return unit[:i], unit[i+1:]
	}
	return unit, ""
}

func isID(s string) bool { return len(s) == 64 && isHex(s) }

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func short(id string) string { return id[:12] }

// isUser tells whether the slice is that of one user: user-1000.
func isUser(unit string) bool {
	uid, ok := strings.CutPrefix(unit, "user-")
	return ok && uid != "" && strings.Trim(uid, "0123456789") == ""
}

// unescape undoes what systemd does to characters in names of units, see systemd-escape(1).
func unescape(name string) string {
	for from := 0; ; {
		i := strings.Index(name[from:], `\x`)
		if i < 0 || len(name) < from+i+4 {
			return strings.ToValidUTF8(name, "�")
		}
		at := from + i
		high, low := strings.IndexByte(hexDigits, name[at+2]), strings.IndexByte(hexDigits, name[at+3])
		if high < 0 || low < 0 {
			from = at + 2
			continue
		}
		name = name[:at] + string([]byte{byte(high<<4 | low)}) + name[at+4:]
		from = at + 1
	}
}

const hexDigits = "0123456789abcdef"
