package state

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// indexedCharacters is how much of a name PostgreSQL's indexes hold, whose rows have 2.7 kB at most: the
// expressions in the migrations say the same number. SQLite's hold names of any length.
const indexedCharacters = 500

// beginning is the part of a column that is indexed.
func (q *Queries) beginning(column string) string {
	if q.dialect == SQLite {
		return column
	}
	return fmt.Sprintf("left(%s, %d)", column, indexedCharacters)
}

// named chooses the rows whose name is one of some, along the index of its column.
func (q *Queries) named(s *bun.SelectQuery, column string, names ...string) {
	if q.dialect == SQLite {
		s.Where(column+" IN (?)", in(names))
		return
	}
	begin, full := make([]string, len(names)), false
	for i, name := range names {
		begin[i] = firstCharacters(textOf(name), indexedCharacters)
		full = full || utf8.RuneCountInString(begin[i]) == indexedCharacters // others begin so too
	}
	s.Where(q.beginning(column)+" IN (?)", in(begin))
	if full {
		s.Where(column+" IN (?)", in(names))
	}
}

func firstCharacters(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// nameOrder sorts by a name, along its index.
func (q *Queries) nameOrder(column string) string {
	if q.dialect == SQLite {
		return column
	}
	return q.beginning(column) + ", " + column
}

// afterName chooses the rows behind a name in nameOrder.
func (q *Queries) afterName(s *bun.SelectQuery, column, name string) {
	if q.dialect == SQLite {
		s.Where(column+" > ?", name)
		return
	}
	s.Where("("+q.nameOrder(column)+") > (?, ?)", firstCharacters(textOf(name), indexedCharacters), name)
}

// hostKey is the index that tells hosts apart.
func (q *Queries) hostKey() string {
	if q.dialect == SQLite {
		return "workspace_id, name"
	}
	return "workspace_id, " + q.beginning("name") + `, sha256(decode(replace(name, '\', '\\'), 'escape'))`
}

// longestLabel is how long the key and the value of a label may be, in bytes: PostgreSQL indexes both together.
const longestLabel = 1000

// labelled is how a key or value stands in event_labels: as it is, or its beginning with a hash of all of it.
func labelled(s string) string {
	if s = textOf(s); len(s) <= longestLabel {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(s[:longestLabel-2*len(sum)], "") + hex.EncodeToString(sum[:])
}

func allLabelled(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = labelled(v)
	}
	return out
}
