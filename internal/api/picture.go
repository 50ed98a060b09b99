package api

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/notify"
)

// linkedPicture answers a signed link to an event's picture: chats fetch it, which cannot sign in.
func (a *API) linkedPicture(w http.ResponseWriter, r *http.Request) {
	token, named := strings.CutSuffix(r.PathValue("file"), ".png")
	picture, until, err := a.Notify.LinkedPicture(r.Context(), token)
	switch {
	case !named || errors.Is(err, notify.ErrPictureLink):
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, notify.ErrPictureLink.Error(), http.StatusNotFound)
		return
	case err != nil:
		if r.Context().Err() == nil {
			a.Logger.ErrorContext(r.Context(), "a linked picture failed", "error", err)
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "this failed inside the server: try again", http.StatusServiceUnavailable)
		return
	}
	holds := min(until.Sub(a.Clock()), 24*time.Hour)
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", fmt.Sprintf("private, max-age=%d", int(holds.Seconds())))
	h.Set("ETag", picture.ETag)
	h.Set("Referrer-Policy", "no-referrer") // the address is a credential
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture.PNG))
}
