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
	require.NoError(t, os.WriteFile("same.conversation.wasm", small[:300], 0o600))
	require.NoError(t, os.WriteFile("large.conversation.wasm", large[:2000], 0o600))
	floors := func(f floor) ([]byte, error) {
		if f == emptyFloor {
			return small[:600], nil
		}
		return small, nil
	}
	broken := func(floor) ([]byte, error) { return nil, errors.New("building the floor: no Go") }

	tests := []struct {
		name           string
		args           []string
		build          func(floor) ([]byte, error)
		code           int
		stdout, stderr string // parts of them
	}{
		{"no budget", []string{"large.wasm"}, floors, 0, "without a budget\n", ""},
		{"budget of 0", []string{"-budget", "0", "large.wasm"}, floors, 0, "without a budget\n", ""},
		{"within", []string{"-budget", "1", "same.wasm"}, floors, 0, "ratio 1.0000 is within the budget of 1: 0 bytes left\n", ""},
		{"above", []string{"-budget", "1.12", "large.wasm"}, floors, 1, "large.wasm", "is above the budget of 1.12: "},
		{"help", []string{"-h"}, nil, 0, "usage: wasmsize", ""},
		{"two files", []string{"same.wasm", "large.wasm"}, floors, 0, "\nempty main", ""},
		{"two within", []string{"-budget", "1", "-slim-budget", "400", "same.wasm", "large.wasm"}, floors, 0, "is within the budget of 400: ", ""},
		{"second above", []string{"-budget", "1", "-slim-budget", "1", "same.wasm", "large.wasm"}, floors, 1, "is within the budget of 1: 0 bytes left\n", "large.wasm: brotli ratio"},
		{"first above", []string{"-budget", "1", "-slim-budget", "2", "large.wasm", "same.wasm"}, floors, 1, "is within the budget of 2: ", "large.wasm: brotli ratio"},
		{"parts within", []string{"-part-budget", "400", "same.wasm", "large.wasm"}, floors, 0, "large.conversation.wasm", ""},
		{"part above", []string{"-part-budget", "1", "same.wasm", "large.wasm"}, floors, 1, "same.conversation.wasm", "large.conversation.wasm: brotli ratio"},
		{"no part", []string{"-part-budget", "1", "large.wasm", "same.conversation.wasm"}, floors, 1, "", "same.conversation.conversation.wasm"},
		{"within bytes", []string{"-byte-budget", "1000", "same.wasm"}, floors, 0, " bytes is within the budget of 1000: ", ""},
		{"above bytes", []string{"-byte-budget", "1", "same.wasm"}, floors, 1, "", "same.wasm: brotli "},
		{"two budgets of a file", []string{"-byte-budget", "1", "-budget", "1", "same.wasm"}, floors, 2, "", "exclude each other"},
		{"no file", nil, nil, 2, "", "takes 1 or 2 files, not 0"},
		{"three files", []string{"same.wasm", "large.wasm", "same.wasm"}, nil, 2, "", "takes 1 or 2 files, not 3"},
		{"budget of no file", []string{"-slim-budget", "1", "same.wasm"}, nil, 2, "", "-slim-budget needs a second file"},
		{"no such second file", []string{"same.wasm", "none.wasm"}, floors, 1, "", "none.wasm"},
		{"unknown flag", []string{"-x"}, nil, 2, "", "-x"},
		{"budget is no number", []string{"-budget", "12%", "same.wasm"}, nil, 2, "", "must be a ratio"},
		{"no such file", []string{filepath.Join("none", "x.wasm")}, nil, 1, "", "none"},
		{"no floor", []string{"same.wasm"}, broken, 1, "", "building the floor: no Go"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, run(test.args, test.build, &stdout, &stderr))
			assert.Contains(t, stdout.String(), test.stdout)
			assert.Contains(t, stderr.String(), test.stderr)
			assert.Equal(t, test.code == 0, stderr.Len() == 0)
		})
	}
}
