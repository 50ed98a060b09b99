package auth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// LoadSealingKey is the key that credentials are sealed with: the environment's value, 32 bytes as
// hex or base64, or where that is empty what secret.key in the data directory holds. That file is
// made at the first start, readable by its owner alone.
func LoadSealingKey(dir, environment string) ([32]byte, error) {
	if environment != "" {
		key, err := parseSealingKey(environment)
		if err != nil {
			return key, fmt.Errorf("read MEMSEEP_SECRET_KEY: %w", err)
		}
		return key, nil
	}
	path := filepath.Join(dir, "secret.key")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSealingKey(dir, path); err != nil {
			return [32]byte{}, fmt.Errorf("make the key that credentials are sealed with: %w", err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return [32]byte{}, fmt.Errorf("read the key that credentials are sealed with: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o007 != 0 {
		return [32]byte{}, fmt.Errorf("%s can be read by everybody: chmod 600 it", path)
	}
	key, err := parseSealingKey(string(text))
	if err != nil {
		return key, fmt.Errorf("read %s: %w", path, err)
	}
	return key, nil
}

func parseSealingKey(text string) (key [32]byte, err error) {
	text = strings.TrimSpace(text)
	b, err := hex.DecodeString(text)
	if err != nil {
		b, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil || len(b) != len(key) {
		return key, errors.New("it has to be 32 bytes as hex (64 digits) or base64: `openssl rand -hex 32` makes one")
	}
	return [32]byte(b), nil
}

// makeSealingKey writes a new key, unless another start has done so meanwhile. The file appears
// whole: a half-written key would lock credentials up for ever.
func makeSealingKey(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var key [32]byte
	_, _ = rand.Read(key[:]) // it never fails
	f, err := os.CreateTemp(dir, "secret.key-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(hex.EncodeToString(key[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
