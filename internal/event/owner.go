package event

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/memseep/memseep/leak"
)

// Fingerprint is who an event is about, 32 hexadecimal digits: the workspace, the id of the
// inspection, kind, host and namespace of the object, and for a workload what stays of its name
// where pods and processes come and go. Of the owner its name alone counts, so that an event goes on
// where it becomes known that "cart" is "deployment/cart".
func Fingerprint(workspace, inspection string, object leak.Object, owner string) string {
	return digest([]string{workspace, inspection, string(object.Kind), object.Host, object.Namespace, stableName(object, owner)})
}

// digest is 32 hexadecimal digits of a list: no two lists run into each other.
func digest(parts []string) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// OwnerOf is what a workload belongs to: the owner that its collector tells, for example
// "deployment/cart", else what its name says without hashes, ordinals and pids. Empty for a host.
func OwnerOf(object leak.Object, owner string) string {
	if object.Kind == leak.KindHost || owner != "" {
		return owner
	}
	return stableName(object, "")
}

// stableName is the name of the owner, without its kind. The container of a pod, named
// "pod/container", keeps the container's name beside it.
func stableName(object leak.Object, owner string) string {
	name, container := object.Name, ""
	switch object.Kind {
	case leak.KindHost:
		return ""
	case leak.KindProcess, leak.KindKernel:
		name = pid.ReplaceAllString(name, "")
	case leak.KindContainer:
		var inPod bool
		if name, container, inPod = strings.Cut(name, "/"); inPod {
			name, container = ofPod(name), "/"+container
		}
	case leak.KindPod:
		name = ofPod(name)
	}
	if owner != "" {
		kind, ownerName, ok := strings.Cut(owner, "/")
		if !ok {
			kind, ownerName = "", owner
		}
		if name = ownerName; kind == "replicaset" {
			name = replicaSetHash.ReplaceAllString(name, "")
		}
	}
	return name + container
}

// How Kubernetes names pods: five characters of its alphabet without vowels end a pod of a
// ReplicaSet, DaemonSet or Job; a ReplicaSet's hash, decimal digits in that alphabet, or a CronJob's
// time in minutes, stands before them; a StatefulSet's pod ends with its ordinal.
var (
	podHash        = regexp.MustCompile(`-[bcdfghjklmnpqrstvwxz2456789]{5}$`)
	replicaSetHash = regexp.MustCompile(`-[bcdf4-9]{6,10}$`)
	cronJobTime    = regexp.MustCompile(`-[0-9]{8,10}$`)
	ordinal        = regexp.MustCompile(`-[0-9]{1,4}$`)

	pid = regexp.MustCompile(`(\[[0-9]+\]|[ :;,_-]?pid[ :=]?[0-9]+)$`)
)

func ofPod(name string) string {
	if cut := podHash.ReplaceAllString(name, ""); cut != name && cut != "" {
		if set := replicaSetHash.ReplaceAllString(cut, ""); set != cut {
			return set
		}
		return cronJobTime.ReplaceAllString(cut, "")
	}
	return ordinal.ReplaceAllString(name, "")
}
