//go:build !js

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPrintTable(t *testing.T) {
	tests := []struct {
		name, want string
	}{
		{"web/chat.wasm", `
bytes                   raw    gzip -9  brotli 11
syscall/js floor    1923776     577817     440266
web/chat.wasm       2317833     671000     493098
ratio                  1.20       1.16       1.12
`},
		{"web/long/path/chat.wasm", `
bytes                          raw    gzip -9  brotli 11
syscall/js floor           1923776     577817     440266
web/long/path/chat.wasm    2317833     671000     493098
ratio                         1.20       1.16       1.12
`},
	}
	for _, test := range tests {
		var got strings.Builder
		printTable(&got, "syscall/js floor", sizes{1923776, 577817, 440266}, test.name, sizes{2317833, 671000, 493098})
		assert.Equal(t, test.want[1:], got.String())
	}
}
