package target

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"strings"
)

// parts are all parts of a mail, decoded, each after its type and identifier.
func parts(contentType, encoding string, body io.Reader) string {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err.Error()
	}
	if strings.HasPrefix(kind, "multipart/") {
		var out strings.Builder
		for r := multipart.NewReader(body, parameters["boundary"]); ; {
			p, err := r.NextRawPart()
			if err != nil {
				return out.String()
			}
			out.WriteString(p.Header.Get("Content-Id") + "\n" + parts(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p))
		}
	}
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err.Error()
	}
	return kind + "\n" + string(text) + "\n"
}
