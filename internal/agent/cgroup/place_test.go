package cgroup

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	testID  = "4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2"
	testPod = "7b1e0fad-fe0d-d5af-8051-7537dcb9fb00"
)

func TestPlaceOf(t *testing.T) {
	under := strings.ReplaceAll(testPod, "-", "_")
	for _, c := range []struct {
		name, path string // the last part is what is asked for
		want       place
	}{
		{"Docker, cgroupfs", "docker/" + testID, place{kind: Container, id: testID, name: testID[:12]}},
		{"Docker, systemd", "system.slice/docker-" + testID + ".scope", place{kind: Container, id: testID, name: testID[:12], runtime: "docker"}},
		{"Podman", "machine.slice/libpod-" + testID + ".scope", place{kind: Container, id: testID, name: testID[:12], runtime: "podman"}},
		{"Podman of a user", "user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + testID + ".scope", place{kind: Container, id: testID, name: testID[:12], runtime: "podman", unit: true}},
		{"the monitor of Podman", "machine.slice/libpod-conmon-" + testID + ".scope", place{}},
		{"a pod, cgroupfs", "kubepods/burstable/pod" + testPod, place{kind: Pod, pod: testPod, name: testPod}},
		{"a pod, systemd", "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + under + ".slice", place{kind: Pod, pod: testPod, name: testPod}},
		{"a static pod", "kubepods.slice/kubepods-pod2df826e8c5e9aaa8f6751fa2944d410a.slice", place{kind: Pod, pod: "2df826e8c5e9aaa8f6751fa2944d410a", name: "2df826e8c5e9aaa8f6751fa2944d410a"}},
		{"containerd in a pod", "kubepods.slice/kubepods-pod" + under + ".slice/cri-containerd-" + testID + ".scope", place{kind: Container, id: testID, name: testID[:12], runtime: "containerd", pod: testPod}},
		{"CRI-O in a pod", "kubepods/pod" + testPod + "/crio-" + testID, place{kind: Container, id: testID, name: testID[:12], runtime: "crio", pod: testPod}},
		{"the monitor of CRI-O", "kubepods/pod" + testPod + "/crio-conmon-" + testID, place{pod: testPod}},
		{"containerd without its driver", "system.slice/kubepods-burstable-pod" + under + ".slice:cri-containerd:" + testID, place{kind: Container, id: testID, name: testID[:12], runtime: "containerd", pod: testPod}},
		{"LXC", "lxc.payload.mail", place{kind: Container, id: "mail", name: "mail", runtime: "lxc"}},
		{"LXC, version 1", "lxc/mail", place{kind: Container, id: "mail", name: "mail", runtime: "lxc"}},
		{"a virtual machine", `machine.slice/machine-qemu\x2d1\x2dbuild.scope`, place{kind: Container, id: "qemu-1-build", name: "qemu-1-build", runtime: "machine"}},
		{"a service", `system.slice/systemd-fsck@dev-disk\x2d1.service`, place{kind: Service, name: "systemd-fsck@dev-disk-1.service", runtime: "systemd", unit: true}},
		{"a user", "user.slice/user-1000.slice", place{kind: Service, name: "user-1000.slice", runtime: "systemd", unit: true}},
		{"a service of a user", "user.slice/user-1000.slice/user@1000.service", place{unit: true}},
		{"a slice", "system.slice", place{}},
		{"a session", "user.slice/user-1000.slice/session-2.scope", place{unit: true}},
		{"a short id", "docker/4b5e57f6eb2f", place{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := place{}
			for _, dir := range strings.Split(c.path, "/") {
				got = placeOf(dir, got)
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func FuzzPlaceOf(f *testing.F) {
	f.Add("kubepods-pod7b1e0fad_fe0d_d5af_8051_7537dcb9fb00.slice", "")
	f.Add(`machine-a\x2`, testPod)
	f.Add("a:b:"+testID, "")
	f.Fuzz(func(t *testing.T, dir, pod string) {
		if !utf8.ValidString(dir) {
			return // the kernel gives what systemd and the runtimes have named
		}
		p := placeOf(dir, place{pod: pod})
		if p.kind != Other && p.name == "" && dir != "" && dir != "lxc.payload." && dir != "machine-.scope" {
			t.Errorf("%q has no name", dir)
		}
		if !utf8.ValidString(p.name) {
			t.Errorf("%q is no text", p.name)
		}
	})
}
