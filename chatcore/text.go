package chatcore

// What the package needs of package strings, which would add 1 % to the download: it brings the tables of package
// unicode along.

// cut splits s around the first c.
func cut(s string, c byte) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == c {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

// cutPrefix returns what follows the prefix of s, if s has it and anything follows.
func cutPrefix(s, prefix string) (after string, found bool) {
	if !hasPrefix(s, prefix) || len(s) == len(prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// consistsOf tells whether s has at least one byte and none that is not in set.
func consistsOf(s, set string) bool {
	for i := range len(s) {
		if _, _, found := cut(set, s[i]); !found {
			return false
		}
	}
	return s != ""
}

// lower returns s with the ASCII capitals in lower case.
func lower(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}
