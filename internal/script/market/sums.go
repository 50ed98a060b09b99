package market

import (
	"fmt"
	"strings"
)

// matches checks the files against what sha256sum wrote of them: all are named, and none is other.
func (f Files) matches(sums string) error {
	named := map[string]string{}
	for line := range strings.Lines(sums) {
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			continue
		}
		digest, name, ok := strings.Cut(line, " ")
		if !ok || len(digest) != 64 || len(name) < 2 {
			return fmt.Errorf("%s: %.100q is no line of sha256sum", sumsFile, line)
		}
		name = strings.TrimPrefix(name[1:], "./") // a blank or a star
		if _, double := named[name]; double {
			return fmt.Errorf("%s names %s twice", sumsFile, name)
		}
		named[name] = strings.ToLower(digest)
	}
	for name, content := range f {
		if name == sumsFile || name == sumsFile+signatureSuffix {
			continue
		}
		want, ok := named[name]
		switch {
		case !ok:
			return fmt.Errorf("%s is not in %s", name, sumsFile)
		case want != digestOf(content):
			return fmt.Errorf("%s has another digest than %s names", name, sumsFile)
		}
		delete(named, name)
	}
	for name := range named {
		return fmt.Errorf("%s is in %s, and not there", name, sumsFile)
	}
	return nil
}
