package python

import (
	"math/big"
	"strconv"
	"strings"
)

// numberValue is the int64, *big.Int or float64 that a number stands for.
func numberValue(t token) any {
	word := t.value
	if last := word[len(word)-1]; (last == 'j' || last == 'J') && !isHex(word) {
		failf(t.at, "complex numbers are not supported")
	}
	if len(word) > 1 && word[0] == '0' && strings.Trim(word, "0123456789_") == "" && strings.Trim(word, "0_") != "" {
		fail(t.at, "`"+word+"` begins with 0", "write `0o"+strings.TrimLeft(word, "0_")+"` for an octal number, or leave the 0 out")
	}
	plain := strings.ReplaceAll(word, "_", "")
	if strings.Trim(word, "0_") == "" {
		plain = "0"
	}
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return i
	}
	if !isHex(plain) && strings.ContainsAny(plain, ".eE") {
		if f, err := strconv.ParseFloat(plain, 64); err == nil || f != 0 && plain != "" && strings.Trim(plain, "0123456789.eE+-") == "" {
			return f
		}
	} else if len(plain) <= mostDigits {
		if i, ok := new(big.Int).SetString(plain, 0); ok {
			return i
		}
	}
	failf(t.at, "`%s` is no number", word)
	return nil
}

// mostDigits bounds a whole number in a script: reading one takes time by the square of its length.
const mostDigits = 4000
