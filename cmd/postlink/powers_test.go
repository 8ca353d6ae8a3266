//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

func TestWithoutPowers(t *testing.T) {
	module := programModule(t)
	cleared, err := withoutPowers(module)
	require.NoError(t, err)
	require.NoError(t, validate(cleared))
	before, err := parseModule(module)
	require.NoError(t, err)
	after, err := parseModule(cleared)
	require.NoError(t, err)
	was, err := before.memory()
	require.NoError(t, err)
	is, err := after.memory()
	require.NoError(t, err)
	table := powersOfTen()
	at := bytes.Index(was.data, table)
	require.Positive(t, at)
	clear(was.data[at : at+len(table)])
	assert.True(t, bytes.Equal(was.data, is.data), "nothing else has changed")

	_, err = withoutPowers(cleared)
	assert.ErrorContains(t, err, "powers of ten")
	_, err = withoutPowers([]byte("text"))
	assert.Error(t, err)
}
