package emulator_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

func TestUUIDs(t *testing.T) {
	for _, name := range []string{"", "https://contoso.example", emulator.DefaultAccessKey} {
		assert.Equal(t, uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String(), emulator.NameUUID([]byte(name)))
	}
	random := map[string]bool{}
	for range 100 {
		id, err := uuid.Parse(emulator.NewUUID())
		assert.NoError(t, err)
		assert.Equal(t, uuid.Version(4), id.Version())
		assert.Equal(t, uuid.RFC4122, id.Variant())
		random[id.String()] = true
	}
	assert.Len(t, random, 100)
}
