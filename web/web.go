// Package web is the web app as the binary carries it.
// In goes nothing but the files of web/dist, which `make web` builds; out comes a handler of them,
// or of a page that says how to build the app. Read Handler in this file.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// The folder dist-missing is in the repository, dist where the app was built: one pattern takes
// both, so that a checkout without the app can be built too.
//
//go:embed all:dist*
var files embed.FS

// Built tells whether the app is in the binary.
func Built() bool {
	_, err := fs.Stat(files, "dist/index.html")
	return err == nil
}

// Handler serves the app: its files as they are, and its page at every other address, since the
// app has addresses of its own.
func Handler() http.Handler {
	folder := "dist"
	if !Built() {
		folder = "dist-missing"
	}
	return of(folder)
}

func of(folder string) app {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // the names above are valid
	}
	return app{sub}
}

type app struct{ files fs.FS }

// hashedFolder holds files whose names change with what is in them.
const hashedFolder = "assets/"

func (a app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	text, err := fs.ReadFile(a.files, name)
	if err != nil {
		if path.Ext(name) != "" && strings.HasPrefix(name, hashedFolder) {
			http.Error(w, "there is no such file: reload the page", http.StatusNotFound)
			return
		}
		name = "index.html"
		text, err = fs.ReadFile(a.files, name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		http.NotFound(w, r)
		return
	}
	if strings.HasPrefix(name, hashedFolder) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
		sum := sha256.Sum256(text)
		w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		w.Header().Set("Content-Type", kind) // of the file itself, whatever is sent of it
	}
	http.ServeFileFS(w, r, a.files, name+a.compressed(w, r, name))
}

// compressions are what the build leaves beside a file, the smaller first.
var compressions = []struct{ encoding, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

// compressed is the ending of the smallest form of a file that the browser takes, with the headers that tell of it.
func (a app) compressed(w http.ResponseWriter, r *http.Request, name string) string {
	taken := r.Header.Get("Accept-Encoding")
	for _, c := range compressions {
		if _, err := fs.Stat(a.files, name+c.ending); err != nil {
			continue
		}
		w.Header().Set("Vary", "Accept-Encoding")
		if takes(taken, c.encoding) {
			w.Header().Set("Content-Encoding", c.encoding)
			return c.ending
		}
	}
	return ""
}

// takes tells whether an Accept-Encoding has one, and does not refuse it by q=0.
func takes(accepted, encoding string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, quality, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == encoding {
			return !strings.HasPrefix(strings.TrimSpace(quality), "q=0") || strings.Trim(quality, " q=0.") != ""
		}
	}
	return false
}
