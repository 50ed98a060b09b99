package target

import "testing"

// A header is one line: nothing that is written into its name or value begins another.
func TestHeadersAreLines(t *testing.T) {
	for text, taken := range map[string]bool{
		"X-Team: infra":                true,
		"X-Team: infra\nX-Zone: a b\n": true,
		"X-Team: infra\r\nX-Zone: a":   true,
		"X-Team: 运维":                   true,
		"X-Empty:":                     true,
		"X-Team: infra\rX-Zone: a":     false,
		"X-Team: in\x00fra":            false,
		"X Team: infra":                false,
		"X\rTeam: infra":               false,
		"团队: infra":                    false,
		": infra":                      false,
		"infra":                        false,
	} {
		for _, kind := range []Kind{webhook, sms} {
			settings := Settings{"url": "https://hooks.example.com", "headers": text}
			if kind.Name == "sms" {
				settings["phones"] = "1"
			}
			if _, err := kind.Open(settings, network()); (err == nil) != taken {
				t.Errorf("%s: %q is taken: %v", kind.Name, text, err)
			}
		}
	}
}
