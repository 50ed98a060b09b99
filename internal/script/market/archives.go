package market

import "sync"

// maxCached is how many archives are kept: a person who reads about a package often installs it next.
const maxCached = 8

// archives keeps archives by their digest, which was checked.
type archives struct {
	mu    sync.Mutex
	byKey map[string][]byte
	order []string // the oldest first
}

func (c *archives) get(digest string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	archive, ok := c.byKey[digest]
	return archive, ok
}

func (c *archives) put(digest string, archive []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[digest]; ok {
		return
	}
	if c.byKey == nil {
		c.byKey = map[string][]byte{}
	}
	if len(c.order) == maxCached {
		delete(c.byKey, c.order[0])
		c.order = c.order[1:]
	}
	c.byKey[digest], c.order = archive, append(c.order, digest)
}
