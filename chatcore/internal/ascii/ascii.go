// Package ascii has what chatcore needs of packages strings and net/url. They would make the download 1 % larger, because they
// bring the tables of package unicode.
package ascii

// Cut splits s around the first c.
func Cut(s string, c byte) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == c {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// HasPrefix tells whether s begins with prefix.
func HasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

// CutPrefix returns s without its prefix. It reports false if s does not have the prefix, or has nothing after it.
func CutPrefix(s, prefix string) (after string, found bool) {
	if !HasPrefix(s, prefix) || len(s) == len(prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// ConsistsOf tells whether s has at least one byte and none that is not in set.
func ConsistsOf(s, set string) bool {
	for i := range len(s) {
		if _, _, found := Cut(set, s[i]); !found {
			return false
		}
	}
	return s != ""
}

// Lower returns s with the ASCII capitals in lower case.
func Lower(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}
