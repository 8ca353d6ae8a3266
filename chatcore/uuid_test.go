package chatcore_test

import (
	"testing"

	rfc9562 "github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestUUIDs(t *testing.T) {
	random := [16]byte{0xff, 1, 2, 3, 4, 5, 0xff, 7, 0xff, 9, 10, 11, 12, 13, 14, 15}
	assert.Equal(t, "ff010203-0405-4f07-bf09-0a0b0c0d0e0f", chatcore.UUIDv4(random))
	const ms int64 = 1_772_354_400_123
	id, err := rfc9562.Parse(chatcore.UUIDv7(random, ms))
	require.NoError(t, err)
	assert.Equal(t, rfc9562.Version(7), id.Version())
	assert.Equal(t, rfc9562.RFC4122, id.Variant())
	seconds, nanoseconds := id.Time().UnixTime()
	assert.EqualValues(t, ms, seconds*1000+nanoseconds/1_000_000)
}
