package target

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/memseep/memseep/leak"
)

func TestInfoLooksLikeNoAlarmAndNotLikeAnEnd(t *testing.T) {
	show := func(level leak.Level, over bool) string {
		m := &Message{Level: level, Recovered: over}
		text, err := json.Marshal([]any{feishuCard(m, ""), teamsMessage(m, ""), color(m), severity(level)})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	is := show(info, false)
	for _, want := range []string{`"blue"`, `"accent"`, `"#1565c0"`, `"info"`} {
		if !strings.Contains(is, want) {
			t.Errorf("it lacks %s: %s", want, is)
		}
	}
	if over := show(info, true); over == is || strings.Contains(over, `"blue"`) {
		t.Errorf("over looks like open: %s", over)
	}
}
