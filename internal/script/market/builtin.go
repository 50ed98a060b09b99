package market

import (
	"context"
	"embed"
	"io/fs"
)

//go:embed shipped
var shipped embed.FS

// builtin is the binary's own source.
var builtin source = &tree{look: func(context.Context) (files, error) {
	own, err := fs.Sub(shipped, "shipped")
	return embedded{own}, err
}}

type embedded struct{ fs fs.FS }

func (embedded) close() error { return nil }

func (e embedded) list() ([]entry, error) {
	var list []entry
	err := fs.WalkDir(e.fs, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		list = append(list, entry{name: name, size: info.Size(), regular: true})
		return err
	})
	return list, err
}

func (e embedded) read(name string) ([]byte, error) { return fs.ReadFile(e.fs, name) }
