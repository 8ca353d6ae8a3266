//go:build !js

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMeasure(t *testing.T) {
	got := measure(nil, make([]byte, 100_000))
	assert.Zero(t, got[0].raw)
	assert.InDelta(t, 20, got[0].gzip, 5) // header, trailer and end mark: 23 with Go 1.26, 20 with Go 1.27
	assert.Equal(t, 1, got[0].brotli)
	assert.Equal(t, 100_000, got[1].raw)
	assert.Less(t, got[1].gzip, 200)
	assert.Less(t, got[1].brotli, got[1].gzip)
}
