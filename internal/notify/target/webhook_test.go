package target

import (
	"strings"
	"testing"
)

// A template that fails on an event, such as one without a suspect, keeps nobody from being told of it; who tries it
// out is told what is wrong.
func TestAWebhookWhoseTemplateFailsIsTold(t *testing.T) {
	s := webhookSide(t)
	s.settings["body"], s.settings["content_type"] = `<who>{{(index .Suspects 0).Name}}</who>`, "text/xml"
	if _, err := s.send(t, webhook, message("n1")); err != nil {
		t.Fatal(err)
	}
	s.wantTaken(t, 1) // it takes JSON alone
	s.wantText(t, []string{`"host":"web-1"`, "通知模板出错：", "index out of range"})
	m := message("n2")
	m.Facts.Reason = "test"
	_, err := s.send(t, webhook, m)
	s.wantError(t, err, false)
	if err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("what is wrong is not said: %v", err)
	}
	s.wantTaken(t, 1)
}
