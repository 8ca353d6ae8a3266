package emulator

import (
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
)

// uuid is a UUID of RFC 9562. The packages that have them would make the WebAssembly module a sixth larger.
type uuid [16]byte

// uuidNameSpaceURL is the name space that RFC 9562 has for URLs.
var uuidNameSpaceURL = uuid{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

// newUUID returns a random UUID, which has version 4.
func newUUID() (id uuid) {
	_, _ = rand.Read(id[:]) // never fails
	return id.withVersion(4)
}

// nameUUID returns the UUID of a name, which has version 5.
func nameUUID(nameSpace uuid, name []byte) uuid {
	hash := sha1.Sum(append(nameSpace[:], name...))
	return uuid(hash[:len(uuid{})]).withVersion(5)
}

func (u uuid) withVersion(version byte) uuid {
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	return u
}

func (u uuid) String() string {
	text := hex.EncodeToString(u[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
