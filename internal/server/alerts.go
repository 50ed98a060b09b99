package server

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/schedule"
)

// secrets are what alerts hide and sign with; both come of the sealing key, and last as long.
type secrets struct {
	sealer  *auth.Sealer // of targets' credentials
	signing []byte       // of links to acknowledge, and to pictures
}

// secretsOf derives the key that links are signed with (HKDF, RFC 5869), so that neither key tells
// of the other.
func secretsOf(sealer *auth.Sealer, key [32]byte) (secrets, error) {
	signing, err := hkdf.Key(sha256.New, key[:], nil, "memseep signed links 1", sha256.Size)
	if err != nil {
		return secrets{}, fmt.Errorf("derive the key that links are signed with: %w", err)
	}
	return secrets{sealer: sealer.For("target"), signing: signing}, nil
}

// openNotify makes what tells people. Targets may lie where sources may.
func (p *parts) openNotify() (err error) {
	private := p.o.Config.Server.AllowPrivate
	p.notify, err = notify.New(notify.Options{
		DB: p.db, Sealer: p.secrets.sealer, SigningKey: p.secrets.signing, BaseURL: p.externalURL(),
		PictureURL: strings.TrimSuffix(p.o.Config.Server.ExternalURL, "/"),
		Network:    target.Network{AllowPrivate: private, AllowLoopback: private, Clock: p.o.Clock},
		Published:  func(workspaceID string) { p.hub.Publish(workspaceID, schedule.Change{Kind: "notices"}) },
		Marked:     func(workspaceID string) { p.hub.Publish(workspaceID, schedule.Change{Kind: "event"}) },
		Clock:      p.o.Clock, Logger: p.o.Logger.With("part", "notify"),
	})
	return err
}
