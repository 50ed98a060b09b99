package proc

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// users are the names of a passwd file, read again when it has changed.
type users struct {
	path     string
	modified time.Time
	names    map[uint64]string
}

// name is that of the user, or the number where the file does not name it.
func (u *users) name(uid uint64) string {
	info, err := os.Stat(u.path)
	if err == nil && !info.ModTime().Equal(u.modified) {
		if text, err := os.ReadFile(u.path); err == nil {
			u.names, u.modified = parsePasswd(text), info.ModTime()
		}
	}
	if name := u.names[uid]; name != "" {
		return name
	}
	return strconv.FormatUint(uid, 10)
}

// parsePasswd reads passwd(5). Of several names of one user the first counts.
func parsePasswd(text []byte) map[uint64]string {
	names := map[uint64]string{}
	for line := range bytes.Lines(text) {
		fields := bytes.SplitN(line, []byte(":"), 4)
		if len(fields) < 4 {
			continue
		}
		uid, ok := parseUint(fields[2])
		if _, taken := names[uid]; ok && !taken {
			names[uid] = clean(fields[0])
		}
	}
	return names
}
