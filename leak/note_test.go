package leak

import (
	"strings"
	"testing"
)

func TestNotesAreSaidInBothLanguages(t *testing.T) {
	for code := range noteSentences {
		n := Note{Code: code, Host: "web-1", Detail: "so much"}
		en, zh := n.Text("en"), n.Text("zh")
		for _, text := range []string{en, zh} {
			if !strings.Contains(text, "web-1") || strings.Contains(text, "%!") {
				t.Errorf("%s: %q", code, text)
			}
		}
		if en == zh || n.String() != en {
			t.Errorf("%s: %q and %q", code, en, zh)
		}
	}
	if got := (Note{Code: NoTotalMemory, Host: "h", Detail: "node_x"}).Text("zh"); !strings.Contains(got, "node_x") {
		t.Errorf("the detail is lost: %q", got)
	}
	if got := (Note{Code: "new"}).Text("zh"); got != "new" {
		t.Errorf("an unknown code is said as %q", got)
	}
}
