//go:build !js

package wasmfile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseCode(t *testing.T) {
	read := func(code ...byte) (References, error) {
		return ParseCode(&Reader{Rest: code})
	}
	found, err := read(1, 2, TypeI64, // two variables
		OpCall, 0x85, 0x0c,
		OpI64Const, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
		OpI32Const, 0x7f,
		0x43, OpCall, 1, 2, 3, 0x44, OpCall, 1, 2, 3, 4, 5, 6, 7,
		0x0e, 2, OpCall, 0, 0,
		0x28, 3, OpCall, 0x11, OpCall, 0, 0xfc, 10, 0, 0, 0xfc, 11, 0, 0xfc, 6, 0xc4,
		OpEnd)
	require.NoError(t, err)
	assert.Equal(t, References{Calls: []uint32{0x605}, Constants: []uint64{1<<63 - 1, 1<<32 - 1}}, found)
	for _, test := range []struct {
		want string
		code []byte
	}{
		{"instruction 0x6 is not understood", []byte{0, 0x06}},
		{"instruction 0xd0 is not understood", []byte{0, 0xd0}},
		{"instruction 0xfc 8 is not understood", []byte{0, 0xfc, 8}},
		{"instruction 0xfc 12 is not understood", []byte{0, 0xfc, 12}},
		{"truncated", []byte{0, OpCall}},
		{"truncated", []byte{0, 0x43, 1}},
		{"truncated", []byte{9}},
		{"more than 10 bytes", []byte{0, OpI64Const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}},
	} {
		_, err := read(test.code...)
		assert.ErrorContains(t, err, test.want)
	}
}

func TestRenumberCalls(t *testing.T) {
	code := func(call ...byte) []byte {
		b := append([]byte{1, 2, TypeI64}, call...)
		b = append(b, OpI32Const, OpCall, OpCallIndirect, OpCall, 0, 0x0e, 1, OpCall, 0)
		return append(append(b, call...), OpEnd)
	}
	renumber := func(function uint32) uint32 { return function*100 + 1 }
	got, err := RenumberCalls(code(OpCall, 0x85, 0x00), renumber) // 5, padded as the linker may
	require.NoError(t, err)
	assert.Equal(t, code(OpCall, 0xf5, 0x03), got)
	_, err = RenumberCalls([]byte{0, 0x06}, renumber)
	assert.ErrorContains(t, err, "instruction 0x6 is not understood")
	_, err = RenumberCalls([]byte{1}, renumber)
	assert.ErrorContains(t, err, "truncated")
}
