package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// randomText is n random letters and digits: 43 of them are 256 bits.
func randomText(n int) string {
	text := make([]byte, 0, n)
	var random [64]byte
	for len(text) < n {
		_, _ = rand.Read(random[:]) // it never fails
		for _, b := range random {
			// What is above the last multiple of 62 would make the first letters more frequent.
			if b < 248 && len(text) < n {
				text = append(text, alphabet[b%62])
			}
		}
	}
	return string(text)
}

// fingerprint is what is kept of a secret of 256 random bits: such a secret cannot be guessed, so
// that a slow hash would add nothing.
func fingerprint(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
