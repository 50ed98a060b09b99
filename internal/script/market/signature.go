package market

import (
	"errors"
	"fmt"

	"aead.dev/minisign"
)

// A package that lies in a folder is signed by the digests of its files, as
// `sha256sum * > SHA256SUMS; minisign -Sm SHA256SUMS` does it.
const (
	sumsFile        = "SHA256SUMS"
	signatureSuffix = ".minisig"
)

// checkKey says whether a text is a public key of minisign.
func checkKey(text string) error {
	_, err := parseKey(text)
	return err
}

func parseKey(text string) (k minisign.PublicKey, err error) {
	if err = k.UnmarshalText([]byte(text)); err != nil {
		return k, errors.New("it is no public key of minisign: give the line of its .pub file that begins with RW")
	}
	return k, nil
}

// verify checks a signature of minisign, with its trusted comment.
func verify(key string, content, signature []byte) error {
	k, err := parseKey(key)
	if err != nil {
		return err
	}
	var s minisign.Signature
	if err := s.UnmarshalText(signature); err != nil {
		return fmt.Errorf("its signature is none of minisign: %w", err)
	}
	if s.KeyID != k.ID() {
		return fmt.Errorf("it is signed by the key %X, and the source is pinned to %X", s.KeyID, k.ID())
	}
	if !minisign.Verify(k, content, signature) {
		return errors.New("its signature is wrong: it was changed after it was signed")
	}
	return nil
}

// verifyFiles checks that the files are those that their sums name, and that the key signed these.
func (f Files) verify(key string) error {
	sums, ok := f[sumsFile]
	if !ok {
		return fmt.Errorf("it has no %s, and the source is pinned to a key", sumsFile)
	}
	signature, ok := f[sumsFile+signatureSuffix]
	if !ok {
		return fmt.Errorf("it has no %s, and the source is pinned to a key", sumsFile+signatureSuffix)
	}
	if err := verify(key, sums, signature); err != nil {
		return err
	}
	return f.matches(string(sums))
}
