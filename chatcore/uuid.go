package chatcore

// UUIDv4 returns a version 4 UUID (RFC 9562) made of random bytes. Package google/uuid would make the download 43 % larger.
func UUIDv4(random [16]byte) string { return uuidText(random, 4) }

// UUIDv7 returns a version 7 UUID made of random bytes and the time in milliseconds since 1970.
func UUIDv7(random [16]byte, unixMs int64) string {
	for i := 5; i >= 0; i-- {
		random[i] = byte(unixMs)
		unixMs >>= 8
	}
	return uuidText(random, 7)
}

// uuidText returns the text of a UUID after setting its version and variant.
func uuidText(b [16]byte, version byte) string {
	const hexDigits = "0123456789abcdef"
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	out := make([]byte, 0, 36)
	for i, c := range b {
		if i >= 4 && i <= 10 && i%2 == 0 {
			out = append(out, '-')
		}
		out = append(out, hexDigits[c>>4], hexDigits[c&15])
	}
	return string(out)
}
