//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// newUUID makes a version 4 UUID (RFC 9562) with Web Crypto. Package google/uuid would add 43 % to the download.
func newUUID() string { return chatcore.UUIDv4(randomBytes()) }

// newIdempotencyToken makes a token for the page.
func newIdempotencyToken() string {
	token := newToken()
	sends.Made(token, now(), unixMs())
	return token
}

// newToken makes a version 7 UUID, which begins with the time.
func newToken() string { return chatcore.UUIDv7(randomBytes(), unixMs()) }

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
