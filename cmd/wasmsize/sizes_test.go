//go:build !js

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMeasure(t *testing.T) {
	got := measure(nil, make([]byte, 100_000))
	// What an empty file takes is the formats' own: header, trailer, end mark.
	assert.Equal(t, sizes{raw: 0, gzip: 23, brotli: 1}, got[0])
	assert.Equal(t, 100_000, got[1].raw)
	assert.Less(t, got[1].gzip, 200)
	assert.Less(t, got[1].brotli, got[1].gzip)
}
