package server_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/server"
)

// A message leads to the picture of its event without sign-in, for a month, and to nothing else.
func TestAMessageLeadsToItsPicture(t *testing.T) {
	hook := listen(t)
	var later atomic.Int64 // nanoseconds
	r := serve(t, t.TempDir(), func(o *server.Options) {
		o.Config.Server.ExternalURL = "https://memseep.example.org/"
		o.Clock = func() time.Time { return now.Add(time.Duration(later.Load())) }
	})
	r.writeFleet(ingestKey)
	r.tells(hook.url)
	r.runNow()
	within(t, "the webhook is told", func() bool { return len(hook.all()) > 0 })
	link, _ := hook.all()[0]["pictureUrl"].(string)
	path, ours := strings.CutPrefix(link, "https://memseep.example.org/")
	if !ours || len(link) > 400 {
		t.Fatalf("the link is %q", link)
	}
	path = "/" + path
	a := r.ask("GET", path, "", nil, "Accept-Encoding", "gzip")
	picture, err := png.Decode(bytes.NewReader(a.body))
	if a.status != 200 || err != nil || picture.Bounds().Dx() > 1024 {
		t.Fatalf("the picture: %d %v, %v", a.status, a.header, err)
	}
	for name, want := range map[string]string{"Content-Type": "image/png", "Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff", "Set-Cookie": ""} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	same := r.ask("GET", path, "", nil, "If-None-Match", a.header.Get("ETag"))
	if same.status != 304 || len(same.body) != 0 {
		t.Errorf("a picture that is had already: %d, %d bytes", same.status, len(same.body))
	}
	if head := r.ask("HEAD", path, "", nil); head.status != 200 || len(head.body) != 0 {
		t.Errorf("its head: %d, %d bytes", head.status, len(head.body))
	}
	e := get[api.Page[api.EventSummary]](r, "/events", adminKey).Items[0]
	if own := r.ask("GET", "/api/v1/events/"+e.ID+"/picture.png", adminKey, nil); !bytes.Equal(own.body, a.body) {
		t.Error("it is not the picture of the event")
	}
	gone := func(what, path string) {
		t.Helper()
		if a := r.ask("GET", path, "", nil); a.status != 404 || bytes.Contains(a.body, []byte(e.ID)) || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %s", what, a.status, a.header, a.body)
		}
	}
	payload, mac, _ := strings.Cut(strings.TrimPrefix(path, "/picture/"), ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || !strings.Contains(string(text), e.ID) {
		t.Fatalf("the link says %s, %v", text, err)
	}
	other := base64.RawURLEncoding.EncodeToString(bytes.Replace(text, []byte(e.ID), []byte("01ANOTHEREVENT"), 1))
	gone("another event under the same signature", "/picture/"+other+"."+mac)
	gone("another signature", "/picture/"+payload+"."+strings.Repeat("A", 43)+".png")
	gone("no signature", "/picture/"+payload+".png")
	gone("no token", "/picture/x.png")
	gone("no end", strings.TrimSuffix(path, ".png"))
	gone("a long token", "/picture/"+strings.Repeat("A", 10_000)+".png")
	ack, err := url.Parse(hook.all()[0]["ackUrl"].(string))
	if err != nil {
		t.Fatal(err)
	}
	gone("a token to acknowledge", "/picture/"+strings.TrimPrefix(ack.Path, "/acknowledge/")+".png")
	if a := r.ask("GET", strings.Replace(strings.TrimSuffix(path, ".png"), "/picture/", "/acknowledge/", 1), "", nil); a.status != 410 {
		t.Errorf("a picture's token acknowledges: %d", a.status)
	}
	later.Store(int64(30 * 24 * time.Hour))
	if a := r.ask("GET", path, "", nil); a.status != 200 {
		t.Errorf("after a month: %d", a.status)
	}
	later.Store(int64(30*24*time.Hour + 11*time.Hour)) // until the end of that day
	if a := r.ask("GET", path, "", nil); a.status != 200 || a.header.Get("Cache-Control") != "private, max-age=3600" {
		t.Errorf("an hour before its end: %d, %s", a.status, a.header.Get("Cache-Control"))
	}
	later.Store(int64(30*24*time.Hour + 12*time.Hour))
	gone("a link that has expired", path)
}

// Where nobody has said how the server is reached from elsewhere, no message leads to a picture.
func TestNoPictureIsLinkedWithoutAnExternalURL(t *testing.T) {
	hook := listen(t)
	r := serve(t, t.TempDir())
	to := r.tells(hook.url)
	send[api.TargetAnswer](r, "POST", "/targets/"+to.ID+"/test", adminKey, nil)
	if link := hook.all()[0]["pictureUrl"]; link != "" {
		t.Errorf("it leads to %v", link)
	}
}

// A test message has a picture too: it shows whether a chat can fetch it.
func TestATestMessageLeadsToAPicture(t *testing.T) {
	hook := listen(t)
	r := serve(t, t.TempDir(), func(o *server.Options) { o.Config.Server.ExternalURL = "http://10.0.0.1:8087/of" })
	to := r.tells(hook.url)
	send[api.TargetAnswer](r, "POST", "/targets/"+to.ID+"/test", adminKey, nil)
	path, ok := strings.CutPrefix(hook.all()[0]["pictureUrl"].(string), "http://10.0.0.1:8087/of")
	if a := r.ask("GET", path, "", nil); !ok || a.status != 200 || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("%s: %d %v", path, a.status, a.header)
	}
}
