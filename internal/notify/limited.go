package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// limited names what takes so many messages of a target a minute, so that all targets which lead to one robot stay
// within its limit, of whatever workspace they are. It is a keyed hash, since the address of a robot is a secret.
// It is empty where no limit is known.
func (n *Notify) limited(to *state.Target) string {
	kind, err := target.Find(to.Kind)
	if err != nil || kind.Limits.Messages == 0 && kind.Limits.Second == 0 {
		return ""
	}
	secrets, err := n.secrets(to)
	if err != nil { // it cannot be sent to either, and says so
		return to.ID
	}
	mac := hmac.New(sha256.New, n.o.SigningKey)
	mac.Write([]byte("limited\x00" + kind.Limited(both(to.Settings, secrets))))
	return hex.EncodeToString(mac.Sum(nil))
}
