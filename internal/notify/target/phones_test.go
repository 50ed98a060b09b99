package target

import (
	"slices"
	"testing"
)

// A number may be written with blanks: it stays one.
func TestNumbersAreToldApart(t *testing.T) {
	for text, want := range map[string][]string{
		"13800000000":                    {"13800000000"},
		"1, 2;3，1\n4":                    {"1", "2", "3", "4"},
		"+49 170 1234567, (030) 12 34-5": {"+49 170 1234567", "(030) 12 34-5"},
		"13800000000 13900000000":        {"13800000000", "13900000000"},
		" , ":                            nil,
	} {
		if got := phonesOf(Settings{"phones": text}); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
