package target

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// picturePath is the picture of all tests; theirs is the only one that can be fetched.
const picturePath = "https://memseep.example/picture/abc.def.png"

var markdownImage = regexp.MustCompile(`!\[([^\]]*)\]\(([^)]*)\)`)

// Whoever can show the picture of a public address shows it, and no address that leads nowhere.
func TestPicturesAreShownWhereTheyCanBeFetched(t *testing.T) {
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			for address, public := range map[string]bool{
				picturePath: true, "": false, "http://memseep.example/picture/abc.def.png": false, "https://10.1.2.3/picture/abc.def.png": false,
			} {
				s := sides[k.Name](t)
				delete(s.settings, "at") // WeCom mentions somebody, or shows a picture
				m := message("n1")
				m.PictureURL = address
				if _, err := s.send(t, k, m); err != nil {
					t.Fatalf("with %q: %v", address, err)
				}
				s.wantTaken(t, 1)
				if shown := address != "" && strings.Contains(s.taken[0], address); shown != (public && k.PictureLinks) && k.Name != "webhook" {
					t.Errorf("%q is shown: %v, in %s", address, shown, s.taken[0])
				}
				if strings.Contains(s.taken[0], "what nobody can read") {
					t.Errorf("with %q: %s", address, s.taken[0])
				}
			}
		})
	}
}

func TestAPictureIsNotShownOfAnEnd(t *testing.T) {
	for _, k := range Kinds {
		if !k.PictureLinks {
			continue
		}
		s := sides[k.Name](t)
		delete(s.settings, "at")
		m := recovered("n1")
		m.PictureURL = picturePath
		if _, err := s.send(t, k, m); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(s.taken[0], picturePath) {
			t.Errorf("%s: %s", k.Name, s.taken[0])
		}
	}
}

// Alertmanager is told where the picture is in a test message too; those of events have their own.
func TestAlertmanagerIsToldOfThePicture(t *testing.T) {
	s := alertmanagerSide(t)
	m := message("n1")
	m.Alerts = nil
	if _, err := s.send(t, alertmanager, m); err != nil {
		t.Fatal(err)
	}
	s.wantText(t, []string{`"picture":"` + picturePath + `"`})
}

// A mention goes before a picture, where there cannot be both.
func TestWecomMentionsOrShows(t *testing.T) {
	s := wecomSide(t)
	if _, err := s.send(t, wecom, message("n1")); err != nil {
		t.Fatal(err)
	}
	if text := s.taken[0]; !strings.Contains(text, "<@zhangsan>") || strings.Contains(text, picturePath) {
		t.Errorf("with somebody to mention: %s", text)
	}
	s = wecomSide(t)
	delete(s.settings, "at")
	if _, err := s.send(t, wecom, endless("n2")); err != nil {
		t.Fatal(err)
	}
	s.wantText(t, []string{"](" + picturePath + ")", "](https://memseep.example/events/1)"})
}

// Who cannot take the picture takes the message without it.
func TestAMessageIsToldWithoutAPictureThatIsRefused(t *testing.T) {
	s := slackSide(t)
	m := message("n1")
	m.PictureURL = "https://elsewhere.example/picture/abc.def.png" // Slack cannot fetch it
	if _, err := s.send(t, slack, m); err != nil {
		t.Fatal(err)
	}
	s.wantTaken(t, 1)
	s.wantText(t, []string{"web-1"})
	s.fault.Store("broken") // what is no matter of the picture is tried again as ever
	_, err := s.send(t, slack, m)
	s.wantError(t, err, true)

	s = feishuSide(t)
	m = message("n3")
	m.Chart[0].At = "" // a chart that Feishu does not understand
	if _, err := s.send(t, feishu, m); err != nil {
		t.Fatal(err)
	}
	s.wantTaken(t, 1)
	if strings.Contains(s.taken[0], "chart") {
		t.Errorf("told with %s", s.taken[0])
	}

	var asked []string
	old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		asked = append(asked, string(body))
		if strings.Contains(string(body), "markdown_v2") {
			_, _ = w.Write([]byte(`{"errcode":40008,"errmsg":"invalid message type"}`))
			return
		}
		_, _ = w.Write([]byte(`{"errcode":0,"errmsg":"ok"}`))
	}))
	defer old.Close()
	to, err := wecom.Open(Settings{"url": old.URL + "?key=k"}, network())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := to.Send(t.Context(), message("n2")); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 2 || !strings.Contains(asked[1], `"msgtype":"markdown"`) || strings.Contains(asked[1], picturePath) {
		t.Errorf("asked %q", asked)
	}
}

func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"https://memseep.example.org/picture/x.png": true,
		"https://memseep.example.org:8443/x":        true,
		"https://8.8.8.8/x":                         true,
		"http://memseep.example.org/x":              false, // chats fetch by https alone
		"https://localhost/x":                       false,
		"https://memseep/x":                         false, // a name of one network
		"https://memseep.corp.internal/x":           false,
		"https://nas.home.arpa./x":                  false,
		"https://127.0.0.1:8087/x":                  false,
		"https://192.168.1.10/x":                    false,
		"https://100.64.0.1/x":                      false,
		"https://[::1]/x":                           false,
		"https://[fd00::1]/x":                       false,
		"https:///x":                                false,
		"":                                          false,
	} {
		if got := isPublic(address); got != want {
			t.Errorf("%q is public: %v", address, got)
		}
	}
}
