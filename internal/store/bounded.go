package store

import (
	"errors"
	"fmt"
	"net/http"
)

// mostExpression is how long an expression may be, in bytes outside of its texts: each may make its tree
// one deeper, and walks over a tree of millions take minutes, which no time limit of a query ends.
const mostExpression = 16 << 10

// bounded refuses queries whose expressions are too long before anything reads them.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// As FormValue reads a form, which comes after: later calls find it read.
		if err := r.ParseMultipartForm(queryFormBytes); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			answerAPIError(w, http.StatusBadRequest, "bad_data", "the form of the query cannot be read: "+err.Error())
			return
		}
		for _, name := range []string{"query", "match[]"} {
			for _, expression := range r.Form[name] {
				if bare(expression) > mostExpression {
					answerAPIError(w, http.StatusBadRequest, "bad_data",
						fmt.Sprintf("%s is longer than %d bytes, not counting what stands in quotes: cut it into several queries", name, mostExpression))
					return
				}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// bare counts the bytes of an expression that stand in no quotes. A quote in a comment begins no text,
// and a text in " or ' ends with its line.
func bare(expression string) (n int) {
	for i := 0; i < len(expression); i++ {
		n++
		switch c := expression[i]; c {
		case '#':
			for i+1 < len(expression) && expression[i+1] != '\n' {
				i++
			}
		case '"', '\'', '`':
			for i++; i < len(expression) && expression[i] != c && (c == '`' || expression[i] != '\n'); i++ {
				if expression[i] == '\\' && c != '`' {
					i++
				}
			}
		}
	}
	return n
}
