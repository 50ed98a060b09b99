package target

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestAddressesThatAreNotReached(t *testing.T) {
	type allowed struct{ nothing, private, loopback bool }
	for address, want := range map[string]allowed{
		"1.1.1.1":                  {true, true, true},
		"2606:4700::1111":          {true, true, true},
		"10.0.0.1":                 {false, true, false},
		"172.16.9.9":               {false, true, false},
		"192.168.1.1":              {false, true, false},
		"100.64.0.1":               {false, true, false},
		"fd12::1":                  {false, true, false},
		"::ffff:10.0.0.1":          {false, true, false},
		"127.0.0.1":                {false, false, true},
		"::1":                      {false, false, true},
		"::ffff:127.0.0.1":         {false, false, true},
		"169.254.169.254":          {},
		"::ffff:169.254.1.1":       {},
		"fe80::1":                  {},
		"fd00:ec2::254":            {},
		"100.100.100.200":          {},
		"64:ff9b::169.254.1.1":     {},
		"64:ff9b::100.100.100.200": {},
		"64:ff9b::10.0.0.1":        {false, true, false},
		"64:ff9b::127.0.0.1":       {false, false, true},
		"64:ff9b::1.1.1.1":         {true, true, true},
		"2002:a9fe:a9fe::1":        {},
		"2002:7f00:1::":            {false, false, true},
		"::169.254.169.254":        {},
		"::10.0.0.1":               {false, true, false},
		"0.0.0.0":                  {},
		"::":                       {},
		"224.0.0.1":                {},
		"255.255.255.255":          {},
	} {
		a := netip.MustParseAddr(address)
		got := allowed{
			Network{}.check(a) == nil, Network{AllowPrivate: true}.check(a) == nil, Network{AllowLoopback: true}.check(a) == nil,
		}
		if got != want {
			t.Errorf("%s is reached with nothing, private, loopback allowed: %v, want %v", address, got, want)
		}
	}
}

// A redirect may not lead elsewhere, nor drop the message, nor go on for ever.
func TestRedirects(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		to     string
		taken  bool
	}{
		"to another path, with the message": {http.StatusTemporaryRedirect, "/there", true},
		"to another path, without it":       {http.StatusFound, "/there", false},
		"to another host":                   {http.StatusTemporaryRedirect, "http://169.254.169.254/latest", false},
		"in a circle":                       {http.StatusTemporaryRedirect, "/", false},
	} {
		t.Run(name, func(t *testing.T) {
			taken := false
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/there" {
					taken = r.Method == http.MethodPost && r.ContentLength > 0
					return
				}
				http.Redirect(w, r, tt.to, tt.status)
			}))
			defer server.Close()
			to, err := webhook.Open(Settings{"url": server.URL}, network())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := to.Send(t.Context(), message("n")); (err == nil) != tt.taken || taken != tt.taken {
				t.Errorf("taken: %v, error %v", taken, err)
			}
		})
	}
}

func TestSecretsAreStruckOut(t *testing.T) {
	s := strike([]string{
		"https://user:hunter2hunter2@host/services/T000000000000/abc?key=k0123456789abcdef", "top secret", "https://a-long-user-token@host/",
		"X-Key: abc-def\nAuthorization: Bearer tokentokentoken", `{"to":{{json .Phone}},"password":"pass\"wordpassword"}`, `quo"ted`,
	})
	for _, text := range []string{
		"see k0123456789abcdef", "at T000000000000", "hunter2hunter2", "top+secret and top%20secret and top secret", "of a-long-user-token",
		"no key abc-def", "X-Key and Authorization are wrong", "Bearer tokentokentoken is unknown", `{"password":"wordpassword"}`, `{"asked":"quo\"ted"}`,
	} {
		got := s.out(text)
		for _, secret := range []string{"k0123456789abcdef", "T000000000000", "hunter2", "secret", "a-long-user", "abc-def", "tokentoken", "wordpassword", "ted\""} {
			if strings.Contains(got, secret) || strings.HasPrefix(text, "X-Key") && got != text {
				t.Errorf("%q became %q", text, got)
			}
		}
	}
}

// What counts is where a name leads when it is dialled, by HTTP and by SMTP: whoever owns a name can point it anywhere.
func TestANameThatLeadsToThisMachineIsNotReached(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	for kind, settings := range map[string]Settings{
		"webhook": {"url": "http://localhost:" + port},
		"email":   {"host": "localhost", "port": port, "tls": "none", "from": "a@example.org", "to": "b@example.org"},
	} {
		k, err := Find(kind)
		if err != nil {
			t.Fatal(err)
		}
		to, err := k.Open(settings, Network{Timeout: network().Timeout})
		if err != nil {
			t.Fatal(err)
		}
		_, err = to.Send(t.Context(), message("n"))
		var e *Error
		if !errors.As(err, &e) || e.Retry || !strings.Contains(e.Reason, "it is this machine") || reached {
			t.Errorf("%s: reached %v, error %v", kind, reached, err)
		}
	}
}
