package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// check refuses a change to another version than the one that If-Match names.
func (g Guard) check(version int64) error {
	if g.IfMatch == "" || g.IfMatch == "*" {
		return nil
	}
	for tag := range strings.SplitSeq(g.IfMatch, ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == etag(version) {
			return nil
		}
	}
	return huma.StatusError(problem(http.StatusPreconditionFailed, "somebody changed it since it was read: read it again and repeat the change"))
}

func withETag[T any](version int64, b T) *versioned[T] {
	return &versioned[T]{ETag: etag(version), Body: b}
}
