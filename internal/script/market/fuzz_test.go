package market

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io/fs"
	"strings"
	"testing"
)

// Whatever an archive holds, nothing of it leads out or is larger than it may be.
func FuzzPackage(f *testing.F) {
	manifest := "name: a\nversion: 1.0.0\ntitle: A\nscripts: [{file: m.py}]\n"
	f.Add(manifest, "m.py", "x = 1", byte(tar.TypeReg), false)
	f.Add(manifest, "../m.py", "x = 1", byte(tar.TypeReg), false)
	f.Add(manifest+"startup: {file: m.py, set: b}\nplaceholders: [{name: n, title: t}]\n", "m.py", "", byte(tar.TypeSymlink), false)
	f.Add("a: &a [x]\nb: [*a, *a]\n", "a/b/c/d/e/f/g.py", "", byte(tar.TypeReg), true)
	f.Fuzz(func(t *testing.T, manifest, name, content string, kind byte, raw bool) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		w := tar.NewWriter(z)
		for _, e := range []struct{ name, content string }{{manifestFile, manifest}, {changelogFile, "x"}, {name, content}} {
			h := &tar.Header{Name: e.name, Size: int64(len(e.content)), Typeflag: tar.TypeReg}
			if e.name == name {
				h.Typeflag = kind
			}
			if w.WriteHeader(h) == nil {
				_, _ = w.Write([]byte(e.content))
			}
		}
		_ = w.Close()
		_ = z.Close()
		archive := b.Bytes()
		if raw {
			archive = []byte(content)
		}
		files, err := unpack(archive)
		if err != nil {
			return
		}
		total := 0
		for name, content := range files {
			if total += len(content); !fs.ValidPath(name) || strings.Contains(name, "\\") || total > maxUnpacked {
				t.Fatalf("%q of %d bytes was let in", name, len(content))
			}
		}
		p, err := read(files)
		if err != nil {
			return
		}
		if !isSetName(p.Name) || compare(p.Version, p.Version) != 0 || len(p.Digest) != 64 {
			t.Fatalf("it was taken as %+v", p.Manifest)
		}
		for _, s := range p.sources() {
			if _, ok := files[s]; !ok {
				t.Fatalf("%s is not there", s)
			}
		}
	})
}
