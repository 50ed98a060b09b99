package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// Kubernetes knows every field of the manifest, and no value of it is of another kind.
func TestDaemonSetIsAsKubernetesWantsIt(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deploy, "daemonset.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var account core.ServiceAccount
	var set apps.DaemonSet
	documents := bytes.Split(text, []byte("\n---\n"))
	if len(documents) != 2 {
		t.Fatalf("%d documents, want a service account and a daemon set", len(documents))
	}
	for i, into := range []any{&account, &set} {
		plain, err := yaml.YAMLToJSONStrict(documents[i])
		if err != nil {
			t.Fatal(err)
		}
		unknown, err := json.UnmarshalStrict(plain, into)
		if err != nil || len(unknown) > 0 {
			t.Errorf("%v %v", err, unknown)
		}
	}
	if account.APIVersion != "v1" || set.APIVersion != apps.SchemeGroupVersion.String() {
		t.Errorf("the versions are %s and %s", account.APIVersion, set.APIVersion)
	}
	pod := set.Spec.Template
	for name, value := range set.Spec.Selector.MatchLabels {
		if pod.Labels[name] != value {
			t.Errorf("the selector wants %s=%s, the pods have %v", name, value, pod.Labels)
		}
	}
	if pod.Spec.ServiceAccountName != account.Name || set.Namespace != account.Namespace {
		t.Errorf("the pods run as %s in %s, the account is %s in %s", pod.Spec.ServiceAccountName, set.Namespace, account.Name, account.Namespace)
	}
	container := pod.Spec.Containers[0]
	if limit := container.Resources.Limits.Memory(); limit.Value() != 64<<20 || container.Resources.Requests.Memory().Cmp(*limit) > 0 {
		t.Errorf("the memory is limited to %s", limit)
	}
	volumes := map[string]bool{}
	for _, v := range pod.Spec.Volumes {
		volumes[v.Name] = v.HostPath != nil
	}
	for _, m := range container.VolumeMounts {
		if !volumes[m.Name] {
			t.Errorf("there is no volume %s", m.Name)
		}
	}
}
