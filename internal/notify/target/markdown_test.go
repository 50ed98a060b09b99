package target

import (
	"strings"
	"testing"
)

// hostile is what somebody may call a host, who can name one.
const hostile = "web-1](https://evil.example) [more](https://evil.example)![x](https://evil.example/x.png) **`<@all> <!channel> <at id=all></at> @channel @everyone"

// A name makes no link, no picture and no mention, and nothing around it bold or code, in any chat.
func TestANameIsNotTakenForMarks(t *testing.T) {
	for _, kind := range []Kind{dingtalk, feishu, wecom, slack, teams} {
		t.Run(kind.Name, func(t *testing.T) {
			s := sides[kind.Name](t)
			delete(s.settings, "at")
			m := message("n1")
			m.PictureURL = ""
			m.Title = "[紧急] 主机 " + hostile + "\n# 泄漏"
			m.Markdown = "主机 " + Escape(hostile) + " 持续增长"
			if _, err := s.send(t, kind, m); err != nil {
				t.Fatal(err)
			}
			s.wantTaken(t, 1)
			got := strings.ReplaceAll(s.taken[0], "主机 "+hostile, "") // Feishu's heading is plain text
			for _, mark := range []string{"](https://evil", "<https://evil", "<@all", "<!channel", "<at ", "@channel", "@everyone", "`", "\n# "} {
				if strings.Contains(got, mark) {
					t.Errorf("%q is in %s", mark, got)
				}
			}
		})
	}
}

// What an SMS says is no longer than what one takes, with its link or without.
func TestAnSMSIsAsLongAsItMayBe(t *testing.T) {
	for _, tt := range []struct{ characters, url, short, want string }{
		{"140", "https://memseep.example/events/1", "泄漏", "泄漏 https://memseep.example/events/1"},
		{"70", "https://memseep.example/events/1", strings.Repeat("很", 100), strings.Repeat("很", 36) + "… https://memseep.example/events/1"},
		{"70", "https://memseep.example/events/" + strings.Repeat("1", 30), strings.Repeat("很", 100), strings.Repeat("很", 69) + "…"},
		{"70", "", strings.Repeat("🔥", 100), strings.Repeat("🔥", 34) + "…"},
	} {
		to, err := newSMS(Settings{"url": "https://sms.example.com", "phones": "1", "characters": tt.characters}, network())
		if err != nil {
			t.Fatal(err)
		}
		if got := to.(*smsTarget).text(&Message{Short: tt.short, URL: tt.url}); got != tt.want {
			t.Errorf("in %s characters: %q, want %q", tt.characters, got, tt.want)
		}
	}
}

// A message that is to one number goes to no other, and a number that is written twice is one.
func TestAnSMSGoesToItsRecipient(t *testing.T) {
	s := smsSide(t)
	s.settings["phones"] = "13800000000, 13900000000 13800000000"
	m := message("n1")
	if m.To = sms.Recipients(s.settings); len(m.To) != 2 {
		t.Errorf("recipients: %q", m.To)
	}
	m.To = m.To[:1]
	if _, err := s.send(t, sms, m); err != nil { // the other side refuses other numbers
		t.Error(err)
	}
	s.wantTaken(t, 1)
}
