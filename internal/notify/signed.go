package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// What links are signed for. It is part of what is signed: a link for one thing opens no other.
const (
	forAcknowledging = "memseep acknowledge 1"
	forPicture       = "memseep picture 1"
)

// signedMost is how long a token may be, in bytes: ours have less than 300.
const signedMost = 2 << 10

// sign makes a token of what a link is for: base64url(JSON) "." base64url(HMAC-SHA256 of what stands
// before the dot).
func (n *Notify) sign(use string, what any) string {
	b, err := json.Marshal(what)
	if err != nil {
		panic(err) // texts and a time alone
	}
	payload := base64.RawURLEncoding.EncodeToString(b)
	return payload + "." + base64.RawURLEncoding.EncodeToString(n.mac(use, payload))
}

// signed reads a token that sign made for the same use; false where it is another, or was changed.
func (n *Notify) signed(use, token string, into any) bool {
	if len(token) > signedMost {
		return false
	}
	payload, mac, _ := strings.Cut(token, ".")
	given, err := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || !hmac.Equal(given, n.mac(use, payload)) {
		return false
	}
	b, err := base64.RawURLEncoding.DecodeString(payload)
	return err == nil && json.Unmarshal(b, into) == nil
}

func (n *Notify) mac(use, payload string) []byte {
	mac := hmac.New(sha256.New, n.o.SigningKey)
	mac.Write([]byte(use + "\x00" + payload))
	return mac.Sum(nil)
}
