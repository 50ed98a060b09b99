package server

import (
	"os"
	"testing"
)

func TestAnAddressToListenOnIsToldAsOneToOpen(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for listen, want := range map[string][2]string{
		"127.0.0.1:8087": {"127.0.0.1:8087", ""},
		"10.0.0.7:80":    {"10.0.0.7:80", ""},
		"[::1]:8087":     {"[::1]:8087", ""},
		"web-1:8087":     {"web-1:8087", ""},
		"0.0.0.0:8087":   {"localhost:8087", name + ":8087"},
		"[::]:8087":      {"localhost:8087", name + ":8087"},
		":8087":          {"localhost:8087", name + ":8087"},
		"nonsense":       {"nonsense", ""},
	} {
		if here, elsewhere := openable(listen); here != want[0] || elsewhere != want[1] {
			t.Errorf("%s: %s and %s, want %s and %s", listen, here, elsewhere, want[0], want[1])
		}
	}
}
