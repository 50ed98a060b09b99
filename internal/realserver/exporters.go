package realserver

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// StartNodeExporter starts a node_exporter of this machine and returns its host:port. It skips
// the test where it is not installed.
func StartNodeExporter(t testing.TB) string {
	t.Helper()
	binary := Find(t, "prometheus-node-exporter", "node_exporter")
	address := fmt.Sprintf("127.0.0.1:%d", FreePort(t))
	p := Start(t, binary, "--web.listen-address="+address)
	p.WaitReady(t, "http://"+address+"/metrics")
	return address
}

// StartProcessExporter starts a process-exporter that tells of the processes with the names, or of
// every process by its executable where none is given, and returns its host:port. It skips the test where it is not installed.
func StartProcessExporter(t testing.TB, names ...string) string {
	t.Helper()
	binary := Find(t, "prometheus-process-exporter", "process-exporter")
	address := fmt.Sprintf("127.0.0.1:%d", FreePort(t))
	which := "-procnames=" + strings.Join(names, ",")
	if len(names) == 0 {
		file := filepath.Join(t.TempDir(), "names.yml")
		if err := os.WriteFile(file, []byte("process_names:\n- name: '{{.ExeBase}}'\n  cmdline: ['.+']\n"), 0o600); err != nil {
			t.Fatalf("write the names of processes: %v", err)
		}
		which = "-config.path=" + file
	}
	p := Start(t, binary, "-web.listen-address="+address, which, "-threads=false")
	p.WaitReady(t, "http://"+address+"/metrics")
	return address
}

// StartLeaker compiles and runs a program of the name, at most 15 characters, that takes so many
// bytes a second and never gives them back.
func StartLeaker(t testing.TB, name string, bytesPerSecond int) *Process {
	t.Helper()
	_, source, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("where the source of the leaking program lies is not known")
	}
	binary := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-o", binary, "main.go")
	cmd.Dir = filepath.Join(filepath.Dir(source), "testdata", "leaker")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("compile the leaking program: %v\n%s", err, out)
	}
	return Start(t, binary, strconv.Itoa(bytesPerSecond))
}
