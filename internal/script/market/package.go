package market

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/script/python"
)

// What a package may be large: it is read as a whole.
const (
	maxArchive  = 8 << 20 // bytes, as it is sent
	maxUnpacked = 8 << 20 // bytes of all files
	maxFile     = 1 << 20 // bytes of one
	maxFiles    = 200
	maxDepth    = 4 // folders within each other
)

// Names of a package's own files.
const (
	manifestFile    = "package.yaml"
	changelogFile   = "CHANGELOG.md"
	changelogFileZH = "CHANGELOG.zh.md"
)

// Package is a package as a source gave it, read and checked.
type Package struct {
	Manifest
	Files  Files
	Digest string // of the archive, where it came as one that an index names; else of its files
	Signed bool   // by the key that its source is pinned to
}

// Files are the contents of a package by slash-separated path.
type Files map[string][]byte

// add takes one more file, where path and size may be.
func (f Files) add(name string, content []byte) error {
	if err := checkPath(name); err != nil {
		return err
	}
	if _, double := f[name]; double {
		return fmt.Errorf("%s is there twice", name)
	}
	if len(f) == maxFiles {
		return fmt.Errorf("it has more than %d files", maxFiles)
	}
	total := len(content)
	for _, c := range f {
		total += len(c)
	}
	if total > maxUnpacked {
		return fmt.Errorf("its files are more than %d MB", maxUnpacked>>20)
	}
	f[name] = content
	return nil
}

// checkPath refuses a path that leads out of the package, or that a system reads otherwise than we.
func checkPath(name string) error {
	switch {
	case !fs.ValidPath(name), name == ".", strings.ContainsAny(name, "\\:"), !utf8.ValidString(name),
		strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf("%q is no path within a package", name)
	case len(name) > 200 || strings.Count(name, "/") > maxDepth:
		return fmt.Errorf("the path %.60q… is too long or too deep", name)
	}
	return nil
}

// sums is what sha256sum writes of the files: a line each, sorted by name.
func (f Files) sums() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if name != sumsFile && name != sumsFile+signatureSuffix {
			fmt.Fprintf(&b, "%s  %s\n", digestOf(f[name]), name)
		}
	}
	return b.String()
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// read makes a package of its files. A digest of the source's own may be set later.
func read(files Files) (*Package, error) {
	text, ok := files[manifestFile]
	if !ok {
		return nil, fmt.Errorf("it has no %s", manifestFile)
	}
	m, err := parseManifest(text)
	if err != nil {
		return nil, err
	}
	p := &Package{Manifest: m, Files: files, Digest: digestOf([]byte(files.sums()))}
	for _, name := range p.sources() {
		code, ok := files[name]
		switch {
		case !ok:
			return nil, fmt.Errorf("%s: it names %s, which is not there", manifestFile, name)
		case len(code) > python.MaxSource:
			return nil, fmt.Errorf("%s is longer than %d kB: a script is not", name, python.MaxSource>>10)
		case !utf8.Valid(code) || bytes.IndexByte(code, 0) >= 0:
			return nil, fmt.Errorf("%s is no text in UTF-8", name)
		}
	}
	if _, ok := files[changelogFile]; !ok {
		return nil, fmt.Errorf("it has no %s, which says what is new", changelogFile)
	}
	return p, nil
}

// sources are the files with code.
func (p *Package) sources() []string {
	var names []string
	for _, s := range p.Scripts {
		names = append(names, s.File)
	}
	if p.Startup != nil {
		names = append(names, p.Startup.File)
	}
	return names
}

// scripts are what its set holds.
func (p *Package) scripts() []library.File {
	var list []library.File
	for _, s := range p.Scripts {
		list = append(list, library.File{Name: s.name(), Title: s.Title, Code: string(p.Files[s.File])})
	}
	return list
}

// Changelog is what is new in each version, in Markdown; Chinese is empty where there is none.
func (p *Package) Changelog() (english, chinese string) {
	return string(p.Files[changelogFile]), string(p.Files[changelogFileZH])
}

// within are the files below a folder, with paths from there.
func (f Files) within(folder string) Files {
	if folder == "." {
		return f
	}
	inside := Files{}
	for name, content := range f {
		if rest, ok := strings.CutPrefix(name, folder+"/"); ok {
			inside[rest] = content
		}
	}
	return inside
}

// packageFolders are the folders that have a manifest.
func (f Files) packageFolders() []string {
	var folders []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if path.Base(name) == manifestFile {
			folders = append(folders, path.Dir(name))
		}
	}
	return folders
}
