package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// pictureLasts is how long a link to a picture holds at least: chats are read again weeks later.
const pictureLasts = 30 * pictureDay

// pictureDay is for how long a link is the same: chats fetch what they have not seen.
const pictureDay = 24 * time.Hour

// pictureLink is what a signed link shows to anybody: the picture of one event.
type pictureLink struct {
	Workspace string    `json:"w"` // empty is that of a test message
	Event     string    `json:"v"`
	Expires   time.Time `json:"e"`
}

// ErrPictureLink is a link that was changed, has expired, or leads to nothing that can be drawn.
var ErrPictureLink = errors.New("there is no picture here: the link was changed, has expired, or its event is gone")

// pictureURL is the address of an event's picture, which needs no sign-in; empty where the event has
// no curve, or nobody has said how this server is reached from elsewhere.
func (n *Notify) pictureURL(e *event.Event) string {
	if n.o.PictureURL == "" || !drawable(e) {
		return ""
	}
	expires := n.now().Truncate(pictureDay).Add(pictureDay + pictureLasts)
	link := pictureLink{Workspace: e.WorkspaceID, Event: e.ID, Expires: expires}
	return n.o.PictureURL + "/picture/" + n.sign(forPicture, link) + ".png"
}

// LinkedPicture is the picture that a signed link leads to, and until when the link holds. It is
// ErrPictureLink where there is none.
func (n *Notify) LinkedPicture(ctx context.Context, token string) (Drawn, time.Time, error) {
	var l pictureLink
	if !n.signed(forPicture, token, &l) || !n.now().Before(l.Expires) {
		return Drawn{}, time.Time{}, ErrPictureLink
	}
	d, err := n.drawn.get(ctx, l.Workspace+"/"+l.Event, n.now(), func() ([]byte, error) { return n.drawLinked(ctx, &l) })
	return d, l.Expires, err
}

func (n *Notify) drawLinked(ctx context.Context, l *pictureLink) ([]byte, error) {
	if l.Workspace == "" { // of no event that is kept
		e := example(l.Expires.Add(-pictureLasts - pictureDay))
		return Picture(&e), nil
	}
	e, err := n.o.DB.Event(ctx, l.Workspace, l.Event)
	switch {
	case errors.Is(err, state.ErrNotFound):
		return nil, ErrPictureLink
	case err != nil:
		return nil, fmt.Errorf("read the event of a linked picture: %w", err)
	}
	picture := Picture(&e)
	if picture == nil {
		return nil, ErrPictureLink
	}
	return picture, nil
}
