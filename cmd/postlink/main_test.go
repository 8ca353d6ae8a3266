//go:build !js

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// head is what a module has before its data section: the preamble, and a memory of one page.
const head = "\x00asm\x01\x00\x00\x00" + "\x05\x03\x01\x00\x01"

func TestRun(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.wasm"), filepath.Join(dir, "out.wasm")
	require.NoError(t, os.WriteFile(in, []byte(head+"\x0b\x0d\x02"+"\x00\x41\x00\x0b\x01\x01"+"\x00\x41\x01\x0b\x01\x02"), 0o600))
	broken := filepath.Join(dir, "broken.wasm")
	require.NoError(t, os.WriteFile(broken, []byte("?"), 0o600))

	tests := []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // parts of them
	}{
		{"merge", []string{in, out}, 0, "postlink: 2 data segments became 1, 28 bytes became 23\n", ""},
		{"slim without a known Go", []string{"-slim", in, out}, 1, "", "in.wasm: no section says which version of Go made the module"},
		{"onto itself", []string{out, out}, 0, "postlink: 1 data segments became 1, 23 bytes became 23\n", ""},
		{"help", []string{"-h"}, 0, "usage: postlink", ""},
		{"no arguments", nil, 2, "", "takes 2 arguments, not 0"},
		{"one argument", []string{in}, 2, "", "takes 2 arguments, not 1"},
		{"environment of nothing", []string{"-env", "A=1", in, out}, 2, "", "-rehearse, -env and -nofloats need -snapshot"},
		{"no floats without a snapshot", []string{"-nofloats", in, out}, 2, "", "-rehearse, -env and -nofloats need -snapshot"},
		{"part without what to compare with", []string{"-snapshot", "start", "-part", out, in, out}, 2, "", "-part and -without need each other"},
		{"part of a program that starts", []string{"-part", out, "-without", in, in, out}, 2, "", "-part needs -snapshot: otherwise the start of the program calls functions of the part"},
		{"part without a known Go", []string{"-snapshot", "start", "-part", out, "-without", in, in, out}, 1, "", "in.wasm: no section says which version of Go made the module"},
		{"nothing to compare with", []string{"-snapshot", "start", "-part", out, "-without", filepath.Join(dir, "none"), in, out}, 1, "", "none"},
		{"environment without a value", []string{"-snapshot", "start", "-env", "A", in, out}, 2, "", "must be NAME=VALUE"},
		{"snapshot without a known Go", []string{"-snapshot", "start", in, out}, 1, "", "in.wasm: no section says which version of Go made the module"},
		{"unknown flag", []string{"-x", in, out}, 2, "", "-x"},
		{"no such file", []string{filepath.Join(dir, "none"), out}, 1, "", "none"},
		{"not a module", []string{broken, out}, 1, "", "broken.wasm: not a WebAssembly module"},
		{"no such directory", []string{in, filepath.Join(dir, "none", "out")}, 1, "", "none"},
		{"onto a directory", []string{in, dir}, 1, "", dir},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, run(test.args, &stdout, &stderr))
			assert.Contains(t, stdout.String(), test.stdout)
			assert.Contains(t, stderr.String(), test.stderr)
			assert.Equal(t, test.code == 0, stderr.Len() == 0)
		})
	}

	got, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, []byte(head+"\x0b\x08\x01"+"\x00\x41\x00\x0b\x02\x01\x02"), got, "failures leave the file")
	info, err := os.Stat(out)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o644), info.Mode())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 3, "no temporary file is left")
}
