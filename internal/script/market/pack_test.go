package market

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"strings"
	"testing"
)

// A delta of a few bytes that stands for gigabytes is refused before it is applied.
func TestPackOfABomb(t *testing.T) {
	for _, c := range []struct {
		name string
		made uint64
		want string
	}{{"small", 1000, ""}, {"ten gigabytes", 10 << 30, "larger than 64 MB"}, {"as large as may be, and one more", maxObjects, "more than 64 MB"}} {
		t.Run(c.name, func(t *testing.T) {
			delta := binary.AppendUvarint([]byte{5}, c.made)
			var pack bytes.Buffer
			pack.WriteString("PACK\x00\x00\x00\x02\x00\x00\x00\x01")
			pack.WriteByte(7<<4 | byte(len(delta))) // by the name of its base
			pack.Write(make([]byte, 20))
			z := zlib.NewWriter(&pack)
			_, _ = z.Write(delta)
			_ = z.Close()
			pack.Write(make([]byte, 20))
			err := checkPack(pack.Bytes())
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
