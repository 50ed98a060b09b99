package file_test

import (
	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/source/file"
)

var _ inspect.Source = (*file.Source)(nil)
