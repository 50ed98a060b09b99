package proc

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNameOf(t *testing.T) {
	for _, c := range []struct{ comm, args, want string }{
		{"nginx", "nginx: worker process", "nginx"},
		{"postgres", "postgres: checkpointer ", "postgres"},
		{"gnome-keyring-d", "/usr/bin/gnome-keyring-daemon|--start", "gnome-keyring-daemon"},
		{"gnome-keyring-d", "something else", "gnome-keyring-d"},
		{"java", "java|-Xmx1g|-jar|/srv/app.jar|--port|80", "java:app.jar"},
		{"java", "java|-cp|/a:/b|-Dx=y|org.example.Main|-v", "java:Main"},
		{"java", "java|--add-opens|java.base/java.lang=ALL-UNNAMED|-m|app/org.example.Main", "java:org.example.Main"},
		{"java", "java|-version", "java"},
		{"python3.11", "/usr/bin/python3.11|-u|/srv/worker.py|x", "python3.11:worker.py"},
		{"python3", "python3|-m|http.server|8000", "python3:http.server"},
		{"python3", "python3|-W|ignore|/srv/a.py", "python3:a.py"},
		{"python3", "python3|-c|import os", "python3"},
		{"python3-config", "python3-config", "python3-config"},
		{"node", "node|--max-old-space-size=512|/srv/server.js", "node:server.js"},
		{"node", "node|-r|dotenv/config|server.js", "node:server.js"},
		{"MainThread", "/usr/bin/node|/srv/server.js", "node:server.js"},
		{"ruby", "ruby|-I|lib|/srv/puma", "ruby:puma"},
		{"perl", "perl|-w|/srv/feed.pl", "perl:feed.pl"},
		{"php8.2", "php8.2|-c|/etc/php.ini|artisan|queue:work", "php8.2:artisan"},
		{"dotnet", "dotnet|/srv/App.dll", "dotnet:App.dll"},
		{"bash", "bash", "bash"},
		{"sh", "/bin/sh|-c|sleep 1", "sh"},
		{"sh", "/bin/sh|/etc/run.sh", "sh:run.sh"},
		{"sshd", "", "sshd"},
		{"\x01\xff", "", "�"},
		{"\x01", "", "unnamed"},
		{"python3", "python3|" + strings.Repeat("x", 300), "python3:" + strings.Repeat("x", 88)},
	} {
		t.Run(c.args, func(t *testing.T) {
			cmdline := strings.ReplaceAll(c.args, "|", "\x00") + "\x00"
			if got := nameOf(c.comm, []byte(cmdline)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzNameOf(f *testing.F) {
	f.Add("java", []byte("java\x00-cp\x00/a\x00org.Main\x00"))
	f.Add("python3", []byte("python3\x00-m"))
	f.Add("", []byte{0, 0})
	f.Fuzz(func(t *testing.T, comm string, cmdline []byte) {
		name := nameOf(comm, cmdline)
		if name == "" || len(name) > maxName || !utf8.ValidString(name) || strings.ContainsAny(name, "\x00\n") {
			t.Errorf("%q is no name", name)
		}
	})
}
