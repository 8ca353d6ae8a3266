//go:build !js

package wasmfile

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestU32(t *testing.T) {
	tests := []struct {
		value uint32
		bytes []byte
	}{
		{0, []byte{0}},
		{127, []byte{0x7f}},
		{128, []byte{0x80, 0x01}},
		{624485, []byte{0xe5, 0x8e, 0x26}},
		{math.MaxUint32, []byte{0xff, 0xff, 0xff, 0xff, 0x0f}},
	}
	for _, test := range tests {
		assert.Equal(t, test.bytes, AppendU32(nil, test.value))
		got, err := (&Reader{Rest: test.bytes}).U32()
		require.NoError(t, err)
		assert.Equal(t, test.value, got)
	}
}

func TestS32(t *testing.T) {
	tests := []struct {
		value int32
		bytes []byte
	}{
		{0, []byte{0}},
		{63, []byte{0x3f}},
		{64, []byte{0xc0, 0x00}},
		{-1, []byte{0x7f}},
		{-64, []byte{0x40}},
		{-65, []byte{0xbf, 0x7f}},
		{-123456, []byte{0xc0, 0xbb, 0x78}},
		{math.MaxInt32, []byte{0xff, 0xff, 0xff, 0xff, 0x07}},
		{math.MinInt32, []byte{0x80, 0x80, 0x80, 0x80, 0x78}},
	}
	for _, test := range tests {
		assert.Equal(t, test.bytes, AppendS32(nil, test.value))
		got, err := (&Reader{Rest: test.bytes}).S32()
		require.NoError(t, err)
		assert.Equal(t, test.value, got)
	}
}

func TestPaddedLEB128(t *testing.T) {
	u, err := (&Reader{Rest: []byte{0x81, 0x80, 0x80, 0x80, 0x00}}).U32()
	require.NoError(t, err)
	assert.EqualValues(t, 1, u)

	s, err := (&Reader{Rest: []byte{0xff, 0xff, 0xff, 0xff, 0x7f}}).S32()
	require.NoError(t, err)
	assert.EqualValues(t, -1, s)
}

func TestLEB128Errors(t *testing.T) {
	u32 := func(r *Reader) error { _, err := r.U32(); return err }
	s32 := func(r *Reader) error { _, err := r.S32(); return err }
	tests := []struct {
		name    string
		read    func(*Reader) error
		bytes   []byte
		message string
	}{
		{"u32 empty", u32, nil, "truncated"},
		{"u32 truncated", u32, []byte{0x80}, "truncated"},
		{"u32 of 6 bytes", u32, []byte{0x80, 0x80, 0x80, 0x80, 0x80, 0}, "more than 5 bytes"},
		{"u32 of 33 bits", u32, []byte{0x80, 0x80, 0x80, 0x80, 0x10}, "more than 32 bits"},
		{"s32 empty", s32, nil, "truncated"},
		{"s32 truncated", s32, []byte{0xff, 0xff}, "truncated"},
		{"s32 of 6 bytes", s32, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, "more than 5 bytes"},
		{"s32 of 33 bits", s32, []byte{0x80, 0x80, 0x80, 0x80, 0x08}, "more than 32 bits"},
		{"s32 of 33 bits, negative", s32, []byte{0xff, 0xff, 0xff, 0xff, 0x77}, "more than 32 bits"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assert.ErrorContains(t, test.read(&Reader{Rest: test.bytes}), test.message)
		})
	}
}
