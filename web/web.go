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
	return app{folder}
}

type app struct{ folder string }

// hashedFolder holds files whose names change with what is in them.
const hashedFolder = "assets/"

func (a app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	text, err := fs.ReadFile(files, path.Join(a.folder, name))
	if err != nil {
		if path.Ext(name) != "" && strings.HasPrefix(name, hashedFolder) {
			http.Error(w, "there is no such file: reload the page", http.StatusNotFound)
			return
		}
		name = "index.html"
		text, err = fs.ReadFile(files, path.Join(a.folder, name))
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
	http.ServeFileFS(w, r, files, path.Join(a.folder, name))
}
