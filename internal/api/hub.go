package api

import (
	"sync"

	"github.com/memseep/memseep/internal/schedule"
)

// Hub hands changes of a workspace to whoever listens. It keeps none: a listener that is too slow
// misses some, and is told that it did.
type Hub struct {
	mu        sync.Mutex // guards what follows
	listeners map[*listener]struct{}
	closed    bool
}

// listener is one open stream.
type listener struct {
	workspace string
	who       string // a person or a key
	changes   chan schedule.Change
	missed    bool
}

// NewHub makes a hub without listeners.
func NewHub() *Hub { return &Hub{listeners: map[*listener]struct{}{}} }

// listenerBuffer is how many changes wait for a slow listener.
const listenerBuffer = 256

// Publish tells all who listen to the workspace; it never waits. A change of no workspace is told
// to all.
func (h *Hub) Publish(workspace string, c schedule.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if workspace != "" && l.workspace != workspace {
			continue
		}
		select {
		case l.changes <- c:
		default:
			l.missed = true
		}
	}
}

// Close ends all streams; later ones end at once.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for l := range h.listeners {
		close(l.changes)
		delete(h.listeners, l)
	}
}

// mostStreams is how many streams one person or key may have open: each takes memory while it is.
const mostStreams = 100

// isBusy tells that somebody has as many streams as they may.
func (h *Hub) isBusy(who string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for l := range h.listeners {
		if l.who == who {
			n++
		}
	}
	return n >= mostStreams
}

func (h *Hub) listen(workspace, who string) *listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := &listener{workspace: workspace, who: who, changes: make(chan schedule.Change, listenerBuffer)}
	if h.closed {
		close(l.changes)
		return l
	}
	h.listeners[l] = struct{}{}
	return l
}

func (h *Hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, listening := h.listeners[l]; listening {
		delete(h.listeners, l)
		close(l.changes)
	}
}

// hasMissed tells once that changes were lost.
func (h *Hub) hasMissed(l *listener) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	missed := l.missed
	l.missed = false
	return missed
}
