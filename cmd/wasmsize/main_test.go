//go:build !js

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	small, large := bytes.Repeat([]byte("small "), 200), make([]byte, 4096)
	for i := range large {
		large[i] = byte(i * i >> 3) // does not compress that well
	}
	require.NoError(t, os.WriteFile("same.wasm", small, 0o600))
	require.NoError(t, os.WriteFile("large.wasm", large, 0o600))
	floor := func() ([]byte, error) { return small, nil }
	broken := func() ([]byte, error) { return nil, errors.New("building the floor: no Go") }

	tests := []struct {
		name           string
		args           []string
		floor          func() ([]byte, error)
		code           int
		stdout, stderr string // parts of them
	}{
		{"no budget", []string{"large.wasm"}, floor, 0, "without a budget\n", ""},
		{"budget of 0", []string{"-budget", "0", "large.wasm"}, floor, 0, "without a budget\n", ""},
		{"within", []string{"-budget", "1", "same.wasm"}, floor, 0, "ratio 1.0000 is within the budget of 1: 0 bytes left\n", ""},
		{"above", []string{"-budget", "1.12", "large.wasm"}, floor, 1, "large.wasm", "is above the budget of 1.12: "},
		{"help", []string{"-h"}, nil, 0, "usage: wasmsize", ""},
		{"no file", nil, nil, 2, "", "takes 1 file, not 0"},
		{"two files", []string{"same.wasm", "large.wasm"}, nil, 2, "", "takes 1 file, not 2"},
		{"unknown flag", []string{"-x"}, nil, 2, "", "-x"},
		{"budget is no number", []string{"-budget", "12%", "same.wasm"}, nil, 2, "", "give a ratio"},
		{"no such file", []string{filepath.Join("none", "x.wasm")}, nil, 1, "", "none"},
		{"no floor", []string{"same.wasm"}, broken, 1, "", "building the floor: no Go"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, run(test.args, test.floor, &stdout, &stderr))
			assert.Contains(t, stdout.String(), test.stdout)
			assert.Contains(t, stderr.String(), test.stderr)
			assert.Equal(t, test.code == 0, stderr.Len() == 0)
		})
	}
}
