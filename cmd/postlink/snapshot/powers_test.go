//go:build !js

package snapshot

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/postlink/wasmfile"
)

func TestPowersOfTen(t *testing.T) {
	table := powersOfTen()
	require.Len(t, table, 696*16)
	word := func(power, i int) uint64 {
		return binary.LittleEndian.Uint64(table[(power-leastPower)*16+8*i:])
	}
	for power, high := range map[int]uint64{-348: 0xfa8fd5a0081c0288, 0: 1 << 63, 1: 0xa << 60, 3: 1000 << 54, -1: 0xcccccccccccccccc} {
		assert.Equal(t, high, word(power, 0), power)
	}
	assert.Equal(t, uint64(0x1732c869cd60e453), word(-348, 1))
	assert.Equal(t, uint64(0xcccccccccccccccc), word(-1, 1))
	assert.Zero(t, word(0, 1))
}

func TestClearPowers(t *testing.T) {
	before, powers := []byte("before"), powersOfTen()
	memory := slices.Concat(before, powers, []byte("after"))
	constant := func(address int) []byte {
		return append(wasmfile.AppendS64([]byte{0, wasmfile.OpI64Const}, int64(address)), wasmfile.OpEnd)
	}
	bodies := [][]byte{constant(len(before) - 1), constant(len(before) + 1376), dropped}

	cleared := bytes.Clone(memory)
	require.NoError(t, clearPowers(cleared, bodies))
	assert.Equal(t, slices.Concat(before, make([]byte, len(powers)), []byte("after")), cleared)

	for name, test := range map[string]struct {
		memory []byte
		bodies [][]byte
		want   string
	}{
		"no table":               {cleared, bodies, "must have one table of the powers of ten"},
		"two tables":             {slices.Concat(memory, powers), bodies, "must have one table of the powers of ten"},
		"code refers to it":      {memory, append(bodies, constant(len(before))), "function 3 refers to the powers of ten at 0x6"},
		"code is not understood": {memory, [][]byte{{0, 0x06}}, "instruction 0x6 is not understood"},
	} {
		assert.ErrorContains(t, clearPowers(bytes.Clone(test.memory), test.bodies), test.want, name)
	}
}
