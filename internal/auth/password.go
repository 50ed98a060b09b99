package auth

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// cost is what the OWASP Password Storage Cheat Sheet asks of argon2id at least.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Lengths of passwords, in characters.
const (
	MinPassword = 10
	maxPassword = 1000
)

// ErrWeakPassword is a new password that is refused; its text says why.
var ErrWeakPassword = errors.New("this password cannot be taken")

// HashPassword is the argon2id hash of a password in PHC form.
func HashPassword(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, cost)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// CheckPassword tells whether the hash is of this password.
func CheckPassword(password, hash string) (bool, error) {
	same, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("check a password: %w", err)
	}
	return same, nil
}

// AcceptPassword refuses what a person must not take as a new password.
func AcceptPassword(name, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPassword:
		return fmt.Errorf("%w: it has %d characters, and at least %d are wanted", ErrWeakPassword, n, MinPassword)
	case n > maxPassword:
		return fmt.Errorf("%w: it has more than %d characters", ErrWeakPassword, maxPassword)
	case name != "" && strings.Trim(strings.ReplaceAll(strings.ToLower(password), strings.ToLower(name), ""), " 0123456789!.-_") == "":
		return fmt.Errorf("%w: it is the name to sign in with, or little more", ErrWeakPassword)
	}
	return nil
}
