package state

import (
	"strings"
	"time"
)

// timeLayout is one width, so that SQLite's times sort as the text that they are, and a
// millisecond exact, so that a time is the same on both databases.
const timeLayout = "'2006-01-02 15:04:05.000+00:00'"

func appendTime(b []byte, t time.Time) []byte { return t.UTC().AppendFormat(b, timeLayout) }

// textOf leaves out what PostgreSQL's text cannot hold, and has a sign in place of what is no UTF-8.
func textOf(s string) string { return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\ufffd") }
