package cgroup

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// name is what a runtime calls a container or a pod.
type name struct {
	name, pod, namespace string
	sandbox              bool
	known                bool
}

// names finds what the runtimes call their containers, in the files that they keep.
type names struct{ rootfs string }

// ofContainer asks the runtimes, and then the logs of Kubernetes. Where neither is readable a
// container has its short id.
func (n *names) ofContainer(p place) name {
	found := name{}
	for _, source := range []func(id string) name{n.docker, n.oci, n.podman, n.log} {
		if found = source(p.id); found.known {
			break
		}
	}
	if p.pod != "" && found.pod == "" {
		pod := n.ofPod(p.pod)
		found.pod, found.namespace = pod.pod, pod.namespace
	}
	return found
}

// docker reads Docker's own file of a container; cri-dockerd has put the pod into its labels.
func (n *names) docker(id string) name {
	var c struct {
		Name   string
		Config struct{ Labels map[string]string }
	}
	if !n.decode(filepath.Join("var/lib/docker/containers", id, "config.v2.json"), &c) || c.Name == "" {
		return name{}
	}
	l := c.Config.Labels
	if container := l["io.kubernetes.container.name"]; container != "" {
		return name{
			name: container, pod: l["io.kubernetes.pod.name"], namespace: l["io.kubernetes.pod.namespace"],
			sandbox: l["io.kubernetes.docker.type"] == "podsandbox", known: true,
		}
	}
	return name{name: strings.TrimPrefix(c.Name, "/"), known: true}
}

// oci reads the OCI configuration that containerd or CRI-O has started a container with.
func (n *names) oci(id string) name {
	for _, dir := range []string{
		"run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id,
		"run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/" + id,
		"run/containerd/io.containerd.runtime.v2.task/default/" + id,
		"run/containers/storage/overlay-containers/" + id + "/userdata",
		"var/lib/containers/storage/overlay-containers/" + id + "/userdata",
	} {
		var c struct {
			Annotations map[string]string `json:"annotations"`
		}
		if !n.decode(filepath.Join(dir, "config.json"), &c) {
			continue
		}
		a := c.Annotations
		switch {
		case a["io.kubernetes.cri.sandbox-name"] != "": // containerd
			return name{
				name: a["io.kubernetes.cri.container-name"], pod: a["io.kubernetes.cri.sandbox-name"],
				namespace: a["io.kubernetes.cri.sandbox-namespace"],
				sandbox:   a["io.kubernetes.cri.container-type"] == "sandbox", known: true,
			}
		case a["io.kubernetes.pod.name"] != "": // CRI-O
			return name{
				name: a["io.kubernetes.container.name"], pod: a["io.kubernetes.pod.name"],
				namespace: a["io.kubernetes.pod.namespace"],
				sandbox:   a["io.kubernetes.cri-o.ContainerType"] == "sandbox", known: true,
			}
		case a["nerdctl/name"] != "":
			return name{name: a["nerdctl/name"], known: true}
		}
	}
	return name{}
}

// podman reads the list of all containers in the store that Podman shares with CRI-O.
func (n *names) podman(id string) name {
	var containers []struct {
		ID    string   `json:"id"`
		Names []string `json:"names"`
	}
	if !n.decode("var/lib/containers/storage/overlay-containers/containers.json", &containers) {
		return name{}
	}
	for _, c := range containers {
		if c.ID == id && len(c.Names) > 0 {
			return name{name: c.Names[0], known: true}
		}
	}
	return name{}
}

// log finds the container among the links that Kubernetes makes to its logs, named
// POD_NAMESPACE_CONTAINER-ID.log.
func (n *names) log(id string) name {
	links, err := filepath.Glob(filepath.Join(n.rootfs, "var/log/containers", "*-"+id+".log"))
	if err != nil || len(links) == 0 {
		return name{}
	}
	parts := strings.SplitN(strings.TrimSuffix(filepath.Base(links[0]), "-"+id+".log"), "_", 3)
	if len(parts) != 3 {
		return name{}
	}
	return name{name: parts[2], pod: parts[0], namespace: parts[1], known: true}
}

// ofPod finds a pod among the directories of logs, named NAMESPACE_POD_UID. One that has none is
// called by its uid.
func (n *names) ofPod(uid string) name {
	unknown := name{name: uid, pod: uid}
	dirs, err := filepath.Glob(filepath.Join(n.rootfs, "var/log/pods", "*_"+uid))
	if err != nil || len(dirs) == 0 {
		return unknown
	}
	parts := strings.SplitN(filepath.Base(dirs[0]), "_", 3)
	if len(parts) != 3 {
		return unknown
	}
	return name{name: parts[1], pod: parts[1], namespace: parts[0], known: true}
}

// largestFile is what a runtime's file may be long.
const largestFile = 4 << 20

// decode reads a file of JSON below the root; ok is false where it is not readable.
func (n *names) decode(path string, into any) (ok bool) {
	path = filepath.Join(n.rootfs, path)
	info, err := os.Stat(path)
	if err != nil || info.Size() > largestFile {
		return false
	}
	text, err := os.ReadFile(path)
	return err == nil && json.Unmarshal(text, into) == nil
}
