//go:build !js

package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuildFloor(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	t.Chdir(t.TempDir()) // outside of this module
	t.Setenv("GOOS", "plan9")
	t.Setenv("GOARCH", "386")
	t.Setenv("GOFLAGS", "-tags=any -ldflags=-X=main.a=b")
	var smaller int
	for _, floor := range []floor{emptyFloor, bridgeFloor} {
		module, err := floor.build()
		require.NoError(t, err)
		assert.True(t, bytes.HasPrefix(module, []byte("\x00asm")), "it is a WebAssembly module")
		assert.False(t, bytes.Contains(module, []byte("wasmsize")), "it has no path of where it was built")
		assert.Greater(t, len(module), smaller)
		smaller = len(module)
	}
}
