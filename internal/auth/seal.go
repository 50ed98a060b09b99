package auth

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Sealer keeps credentials so that who has the database alone cannot read them.
//
// A sealed text is: a version byte (1), four bytes that name the key, a nonce of 24 random bytes, and
// the text under XChaCha20-Poly1305. The purpose is authenticated with it, so that a text that was
// sealed for one thing cannot be put in place of another's.
type Sealer struct {
	aead    cipher.AEAD
	keyID   [4]byte
	purpose string
}

const sealVersion = 1

// ErrSealed is a text that cannot be opened: changed, cut, of another purpose, or of another key.
var ErrSealed = errors.New("sealed credentials cannot be opened")

// NewSealer seals with a key of 256 random bits.
func NewSealer(key [32]byte) *Sealer {
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic(err) // of a key of another length alone
	}
	sum := sha256.Sum256(key[:])
	return &Sealer{aead: aead, keyID: [4]byte(sum[:4])}
}

// For is a sealer of the same key for one purpose, e.g. "target".
func (s *Sealer) For(purpose string) *Sealer {
	of := *s
	of.purpose = purpose
	return &of
}

// Seal hides a text.
func (s *Sealer) Seal(text []byte) ([]byte, error) {
	head := append([]byte{sealVersion}, s.keyID[:]...)
	nonce := make([]byte, s.aead.NonceSize())
	_, _ = rand.Read(nonce) // it never fails
	return s.aead.Seal(append(bytes.Clone(head), nonce...), nonce, text, append(head, s.purpose...)), nil
}

// Open is the text that was sealed.
func (s *Sealer) Open(sealed []byte) ([]byte, error) {
	const headSize = 1 + len(s.keyID)
	switch n := s.aead.NonceSize(); {
	case len(sealed) < headSize+n+s.aead.Overhead():
		return nil, fmt.Errorf("%w: they are cut off", ErrSealed)
	case sealed[0] != sealVersion:
		return nil, fmt.Errorf("%w: a newer version of memseep sealed them", ErrSealed)
	case [4]byte(sealed[1:headSize]) != s.keyID:
		return nil, fmt.Errorf("%w: they were sealed with another key: put back the secret.key or MEMSEEP_SECRET_KEY of that time, or enter them again", ErrSealed)
	default:
		additional := append(bytes.Clone(sealed[:headSize]), s.purpose...)
		text, err := s.aead.Open(nil, sealed[headSize:headSize+n], sealed[headSize+n:], additional)
		if err != nil {
			return nil, fmt.Errorf("%w: they were changed, or are of another purpose", ErrSealed)
		}
		return text, nil
	}
}
