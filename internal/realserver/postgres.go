//go:build unix

package realserver

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres is a running PostgreSQL whose databases are empty at first.
type Postgres struct {
	*Process
	Port   int
	Socket string // the directory of its unix socket

	databases atomic.Int64
}

// StartPostgres starts a PostgreSQL that does not care for a loss of power. It skips the test where
// initdb and postgres are not installed. PostgreSQL refuses root: there it runs as nobody.
func StartPostgres(t testing.TB) *Postgres {
	t.Helper()
	initdb := findPostgres(t, "initdb")
	// A unix socket's path may have 107 bytes, and nobody has to get in: t.TempDir gives neither.
	dir, err := os.MkdirTemp("", "postgres")
	if err != nil {
		t.Fatalf("make a directory for PostgreSQL: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	other := unprivileged(t)
	if err := os.Chown(dir, other.uid, other.gid); err != nil {
		t.Fatalf("give the directory of PostgreSQL to its user: %v", err)
	}
	data := filepath.Join(dir, "data")
	cmd := exec.Command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = dir, asUser(other)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p := &Postgres{Port: FreePort(t), Socket: dir}
	p.Run(t)
	return p
}

// Run starts the server again after Stop, on the same data and port.
func (p *Postgres) Run(t testing.TB) {
	t.Helper()
	cmd := exec.Command(findPostgres(t, "postgres"), "-D", filepath.Join(p.Socket, "data"), "-h", "127.0.0.1", "-p", strconv.Itoa(p.Port), "-k", p.Socket,
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
	cmd.Dir, cmd.SysProcAttr = p.Socket, asUser(unprivileged(t))
	p.Process = start(t, cmd)
	t.Cleanup(p.Stop)
	p.waitAnswers(t)
}

// Stop ends the server with all its connections, and waits for its end; what it committed last may
// be lost. It asks, because a killed PostgreSQL leaves a segment of shared memory behind.
func (p *Postgres) Stop() { p.ask(syscall.SIGQUIT) }

// End is as Stop, but what was committed is kept: Run starts the server again with all of it.
func (p *Postgres) End() { p.ask(syscall.SIGINT) }

func (p *Postgres) ask(s syscall.Signal) {
	if p.cmd.Process.Signal(s) == nil {
		select {
		case <-p.done:
		case <-time.After(readyTimeout):
		}
	}
	p.Process.Stop()
}

// URL is the address of a new, empty database.
func (p *Postgres) URL(t testing.TB) string {
	t.Helper()
	return p.create(t, "template1")
}

// Copy is the address of a new database that holds what another one does, to which nobody may be
// connected: cheaper than to make the same tables again.
func (p *Postgres) Copy(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("read the address of a database: %v", err)
	}
	return p.create(t, strings.TrimPrefix(u.Path, "/"))
}

func (p *Postgres) create(t testing.TB, template string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.address("postgres"))
	if err != nil {
		t.Fatalf("connect to PostgreSQL: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	name := fmt.Sprintf("test_%d", p.databases.Add(1))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY file_copy"); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	return p.address(name)
}

func (p *Postgres) address(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Host: fmt.Sprintf("127.0.0.1:%d", p.Port), Path: database}
	return u.String() + "?sslmode=disable"
}

func (p *Postgres) waitAnswers(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, p.address("postgres"))
		if err == nil {
			_ = conn.Close(ctx)
			return
		}
		select {
		case <-tick.C:
		case <-p.done:
			t.Fatalf("PostgreSQL ended before it was ready:\n%s", p.Output())
		case <-ctx.Done():
			t.Fatalf("PostgreSQL did not answer within %s: %v\n%s", readyTimeout, err, p.Output())
		}
	}
}

// findPostgres looks where Debian puts the programs of each version too.
func findPostgres(t testing.TB, name string) string {
	t.Helper()
	if paths, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(paths) > 0 {
		return paths[len(paths)-1]
	}
	return Find(t, name)
}

type account struct{ uid, gid int }

// unprivileged is this process's user, or nobody where that is root.
func unprivileged(t testing.TB) account {
	t.Helper()
	if os.Geteuid() != 0 {
		return account{os.Geteuid(), os.Getegid()}
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatalf("find a user that is not root: %v", err)
	}
	uid, errUID := strconv.Atoi(nobody.Uid)
	gid, errGID := strconv.Atoi(nobody.Gid)
	if errUID != nil || errGID != nil {
		t.Fatalf("nobody's numbers are %s and %s", nobody.Uid, nobody.Gid)
	}
	return account{uid, gid}
}

// asUser runs a program as somebody else where this process may, and ends it with this process.
func asUser(a account) *syscall.SysProcAttr {
	attributes := dieWithParent()
	if attributes == nil {
		attributes = &syscall.SysProcAttr{}
	}
	if a.uid != os.Geteuid() {
		attributes.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attributes
}
