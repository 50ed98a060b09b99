package market

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// unpack reads a .tar.gz in memory: files and folders alone, all within it. The package may lie in
// one folder of it.
func unpack(archive []byte) (Files, error) {
	if len(archive) > maxArchive {
		return nil, fmt.Errorf("the archive is more than %d MB", maxArchive>>20)
	}
	z, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("it is no .tar.gz: %w", err)
	}
	limited := &io.LimitedReader{R: z, N: 2*maxUnpacked + 1} // with headers and padding
	files, t := Files{}, tar.NewReader(limited)
	for entries := 0; ; entries++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		switch {
		case limited.N == 0 || entries > 4*maxFiles:
			return nil, fmt.Errorf("unpacked it is more than %d MB, or more than %d files", maxUnpacked>>20, maxFiles)
		case err != nil:
			return nil, fmt.Errorf("read the archive: %w", err)
		case h.Typeflag == tar.TypeXGlobalHeader:
			continue
		case h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeDir:
			return nil, fmt.Errorf("%q is neither a file nor a folder", h.Name)
		}
		name := strings.TrimPrefix(h.Name, "./")
		if h.Typeflag == tar.TypeDir {
			if name = strings.TrimSuffix(name, "/"); name != "" && name != "." {
				if err := checkPath(name); err != nil {
					return nil, err
				}
			}
			continue
		}
		if h.Size > maxFile {
			return nil, fmt.Errorf("%q is larger than %d MB", h.Name, maxFile>>20)
		}
		content, err := io.ReadAll(t)
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", h.Name, err)
		}
		if err := files.add(name, content); err != nil {
			return nil, err
		}
	}
	// what follows belongs to the archive: its checksum is read too
	if _, err := io.Copy(io.Discard, limited); err != nil {
		return nil, fmt.Errorf("read the archive: %w", err)
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("unpacked it is more than %d MB", maxUnpacked>>20)
	}
	return files.root()
}

// root is where the package lies: the top, or its only folder.
func (f Files) root() (Files, error) {
	if _, ok := f[manifestFile]; ok {
		return f, nil
	}
	folders := f.packageFolders()
	if len(folders) != 1 || path.Dir(folders[0]) != "." {
		return nil, fmt.Errorf("it has no %s at its top or in its only folder", manifestFile)
	}
	inside := f.within(folders[0])
	if len(inside) != len(f) {
		return nil, fmt.Errorf("there are files beside the folder %s", folders[0])
	}
	return inside, nil
}
