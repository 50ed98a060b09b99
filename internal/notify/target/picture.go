package target

import (
	"net/netip"
	"net/url"
	"strings"
)

// picture is the address of the picture where the servers of a chat can fetch it, "" elsewhere: a
// broken picture is worse than none, and some refuse the message for it.
func (m *Message) picture() string {
	if m.Recovered || !isPublic(m.PictureURL) {
		return ""
	}
	return m.PictureURL
}

// pictureAlt is what stands in place of the picture for who cannot see it.
func (m *Message) pictureAlt() string {
	return Words{"Memory in use, its floor, and the forecast", "内存用量、底线与预测"}.In(m.Language)
}

// image is a last paragraph of Markdown with the picture.
func (m *Message) image() string {
	address := m.picture()
	if address == "" {
		return ""
	}
	return "\n\n![" + m.pictureAlt() + "](" + address + ")"
}

// isPublic says whether an address may be fetched from anywhere: https, and no address or name of a
// machine's or a network's own. What a name leads to elsewhere nobody knows here.
func isPublic(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		return Network{}.check(a) == nil
	}
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 {
		return false
	}
	switch host[dot+1:] {
	case "localhost", "local", "internal", "lan", "intranet", "corp", "home", "test", "invalid":
		return false
	}
	return !strings.HasSuffix(host, ".home.arpa")
}
