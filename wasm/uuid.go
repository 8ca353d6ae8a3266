//go:build js && wasm

package main

import "syscall/js"

// newUUID makes a version 4 UUID (RFC 9562) with Web Crypto. Package google/uuid would add 43 % to the download.
func newUUID() string { return uuidText(randomBytes(), 4) }

// newIdempotencyToken makes a token for the page.
func newIdempotencyToken() string {
	token := newToken()
	sends.Made(token, now(), unixMs())
	return token
}

// newToken makes a version 7 UUID, which begins with the time.
func newToken() string {
	b := randomBytes()
	for i, ms := 5, unixMs(); i >= 0; i, ms = i-1, ms>>8 {
		b[i] = byte(ms)
	}
	return uuidText(b, 7)
}

var (
	drawn  js.Value // a Uint32Array of random numbers, drawn many at a time
	unused int      // of those, at the beginning
)

// randomBytes takes the numbers one by one: js.CopyBytesToGo asks for the class Uint8Array that the page has at that time.
func randomBytes() (b [16]byte) {
	if unused == 0 {
		unused = getRandomValues.Invoke(drawn).Length()
	}
	for i := 0; i < len(b); i += 4 {
		unused--
		number := drawn.Index(unused).Int()
		b[i], b[i+1], b[i+2], b[i+3] = byte(number), byte(number>>8), byte(number>>16), byte(number>>24)
	}
	return b
}

// uuidText writes 16 bytes as a UUID of a version.
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
