package chatcore

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"

// escape percent-encodes one segment of a path, or one value of a query, as encodeURIComponent does.
func escape(s string) string {
	const hexDigits = "0123456789ABCDEF"
	var out []byte
	for i := range len(s) {
		if c := s[i]; consistsOf(s[i:i+1], unreserved) {
			out = append(out, c)
		} else {
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(out)
}

// isHeaderValue tells whether s can be the value of a header as it stands, or is empty.
func isHeaderValue(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
